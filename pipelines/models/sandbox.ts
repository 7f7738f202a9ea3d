import {didYouMean} from "./near.js";
import type {Select} from "./parse.js";
import {referencesOf} from "./references.js";
import {walk} from "./tree.js";

/** Table functions that make their rows from their arguments alone. */
const harmless: ReadonlySet<string> = new Set(["generate_series", "range", "unnest"]);

/**
 * Refuses a SELECT that reads anything but tables of the lake: files, what the engine says of itself, other SQL.
 *
 * @throws Error that names the table or the function
 */
export function refuseOutside(select: Pick<Select, "node" | "sql">, tables: readonly string[]): void {
  const {tables: read, functions} = referencesOf(select);
  const stranger = read.find((table) => !tables.includes(table));
  if (stranger !== undefined)
    throw new Error(
      `table not found: ${stranger}${didYouMean(stranger, tables) || "; only tables of the lake are read here"}`
    );
  const refused = functions.find((name) => !harmless.has(name.toLowerCase()));
  if (refused !== undefined)
    throw new Error(
      `function not allowed: ${refused}; only tables of the lake, ${[...harmless].join(", ")} are read here`
    );
  walk(select.node, (node) => {
    if (node.type === "SHOW_REF" && !node.query)
      throw new Error("SHOW not allowed: npm run -s lake -- tables lists the tables");
    return true;
  });
}
