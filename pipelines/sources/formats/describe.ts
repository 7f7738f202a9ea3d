import type {Connection} from "../../engines/duckdb.js";
import {isCompressed} from "./file_name.js";
import type {FileReading} from "./file_reading.js";
import {refuseColumns} from "./limits.js";
import type {FileColumns} from "./reader.js";

/** The columns of a SELECT of a file's rows. */
export async function describe(connection: Connection, reading: FileReading, rows: string): Promise<FileColumns> {
  const found = await reading.within(connection, () =>
    connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${rows}`)
  );
  refuseColumns(found.length, "it", reading.limits);
  return new Map(found.map(({column_name, column_type}) => [column_name, column_type]));
}

/** How DuckDB has to unpack a file: it knows `.gz` by itself in small letters only. */
export function compressionOf(file: string): "gzip" | "none" {
  return isCompressed(file) ? "gzip" : "none";
}
