import {type Connection, literal} from "../engines/duckdb.js";
import {quoteName} from "../engines/workspace.js";

/** Writes a table to one plain Parquet file: no Delta is needed to read it. */
export async function writeParquet(connection: Connection, table: string, file: string): Promise<void> {
  await connection.run(
    `COPY (SELECT * FROM ${quoteName(table)}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`
  );
}
