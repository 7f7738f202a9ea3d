import {isUtf8} from "node:buffer";
import {parentPort} from "node:worker_threads";
import type sqlite from "node-sqlite3-wasm";
import {identifier} from "../../engines/identifier.js";
import {longestText, type RecordReject} from "./account.js";
import {elementBytes, type Limits, overLimit, refuseColumns} from "./limits.js";
import {openDatabase, tableIn, tablesIn} from "./sqlite_database.js";
import type {TextRow} from "./text_table.js";

/** What is asked of a copy of a database: the rows of a table, or which tables there are. */
export interface DatabaseJob {
  readonly copy: string;
  readonly table: string | undefined;
  readonly limits: Limits;
}

/** What the worker answers, piece by piece: it goes on once each piece but the last was taken. */
export type DatabasePiece =
  | {readonly kind: "tables"; readonly tables: readonly {readonly name: string; readonly rows: number}[]}
  | {readonly kind: "columns"; readonly names: readonly string[]}
  | {readonly kind: "rows"; readonly rows: readonly TextRow[]; readonly rejects: readonly RecordReject[]}
  | {readonly kind: "end"}
  | {readonly kind: "fault"; readonly name: string; readonly message: string};

/** Rows are handed over when there are so many, or so much text in them. */
const [mostRows, mostText] = [1000, 1024 * 1024];

const port = parentPort!;

/** SQLite answers nobody while it works: here it holds up no other work, and can be stopped whatever it does. */
port.on("message", async (message: DatabaseJob | "next") => {
  if (message === "next") return;
  try {
    const {copy, table, limits} = message;
    const database = openDatabase(copy);
    try {
      if (table === undefined) await hand({kind: "tables", tables: tablesIn(database)});
      else await handRows(database, table, limits);
    } finally {
      database.close();
    }
    port.postMessage({kind: "end"} satisfies DatabasePiece);
  } catch (error) {
    const {name, message} = error as Error;
    port.postMessage({kind: "fault", name, message} satisfies DatabasePiece);
  }
});

async function hand(piece: DatabasePiece): Promise<void> {
  const taken = new Promise((resolve) => port.once("message", resolve));
  port.postMessage(piece);
  await taken;
}

async function handRows(database: sqlite.Database, table: string, limits: Limits): Promise<void> {
  const {names, order} = tableIn(database, table);
  refuseColumns(names.length, `table ${table}`, limits);
  await hand({kind: "columns", names});
  const longest = Number.isFinite(limits.elementMiB) ? Math.floor(elementBytes(limits)) : -1;
  // Text as its bytes: SQLite keeps any, and its text ends at a NUL for others. A number stands for what is too long.
  const values = names.map((column, index) => {
    const value = identifier(column);
    const isLong = longest < 0 ? "false" : `octet_length(${value}) > ${longest}`;
    return `CASE WHEN ${isLong} THEN 1 ELSE CASE typeof(${value}) WHEN 'blob' THEN hex(${value}) WHEN 'text' THEN CAST(${value} AS BLOB) ELSE CAST(${value} AS TEXT) END END AS c${index}`;
  });
  const statement = database.prepare(
    `SELECT ${values.join(", ")} FROM ${identifier(table)} ${order.length > 0 ? `ORDER BY ${order.join(", ")}` : ""}`
  );
  let [rows, rejects, text, number]: [TextRow[], RecordReject[], number, number] = [[], [], 0, 0];
  try {
    for (const row of statement.iterate()) {
      number++;
      const found = names.map((_, index) => row[`c${index}`]);
      const long = found.findIndex((value) => typeof value === "number");
      if (long >= 0) throw overLimit(`row ${number} has too long a value of ${names[long]}`, limits, "elementMiB");
      const texts = found.map(textOf);
      const fault = texts.findIndex((one) => one instanceof Error);
      if (fault < 0) rows.push({number, texts: texts as (string | null)[]});
      else {
        const {message} = texts[fault] as Error;
        rejects.push({line: null, row: number, text: shown(found, names), reason: `column ${names[fault]} ${message}`});
      }
      for (const one of texts) text += typeof one === "string" ? one.length : 0;
      if (rows.length + rejects.length < mostRows && text < mostText) continue;
      await hand({kind: "rows", rows, rejects});
      [rows, rejects, text] = [[], [], 0];
    }
    await hand({kind: "rows", rows, rejects});
  } finally {
    statement.finalize();
  }
}

/** A value as text; what is wrong with it, where it is none. */
function textOf(value: unknown): string | null | Error {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) return String(value);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes.includes(0)) return new Error("has a NUL character");
  return isUtf8(bytes) ? bytes.toString("utf8") : new Error("has bytes that aren't UTF-8");
}

/** A row as it is listed among the rejected. */
function shown(row: readonly unknown[], names: readonly string[]): string {
  const values = names.map((name, index) => {
    const value = row[index];
    return [name, value instanceof Uint8Array ? Buffer.from(value).toString("utf8").replaceAll("\0", "\u2400") : value];
  });
  return JSON.stringify(Object.fromEntries(values)).slice(0, longestText);
}
