import {listed} from "../../models/header.js";
import type {Model} from "../../models/model.js";
import {type Contract, parseColumns} from "../contract.js";
import {type Shape, shapeOf} from "../shape.js";
import {type FileFormat, isMetered, type Source, settingsOf} from "../source.js";
import {delimited} from "./csv.js";
import type {TableRule} from "./csv_dialect.js";
import {entsoe} from "./entsoe.js";
import {greenButton} from "./green_button.js";
import {homeAssistant} from "./home_assistant.js";
import {json} from "./json.js";
import {jsonSplit} from "./json_split.js";
import {jsonl} from "./jsonl.js";
import {nem12} from "./nem12.js";
import {openMeteo} from "./open_meteo.js";
import {parquet} from "./parquet.js";
import type {Reader} from "./reader.js";
import {shapeRule} from "./shape_columns.js";
import {shapedReader} from "./shaped.js";
import {sqliteTable} from "./sqlite.js";
import {tabular} from "./tabular.js";
import {telegrams} from "./telegrams.js";

/** What the header of a Bronze model says of its files. */
interface Header {
  /** The columns that it asks for. */
  readonly contract: Contract;
  /** The table of a database. */
  readonly table: string | undefined;
}

/** The readers, by the name that a Bronze model's header has in `format`. */
const readers: Readonly<Record<string, (header: Header) => Reader>> = {
  parquet: () => parquet,
  csv: ({contract}) => delimited(ruleOf(contract)),
  csv_titled: ({contract}) => delimited({...ruleOf(contract), preamble: "any"}),
  entsoe: () => entsoe,
  json: () => json,
  json_split: () => jsonSplit,
  jsonl: () => jsonl,
  open_meteo: () => openMeteo,
  sqlite: ({table}) => sqliteTable(table),
  tabular: ({contract}) => tabular(ruleOf(contract))
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
  if (reader) return reader({contract: contractOf(extra), table: extra.table});
  throw new Error(`format not found: ${extra.format}; ${file} may name one of ${Object.keys(readers).join(", ")}`);
}

/**
 * The reader of a Bronze model's files, or of those of one of its sources: by the source's shape, where it has one.
 *
 * @throws Error `source NAME: …` when one of its settings can't be right
 */
export function readerFor(model: Pick<Model, "name" | "extra" | "file">, source?: Source): Reader {
  if (!source || !isMetered(source) || !hasOwnReader(model, source)) return readerOf(model);
  settingsOf(source);
  const {fileFormat, timeZone} = source;
  const shape = shapeOf(source);
  const table = tabularOf(shape, contractOf(model.extra));
  const inner = fileFormat === undefined ? table : formatReaders[fileFormat]({table, timeZone});
  return shape === undefined ? inner : shapedReader(inner, shape, timeZone, source.labelAt);
}

function tabularOf(shape: Shape | undefined, contract: Contract): Reader {
  const rule: TableRule = shape === undefined ? {required: []} : shapeRule(shape);
  const isNamed = rule.required.length + (rule.oneOf?.length ?? 0) > 0;
  return tabular(isNamed ? rule : {...rule, ...ruleOf(contract), isWhole: shape === undefined});
}

/** Whether a source's files of a Bronze table are read in a way of their own. */
export function hasOwnReader(model: Pick<Model, "name">, source: Source): boolean {
  if (model.name !== shapedTable || !isMetered(source)) return false;
  return shapeOf(source) !== undefined || source.fileFormat !== undefined;
}

/** The readers of files that are no tables, or no tables alone, by the source's `fileFormat`; `table` reads those that are. */
const formatReaders: Readonly<Record<FileFormat, (of: {readonly table: Reader; readonly timeZone: string}) => Reader>> =
  {
    green_button: () => greenButton,
    nem12: ({timeZone}) => nem12(timeZone),
    telegrams: ({timeZone}) => telegrams(timeZone),
    home_assistant: ({table}) => homeAssistant(table)
  };

/** The table whose sources may say how their files' columns become its own. */
const shapedTable = "bronze.interval_row";

/** The columns that a Bronze model's header asks of its files. */
export function contractOf(extra: Readonly<Record<string, string>>): Contract {
  return {
    required: parseColumns(extra.required),
    optional: parseColumns(extra.optional),
    oneOf: listed(extra.one_of)
  };
}

/** How a table of delimited text that meets a contract is recognised. */
function ruleOf({required, optional, oneOf = []}: Contract): TableRule {
  return {required: [...required.keys()], optional: [...optional.keys()], oneOf, isWhole: true};
}
