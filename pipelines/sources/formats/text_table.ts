import {createHash} from "node:crypto";
import {type Connection, identifier, literal} from "../../engines/duckdb.js";

/** A row of texts, in the order of its table's columns; null and undefined are NULL. */
export interface TextRow {
  /** Its `landing_row`. */
  readonly number: number;
  readonly texts: readonly (string | null | undefined)[];
}

/** Writes rows that a reader makes by itself to a table of the connection: text columns, and `landing_row`. */
export async function loadTexts(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: Iterable<TextRow> | AsyncIterable<TextRow>
): Promise<void> {
  const texts = columns.map((column) => `${identifier(column)} VARCHAR`);
  await connection.run(`CREATE OR REPLACE TABLE ${identifier(table)} (${texts.join(", ")}, landing_row BIGINT)`);
  const appender = await connection.native.createAppender(table);
  try {
    for await (const {number, texts} of rows) {
      for (const text of texts) {
        if (text === null || text === undefined) appender.appendNull();
        else appender.appendVarchar(text);
      }
      appender.appendBigInt(BigInt(number));
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
}

/** A SELECT of some columns of what files are loaded as, with `landing_file` and `landing_row`. */
export function loadedRows(what: string, files: readonly string[], columns: Iterable<string>): string {
  const names = [...columns].map(identifier).join(", ");
  const selects = files.map(
    (file) =>
      `SELECT ${names}, ${literal(file)} AS landing_file, landing_row FROM ${identifier(loadedName(what, file))}`
  );
  return selects.join(" UNION ALL ");
}

/** The name of the table that holds what a file is loaded as. */
export function loadedName(what: string, file: string): string {
  return `${what} of ${createHash("sha256").update(file).digest("hex")}`;
}
