import {pathPattern} from "../../engines/duckdb.js";
import {hasExtension} from "./file_name.js";
import {refuseDeep} from "./json_depth.js";
import {type Cut, cutFiles, isCut, needsCutting, valuesOf} from "./json_large.js";
import {documentsWithout} from "./json_rows.js";
import {jsonl, withAccount} from "./jsonl.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";

/**
 * Documents of JSON, each as text in one column, `document`, as it stands in its file, but for line breaks
 * between the parts of a large file's: a file holds one, an array of them, or one after the other; files of lines (`.jsonl`, `.ndjson`) one a line. A file of the first three that breaks
 * off is rejected whole, as what follows the break can't be told; of lines, what is in each is for the Bronze model to say.
 */
export const json: Reader = {
  extensions: [".json", ".json.gz", ...jsonl.extensions],
  // What is no JSON is found when the rows are read.
  async columns(connection, files, limits) {
    const found = new Map<string, FileColumns | Error>(files.map((file) => [file, columns]));
    const ofLines = await eachFile(files.filter(isOfLines), limits, (reading) => withAccount(reading, columns));
    for (const [file, lines] of ofLines) found.set(file, lines);
    const documents = files.filter((file) => !isOfLines(file));
    const ours = documents.filter((file) => needsCutting(file));
    for (const [file, cut] of await cutFiles(connection, ours, limits, cutDocuments)) found.set(file, cut);
    const isOurs = new Set(ours);
    const others = documents.filter((file) => !isOurs.has(file));
    for (const [file, fault] of await eachFile(others, limits, refuseDeep)) if (fault) found.set(file, fault);
    return found;
  },
  select: (files, columns) => {
    if (isCut(columns))
      return `SELECT CASE WHEN json_valid(value) THEN value ELSE error('value ' || landing_row || ' is no JSON') END AS document,
                landing_file, landing_row
              FROM (${valuesOf(files, columns)})`;
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
  without: (connection, reading, draft, rows) =>
    (isOfLines(reading.file) ? jsonl.without! : documentsWithout)(connection, reading, draft, rows)
};

/** Each element of an array, or each value of those one after the other. */
const cutDocuments: Cut = async (text, lines) => {
  let count = 0;
  if ((await text.next()) === "list") await text.list((bytes, start, end) => lines.add(++count, bytes, start, end));
  else while ((await text.next()) !== undefined) lines.addText(++count, await text.value());
  return columns;
};

function isOfLines(file: string): boolean {
  return hasExtension(file, jsonl.extensions);
}

const columns: FileColumns = new Map([["document", "VARCHAR"]]);
