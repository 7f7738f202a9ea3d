import {literal} from "../../engines/duckdb.js";
import {csvWithout} from "./csv_rows.js";
import {describeEach, pathPattern, refuseOpenQuote} from "./describe.js";
import type {Reader} from "./reader.js";

const options = "header = true, all_varchar = true, hive_partitioning = false";

/** Delimited text with a header line: every column is text, what it means is for Silver to say. */
export const csv: Reader = {
  extensions: [".csv", ".csv.gz"],
  async columns(connection, files) {
    for (const file of files) await refuseOpenQuote(connection, `read_csv(${pathPattern(file)}, ${options})`);
    return describeEach(connection, files, (file) => `SELECT * FROM read_csv(${pathPattern(file)}, ${options})`);
  },
  // One thread a file, or the rows would be numbered in the order they happened to be read.
  select: (files) =>
    files
      .map(
        (file) => `SELECT *, ${literal(file)} AS landing_file, row_number() OVER () AS landing_row
                   FROM read_csv(${pathPattern(file)}, ${options}, parallel = false)`
      )
      .join(" UNION ALL BY NAME "),
  without: csvWithout
};
