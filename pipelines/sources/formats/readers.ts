import type {Model} from "../../models/model.js";
import {shapeOf} from "../shape.js";
import {isMetered, type Source, settingsOf} from "../source.js";
import {csv} from "./csv.js";
import {csvTitled} from "./csv_titled.js";
import {entsoe} from "./entsoe.js";
import {json} from "./json.js";
import {jsonSplit} from "./json_split.js";
import {jsonl} from "./jsonl.js";
import {openMeteo} from "./open_meteo.js";
import {parquet} from "./parquet.js";
import type {Reader} from "./reader.js";
import {shapedReader} from "./shaped.js";
import {sqliteTable} from "./sqlite.js";
import {tabular} from "./tabular.js";

/** The readers, by the name that a Bronze model's header has in `format`; `table` is what it has there. */
const readers: Readonly<Record<string, (table: string | undefined) => Reader>> = {
  parquet: () => parquet,
  csv: () => csv,
  csv_titled: () => csvTitled,
  entsoe: () => entsoe,
  json: () => json,
  json_split: () => jsonSplit,
  jsonl: () => jsonl,
  open_meteo: () => openMeteo,
  sqlite: (table) => sqliteTable(table),
  tabular: () => tabular
};

/**
 * The reader that a Bronze model's header asks for.
 *
 * @throws Error when there is none of that name.
 */
export function readerOf({
  extra,
  file
}: {
  readonly extra: Readonly<Record<string, string>>;
  readonly file: string;
}): Reader {
  const reader = readers[extra.format ?? ""];
  if (reader) return reader(extra.table);
  throw new Error(`format not found: ${extra.format}; ${file} may name one of ${Object.keys(readers).join(", ")}`);
}

/**
 * The reader of a Bronze model's files, or of those of one of its sources: by the source's shape, where it has one.
 *
 * @throws Error `source NAME: …` when one of its settings can't be right
 */
export function readerFor(model: Pick<Model, "name" | "extra" | "file">, source?: Source): Reader {
  const reader = readerOf(model);
  if (!source || !isMetered(source) || !hasOwnReader(model, source)) return reader;
  settingsOf(source);
  return shapedReader(reader, shapeOf(source)!, source.timeZone);
}

/** Whether a source's files of a Bronze table are read in a way of their own. */
export function hasOwnReader(model: Pick<Model, "name">, source: Source): boolean {
  return model.name === shapedTable && isMetered(source) && shapeOf(source) !== undefined;
}

/** The table whose sources may say how their files' columns become its own. */
const shapedTable = "bronze.interval_row";
