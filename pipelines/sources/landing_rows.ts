import {distinct} from "../delta/slice.js";
import {identifier, literal} from "../engines/duckdb.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import type {Catalog} from "../models/catalog.js";
import type {Model} from "../models/model.js";
import {contentKey, type Landing} from "./arrivals.js";
import type {Contract} from "./contract.js";
import type {DecimalMarks} from "./decimal_mark.js";
import {idColumns, idProblem, idText} from "./id_text.js";
import {alikeIn, type Intake, intakeOf, type Readable} from "./inspect.js";
import {defaultColumns} from "./landed.js";

/** Files of a Bronze table that one reader reads. */
export interface Batch {
  readonly intake: Intake;
  readable: readonly Readable[];
}

/** What is known of files beside what is in them. */
export interface Known {
  readonly defaults: Landing["defaults"];
  /** By arrival, the decimal mark that the file's values prove. */
  readonly marks?: DecimalMarks;
  /** By arrival, the numbers of rows that are rejected. */
  readonly rejected?: ReadonlyMap<number, readonly number[]>;
}

/**
 * Lets `landing` mean the rows of the files, each with where it came from, and returns the columns that the model
 * makes of it. Files with the same columns are read together; one that came in twice is read once, for both arrivals.
 */
export async function defineLanding(
  workspace: Workspace,
  model: Model,
  batches: readonly Batch[],
  {defaults, marks = new Map(), rejected = new Map()}: Known
): Promise<{name: string; type: string}[]> {
  const files = batches.flatMap(({readable}) => readable);
  await workspace.hold("landing_file", arrivalRows(files, defaults, marks));
  if (rejected.size > 0) await workspace.hold("landing_reject", rejectedRows(rejected));
  const isTaken = rejected.size > 0 ? "WHERE (arrived.arrival, landed.landing_row) NOT IN (FROM landing_reject)" : "";
  const {contract} = intakeOf(model);
  const ids = idColumns(model);
  const selects = batches.flatMap(({intake: {reader}, readable}) =>
    alikeIn(readable).map((files) => {
      const {columns} = files[0]!;
      const hasDefaults = files.some(({arrival}) => defaults.has(contentKey(arrival)));
      return `SELECT ${columnsOf(contract, ids, reader.selected?.(columns) ?? columns, hasDefaults)}, ${origin}
              FROM (${reader.select(distinct(files.map(({file}) => file)), columns)}) AS landed
              JOIN landing_file AS arrived ON arrived.landing_file = landed.landing_file ${isTaken}`;
    })
  );
  const none = `SELECT ${columnsOf(contract, ids, new Map())}, ${origin}
                FROM (SELECT NULL::BIGINT AS landing_row) AS landed JOIN landing_file AS arrived ON false`;
  await workspace.define("landing", selects.length > 0 ? selects.join(" UNION ALL ") : none);
  const described = await workspace.connection.rows<{column_name: string; column_type: string}>(
    `DESCRIBE ${model.sql}`
  );
  return described.map(({column_name, column_type}) => ({
    name: column_name,
    type: column_type.startsWith("ENUM(") ? "VARCHAR" : column_type
  }));
}

/** The columns that a Bronze model makes, known without any file. */
export async function columnsMade(catalog: Catalog, model: Model): Promise<{name: string; type: string}[]> {
  const workspace = await openWorkspace(catalog.database);
  try {
    return await defineLanding(workspace, model, [], {defaults: new Map()});
  } finally {
    await workspace.close();
  }
}

/** Lets `landing` mean the rows of no file: with the columns, and their types, that a Bronze model finds there. */
export async function defineEmptyLanding(workspace: Workspace, model: Model): Promise<void> {
  await defineLanding(workspace, model, [], {defaults: new Map()});
}

const origin =
  "arrived.source, arrived.arrival, arrived.file, arrived.sha256, arrived.proven_mark, landed.landing_row AS row_number, arrived.ingested_at";

function columnsOf(
  {required, optional}: Contract,
  ids: ReadonlySet<string>,
  columns: ReadonlyMap<string, string>,
  hasDefaults = false
): string {
  const all = [...required, ...optional];
  const problems = all
    .filter(([name]) => ids.has(name) && columns.has(name))
    .map(([name]) => idProblem(name, `landed.${identifier(name)}`));
  return all
    .map(([name, type]) => {
      const landed = columns.has(name) ? `landed.${identifier(name)}` : "NULL";
      const own =
        name === "problem" && problems.length > 0
          ? `coalesce(${[`nullif(trim(${landed}), '')`, ...problems].join(", ")})`
          : ids.has(name) && columns.has(name)
            ? idText(landed)
            : landed;
      const filled = hasDefaults && isDefault(name) ? `coalesce(nullif(trim(${own}), ''), arrived.${name})` : own;
      const suffix = name === "meter_id" && columns.has("meter_suffix") ? " || coalesce(landed.meter_suffix, '')" : "";
      return `CAST(${filled}${suffix} AS ${type}) AS ${identifier(name)}`;
    })
    .join(", ");
}

function rejectedRows(rejected: NonNullable<Known["rejected"]>): string {
  const rows = [...rejected].flatMap(([arrival, rows]) => rows.map((row) => `(${arrival}, ${row})`));
  return `SELECT arrival::BIGINT AS arrival, landing_row::BIGINT AS landing_row FROM (VALUES ${rows.join(", ")}) AS rejected(arrival, landing_row)`;
}

function isDefault(name: string): name is (typeof defaultColumns)[number] {
  return (defaultColumns as readonly string[]).includes(name);
}

/**
 * What the rows of each file have in common. Its texts are those of a dictionary (ENUM), known from here on: Parquet is
 * written so anyway, and no row's has to be looked up in it.
 */
function arrivalRows(readable: readonly Readable[], defaults: Landing["defaults"], marks: DecimalMarks): string {
  const rows = readable.map(({file, arrival: {source, arrival, path, sha256, arrived_at}}) => {
    const said = defaults.get(contentKey({source, sha256}));
    const texts = [path, sha256, arrived_at, marks.get(arrival), ...defaultColumns.map((column) => said?.[column])];
    return `(${[file, source].map(literal).join(", ")}, ${arrival}, ${texts.map((text) => (text === undefined ? "NULL" : literal(text))).join(", ")})`;
  });
  const none = `(NULL, NULL, 0, NULL, NULL, NULL, NULL, ${defaultColumns.map(() => "NULL").join(", ")})`;
  const text = (name: "source" | "path" | "sha256") => {
    const texts = distinct(readable.map(({arrival}) => arrival[name]));
    return `CAST(${name} AS ${texts.length > 0 ? `ENUM (${texts.map(literal).join(", ")})` : "VARCHAR"})`;
  };
  return `SELECT landing_file::VARCHAR AS landing_file, ${text("source")} AS source, arrival::BIGINT AS arrival,
            ${text("path")} AS file, ${text("sha256")} AS sha256, arrived_at::TIMESTAMPTZ AS ingested_at,
            ${["proven_mark", ...defaultColumns].map((column) => `${column}::VARCHAR AS ${column}`).join(", ")}
          FROM (VALUES ${rows.join(", ") || none})
            AS arrived(landing_file, source, arrival, path, sha256, arrived_at, proven_mark, ${defaultColumns.join(", ")})
          WHERE landing_file IS NOT NULL`;
}
