import {type Connection, identifier} from "../engines/duckdb.js";
import type {FileReading} from "../sources/formats/file_reading.js";
import type {Finding} from "./finding.js";
import type {Head} from "./head.js";
import type {KnownFile} from "./known_file.js";

/** What a file is that can be opened as rows. */
export type FileKind = "delimited text" | "Parquet" | "lines of JSON" | "JSON" | "SQLite database";

/** A file opened as rows: the table `raw` has them, all columns as text but lists, and `rowColumn`, their number in the file. */
export interface OpenFile {
  /** Undefined where the file can't be read as rows. */
  readonly kind: FileKind | undefined;
  readonly columns: readonly {readonly name: string; readonly type: string}[];
  readonly findings: readonly Finding[];
  /** What a source needs so that the file is read as these rows. */
  readonly settings?: {
    readonly preamble?: readonly string[];
    readonly footer?: readonly string[];
  };
  /** The format that it is of, where it can't be read as rows. */
  readonly known?: KnownFile;
  /** Why no source can read the file as it is, though its rows can be looked at. */
  readonly fault?: string;
  /** The fields of each line above the header. */
  readonly above?: readonly (readonly string[])[];
}

/** The number of a row in its file. No file has a column of such a name. */
export const rowColumn = "row\nnumber";

/** A file to open, and what is known of it. */
export interface Opening {
  /** Its path, as the person named it. */
  readonly file: string;
  /** Where its content can be read: a copy without compression, where its name doesn't end in .gz. */
  readonly content: string;
  readonly head: Head;
  /** How much of it is read, and how long: of the content. */
  readonly reading: FileReading;
  /** A folder for what opening it writes. */
  readonly folder: string;
  /** The table of a database, where the person named it. */
  readonly table?: string;
}

/**
 * Makes the table `raw` of a SELECT whose `rowColumn` numbers its rows.
 *
 * @returns its columns without that one; those that aren't lists are text from here on
 */
export async function define(
  connection: Connection,
  select: string
): Promise<readonly {readonly name: string; readonly type: string}[]> {
  const described = await connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${select}`);
  const own = described.filter(({column_name}) => ![rowColumn, "file_row_number"].includes(column_name));
  const isList = (type: string) => type.endsWith("[]");
  const texts = own.map(({column_name: name, column_type: type}) =>
    isList(type) ? identifier(name) : `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE raw AS SELECT ${[...texts, `CAST(${identifier(rowColumn)} AS BIGINT) AS ${identifier(rowColumn)}`].join(", ")} FROM (${select})`
  );
  return own.map(({column_name, column_type}) => ({name: column_name, type: column_type}));
}
