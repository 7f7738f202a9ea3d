import {literal} from "../../engines/duckdb.js";
import {describeEach, pathPattern} from "./describe.js";
import type {Reader} from "./reader.js";

/** Apache Parquet, with the types that its own schema states. */
export const parquet: Reader = {
  extensions: [".parquet"],
  columns: (connection, files) =>
    describeEach(connection, files, (file) => `SELECT * FROM read_parquet(${pathPattern(file)})`),
  select: (files) =>
    `SELECT * EXCLUDE (filename, file_row_number), filename AS landing_file, file_row_number + 1 AS landing_row
     FROM read_parquet([${files.map(pathPattern).join(", ")}], filename = true, file_row_number = true, hive_partitioning = false)`,
  // Its schema and the order of its rows stay; what the file says of its writer is DuckDB's.
  without: (connection, file, draft, rows) =>
    connection.run(
      `COPY (SELECT * EXCLUDE (file_row_number)
             FROM read_parquet(${pathPattern(file)}, file_row_number = true, hive_partitioning = false)
             WHERE file_row_number + 1 NOT IN (${[...rows].join(", ")}) ORDER BY file_row_number)
       TO ${literal(draft)} (FORMAT parquet, COMPRESSION zstd)`
    )
};
