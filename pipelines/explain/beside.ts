import type {Slice} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import type {Lakehouse} from "../lakehouse.js";
import {isView, storedInputs} from "../models/catalog.js";
import {columnsOf, type Held, keep, keepRows, type Rows, readHeld, relationOf} from "./rows.js";

/** What a table of verdicts, or one of accounts, has to say of the same key. */
export interface Beside extends Rows {
  readonly table: string;
}

/** Read by what they are, not by what they are made from: files, whose rows nobody has seen. */
const fileRejects = "bronze.file_reject";

/**
 * What else arrived for the same key and found no place: rows with a `reason` or a `fate` in tables made from what
 * the asked table is made from. A table of fates that names a row by its arrival alone is read with the rows that it
 * names.
 *
 * @param known values by the columns that identify what was asked for
 */
export async function verdictsBeside(
  lake: Lakehouse,
  table: string,
  known: readonly Slice[],
  limit?: number
): Promise<Beside[]> {
  const behind = tablesBehind(lake, table);
  const verdicts: Held[] = [];
  for (const other of await lake.tables()) {
    const inputs = lake.catalog.inputs.get(other) ?? [];
    const isNear = other === fileRejects || inputs.some((input) => behind.has(input));
    if (other === table || !isNear || isView(lake.catalog, other) || /^(ops|quality|gold)\./.test(other)) continue;
    const columns = (await columnsOf(lake, other)).map(({name}) => name);
    if (!columns.includes("reason") && !columns.includes("fate")) continue;
    const select = await withArrival(lake, other, columns, known);
    if (select)
      verdicts.push(await keep(lake, other, `${select}${columns.includes("fate") ? " WHERE fate <> 'placed'" : ""}`));
  }
  const found: Beside[] = [];
  for (const held of verdicts) {
    const others = verdicts.filter(
      (other) => has(held, "fate") && !has(other, "fate") && has(other, "sha256", "row_number")
    );
    // What a table of rejects tells in full isn't told again as a fate.
    const rest = others.length > 0 ? await keep(lake, held.table, withoutRejects(held, others)) : held;
    if (rest.count > 0)
      found.push({table: rest.table, ...(await readHeld(lake, rest, ["arrival", "row_number"], limit))});
  }
  return found;
}

function has({columns}: Held, ...names: readonly string[]): boolean {
  return names.every((name) => columns.some((column) => column.name === name));
}

function withoutRejects({relation}: Held, rejects: readonly Held[]): string {
  const told = rejects.map((reject) => `SELECT sha256, row_number FROM ${reject.relation}`).join(" UNION ALL ");
  return `FROM ${relation} WHERE fate <> 'rejected' OR (sha256, row_number) NOT IN (${told})`;
}

/** The accounts of the same day, or of whatever else is known: rows of the tables of quality. */
export async function accountsOf(
  lake: Lakehouse,
  table: string,
  known: readonly Slice[],
  limit?: number
): Promise<Beside[]> {
  const found: Beside[] = [];
  for (const other of await lake.tables()) {
    const {key = [], increment} = lake.catalog.models.get(other) ?? {};
    if (other === table || !other.startsWith("quality.") || increment === undefined) continue;
    const shared = known.filter(({column}) => key.includes(column) || column === increment);
    if (shared.length < 2 || !shared.some(({column}) => column === increment)) continue;
    const held = await keepRows(lake, other, await relationOf(lake, other, shared));
    if (held.count > 0) found.push({table: other, ...(await readHeld(lake, held, key, limit))});
  }
  return found;
}

/** A SELECT of the rows of a table of verdicts that are about what is known; undefined where too little is shared. */
async function withArrival(
  lake: Lakehouse,
  table: string,
  columns: readonly string[],
  known: readonly Slice[]
): Promise<string | undefined> {
  const sharedWith = (names: readonly string[]) => known.filter(({column}) => names.includes(column));
  const {key = [], increment} = lake.catalog.models.get(table) ?? {};
  for (const input of lake.catalog.models.has(table) ? storedInputs(lake.catalog, table) : []) {
    const names = (await columnsOf(lake, input)).map(({name}) => name);
    const isArrival =
      names.includes("sha256") && names.includes("row_number") && key.every((name) => names.includes(name));
    if (key.length === 0 || !isArrival || columns.includes("sha256")) continue;
    if (sharedWith([...columns, ...names]).length < 2) return undefined;
    const using = [...key, ...(increment && !key.includes(increment) && names.includes(increment) ? [increment] : [])];
    const more = names.filter((name) => !columns.includes(name)).map((name) => `arrived.${identifier(name)}`);
    const join = using.map((name) => `arrived.${identifier(name)} = verdict.${identifier(name)}`).join(" AND ");
    return `SELECT verdict.*, ${more.join(", ")}
            FROM (${await relationOf(lake, table, known)}) AS verdict
            JOIN (${await relationOf(lake, input, known)}) AS arrived ON ${join}`;
  }
  const shared = sharedWith(columns);
  if (table === fileRejects ? shared.length === 0 : shared.length < 2) return undefined;
  return `SELECT * FROM (${await relationOf(lake, table, shared)})`;
}

/** Every table that a table is made from, however far behind, and the table itself. */
function tablesBehind(lake: Lakehouse, table: string): ReadonlySet<string> {
  const behind = new Set<string>();
  const visit = (name: string) => {
    if (behind.has(name)) return;
    behind.add(name);
    for (const input of lake.catalog.inputs.get(name) ?? []) visit(input);
  };
  visit(table);
  return behind;
}
