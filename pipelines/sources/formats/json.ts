import {pathPattern} from "./describe.js";
import {documentsWithout} from "./json_rows.js";
import {jsonl} from "./jsonl.js";
import type {FileColumns, Reader} from "./reader.js";

/**
 * Documents of JSON, each as text in one column, `document`, as it stands in its file: a file holds one, an array of
 * them, or one after the other; files of lines (`.jsonl`, `.ndjson`) one a line. A file of the first three that breaks
 * off is rejected whole, as what follows the break can't be told; of lines, what is in each is for the Bronze model to say.
 */
export const json: Reader = {
  extensions: [".json", ".json.gz", ...jsonl.extensions],
  // What is no JSON is found when the rows are read.
  columns: async (_, files) => new Map(files.map((file) => [file, columns])),
  select: (files) => {
    const ofLines = files.filter(isOfLines);
    const others = files.filter((file) => !ofLines.includes(file));
    const selects: string[] = [];
    if (others.length > 0)
      selects.push(
        `SELECT CAST(json AS VARCHAR) AS document, filename AS landing_file, row_number() OVER (PARTITION BY filename) AS landing_row
         FROM read_json_objects([${others.map(pathPattern).join(", ")}], format = 'auto', filename = true, hive_partitioning = false)`
      );
    if (ofLines.length > 0)
      selects.push(
        `SELECT line AS document, landing_file, landing_row FROM (${jsonl.select(ofLines, new Map())}) AS written`
      );
    return selects.join(" UNION ALL ");
  },
  without: (connection, file, draft, rows) =>
    (isOfLines(file) ? jsonl.without! : documentsWithout)(connection, file, draft, rows)
};

function isOfLines(file: string): boolean {
  return jsonl.extensions.some((extension) => file.toLowerCase().endsWith(extension));
}

const columns: FileColumns = new Map([["document", "VARCHAR"]]);
