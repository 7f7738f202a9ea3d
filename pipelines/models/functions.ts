import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import {queryFault} from "../wording/query.js";
import {pieces, statements} from "./text.js";

/** A portable function as a DuckDB macro. */
export interface Macro {
  readonly name: string;
  /** Its CREATE MACRO, without comments and with single spaces: what it does, however it is laid out. */
  readonly sql: string;
  /** The names it may call, macros among them. */
  readonly calls: readonly string[];
  readonly file: string;
  readonly line: number;
}

const createMacro = /^CREATE (?:OR REPLACE )?MACRO ([a-z_][a-z0-9_]*) ?\(/i;

/**
 * Reads the macros of `functions/duckdb.sql` in folders of SQL, in their order; none when there is no such file.
 *
 * @throws Error naming file and line for a statement that isn't a CREATE MACRO, for a macro that reads a table, as the graph
 * of the models would not see it, and for one whose name an earlier folder has.
 */
export async function readMacros(...folders: readonly string[]): Promise<Macro[]> {
  const macros: Macro[] = [];
  for (const folder of folders) {
    const before = new Map(macros.map(({name, file}) => [name, file]));
    for (const macro of await macrosOf(folder)) {
      const {name, file, line} = macro;
      const other = before.get(name);
      if (other !== undefined)
        throw new Error(`${file}:${line}: macro twice: ${name} is in ${other} as well; give yours another name`);
      macros.push(macro);
    }
  }
  return macros;
}

async function macrosOf(sqlFolder: string): Promise<Macro[]> {
  const file = join(sqlFolder, "functions", "duckdb.sql");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return statements(text).map(({sql, line}) => {
    const body = layoutless(sql);
    const name = createMacro.exec(body)?.[1]?.toLowerCase();
    if (name === undefined) throw new Error(`${file}:${line}: not a macro: begin with CREATE OR REPLACE MACRO name(…)`);
    const code = codeOf(sql);
    const table = /\b(?:FROM|JOIN)\s+(\w+\.\w+)/i.exec(code)?.[1];
    if (table) throw new Error(`${file}:${line}: macro ${name} reads ${table}; pass it the columns it needs`);
    const calls = [...code.matchAll(/([a-z_][a-z0-9_]*)\s*\(/gi)].map(([, called]) => called!.toLowerCase());
    return {name, sql: body, calls: [...new Set(calls)].filter((called) => called !== name), file, line};
  });
}

/**
 * Makes the macros on a connection's database, for all its connections.
 *
 * @throws Error naming file and line of a macro that DuckDB refuses.
 */
export async function installMacros(connection: Connection, macros: readonly Macro[]): Promise<void> {
  const all = macros.map(({sql}) => sql).join(";\n");
  const isMade = await connection.run(all).then(
    () => true,
    () => false
  );
  if (isMade) return;
  for (const {name, sql, file, line} of macros) {
    await connection.run(sql).catch((error: Error) => {
      throw new Error(`${file}:${line}: macro ${name} fails: ${queryFault(error, {sql: ""})}`);
    });
  }
}

/** The macros that these names call, and those that they call in turn, in the order given. */
export function macrosUsed(names: Iterable<string>, macros: readonly Macro[]): Macro[] {
  const used = new Set<string>();
  const add = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    for (const macro of macros) if (macro.name === name) for (const called of macro.calls) add(called);
  };
  for (const name of names) add(name.toLowerCase());
  return macros.filter(({name}) => used.has(name));
}

function codeOf(sql: string): string {
  return pieces(sql)
    .filter(({kind}) => kind === "code")
    .map(({text}) => text)
    .join(" ");
}

/** Comments out and runs of whitespace to one space, except in quotes. */
function layoutless(sql: string): string {
  let text = "";
  for (const {kind, text: piece} of pieces(sql)) {
    if (kind === "quoted") text += piece;
    else text += ` ${kind === "comment" ? "" : piece} `.replaceAll(/\s+/g, " ").slice(text.endsWith(" ") ? 1 : 0);
  }
  return text.trim();
}
