import {type Connection, identifier, literal, pathPattern} from "../../engines/duckdb.js";
import {describe} from "./describe.js";
import {FileReading} from "./file_reading.js";
import {decodedBytes} from "./limits.js";
import type {FileColumns, Reader} from "./reader.js";

/** Apache Parquet, with the types that its own schema states. */
export const parquet: Reader = {
  extensions: [".parquet"],
  async columns(connection, files, limits) {
    const found = new Map<string, FileColumns>();
    for (const file of files) {
      const reading = new FileReading(file, limits);
      const columns = await describe(connection, reading, `SELECT * FROM read_parquet(${pathPattern(file)})`);
      await reading.within(connection, () => refuseBomb(connection, reading, columns));
      found.set(file, columns);
    }
    return found;
  },
  select: (files) =>
    `SELECT * EXCLUDE (filename, file_row_number), filename AS landing_file, file_row_number + 1 AS landing_row
     FROM read_parquet([${files.map(pathPattern).join(", ")}], filename = true, file_row_number = true, hive_partitioning = false)`,
  // Its schema and the order of its rows stay; what the file says of its writer is DuckDB's.
  without: (connection, {file}, draft, rows) =>
    connection.run(
      `COPY (SELECT * EXCLUDE (file_row_number)
             FROM read_parquet(${pathPattern(file)}, file_row_number = true, hive_partitioning = false)
             WHERE file_row_number + 1 NOT IN (${[...rows].join(", ")}) ORDER BY file_row_number)
       TO ${literal(draft)} (FORMAT parquet, COMPRESSION zstd)`
    )
};

/**
 * Refuses a file that would be too large once it is decoded: by what its footer says, and, where a text could stand for more than that
 * by standing in very many rows, by the length of its texts.
 */
async function refuseBomb(connection: Connection, reading: FileReading, columns: FileColumns): Promise<void> {
  const file = pathPattern(reading.file);
  const [footer] = await connection.rows<{decoded: number; most: number; rows: number}>(
    `SELECT coalesce(sum(greatest(total_uncompressed_size, num_values)), 0)::DOUBLE AS decoded,
       coalesce(sum(total_uncompressed_size::DOUBLE * num_values) FILTER (type = 'BYTE_ARRAY'), 0)::DOUBLE AS most,
       (SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(${file}))::DOUBLE AS rows
     FROM parquet_metadata(${file})`
  );
  const {decoded, most, rows} = footer!;
  reading.refuseSize(Math.max(decoded, rows));
  const texts = [...columns].filter(([, type]) => type === "VARCHAR" || type === "BLOB");
  if (texts.length === 0 || most <= decodedBytes(reading.limits)) return;
  const lengths = texts.map(
    ([name, type]) => `coalesce(sum(${type === "BLOB" ? "octet_length" : "strlen"}(${identifier(name)})), 0)::DOUBLE`
  );
  const [found] = await connection.rows<{length: number}>(
    `SELECT ${lengths.join(" + ")} AS length FROM read_parquet(${file})`
  );
  reading.refuseSize(found!.length);
}
