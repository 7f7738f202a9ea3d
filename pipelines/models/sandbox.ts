import {fileFunctions, refusalOf, scalarFunctions, tableFunctions} from "./function_list.js";
import {didYouMean} from "./near.js";
import type {Select} from "./parse.js";
import {referencesOf} from "./references.js";
import {placeAtByte} from "./text.js";
import {calledFunction, type Node, walk} from "./tree.js";

/** What a SELECT from outside may use. */
export interface Sandbox {
  /** The lake's tables. */
  readonly tables: readonly string[];
  /** The project's macros, in lower case. */
  readonly macros: ReadonlySet<string>;
  /** Whether it may read files, too: on one's own machine. */
  readonly files: boolean;
}

/**
 * Refuses a SELECT that uses anything but tables of the lake and functions on the list.
 *
 * @throws Error that names the table or the function, why it is refused, the way out, and where it stands
 */
export function refuseOutside(select: Pick<Select, "node" | "sql">, sandbox: Sandbox): void {
  const {node: root, sql} = select;
  // The engine would end the statement there, and run another than the one looked at here.
  if (sql.includes("\0")) throw new Error("SQL not understood: it holds a NUL character");
  const refuse = (refusal: string | undefined, at: number | undefined) => {
    if (refusal === undefined) return;
    throw new Error(at === undefined ? refusal : `${refusal} (${placeAtByte(sql, at)})`);
  };
  for (const [table, at] of referencesOf(select).places) refuse(refusalOfTable(table, sandbox), at);
  const inFrom = new Set<Node>();
  walk(root, (node) => {
    const at = node.query_location;
    if (node.type === "SHOW_REF" && !node.query) refuse(refusalOfShow, at);
    if (node.export_state === true) refuse(refusalOfState, at);
    for (const {key} of node.cte_map?.map ?? []) refuse(refusalOfCommonTable(key), at);
    if (node.type === "TABLE_FUNCTION") inFrom.add(node.function);
    const name = calledFunction(node);
    if (name !== undefined) refuse(refusalOfFunction(name, inFrom.has(node), sandbox), at);
    return true;
  });
}

/** Whether a table's name is one that the engine takes for a file's. */
export function isFileName(table: string): boolean {
  return /[/\\]|\.(parquet|csv|tsv|json|jsonl|ndjson)(\.(gz|zst))?$/i.test(table);
}

const refusalOfShow = "SHOW not allowed: npm run -s lake -- tables lists the tables";

const refusalOfState = "EXPORT_STATE not allowed: it gives an aggregate as the engine has it in memory";

const wayToFiles = "lake query --files and openLake(folder, {files: true}) read files, on one's own machine";

function refusalOfTable(table: string, {tables, files}: Sandbox): string | undefined {
  if (tables.includes(table)) return undefined;
  if (isFileName(table)) return files ? undefined : `file not read: ${table}; ${wayToFiles}`;
  return `table not found: ${table}${didYouMean(table, tables) || "; npm run -s lake -- tables lists those there are"}`;
}

/** The engine's own views have such names: where the common table isn't in sight, the view would be read. */
function refusalOfCommonTable(name: string): string | undefined {
  if (!/^(duckdb|pg|sqlite|pragma)_/i.test(name)) return undefined;
  return `name not allowed: ${name}; the engine has such names itself, give the common table another`;
}

function refusalOfFunction(name: string, isInFrom: boolean, {macros, files}: Sandbox): string | undefined {
  const allowed = isInFrom ? tableFunctions : scalarFunctions;
  if (allowed.has(name) || macros.has(name)) return undefined;
  if (fileFunctions.has(name)) {
    return isInFrom && files ? undefined : `function not allowed: ${name}; it reads files: ${wayToFiles}`;
  }
  const refusal = refusalOf(name);
  if (refusal !== undefined) return `function not allowed: ${name}; ${refusal}`;
  return `function not found: ${name}${didYouMean(name, [...allowed, ...macros])}`;
}
