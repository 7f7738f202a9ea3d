import {discardFiles, stageRows} from "../delta/stage.js";
import {append, replace} from "../delta/write.js";
import {openWorkspace} from "../engines/workspace.js";
import type {Catalog} from "../models/catalog.js";
import {differ} from "../models/digest.js";
import {rowsOf} from "../models/relations.js";
import {type ProgramTable, type RowShape, selectOf} from "../models/rows.js";
import {isMetered, refuseDecimalMark, type Source, settingsOf} from "./source.js";

const table = "bronze.source";
const description =
  "One row a source of meters, or of a decimal mark: its settings, as pipelines/sources/sources.ts and the lake's sources.json have them, for the models to join.";

const shape: RowShape = {
  source: "VARCHAR",
  client_id: "VARCHAR",
  tz: "VARCHAR",
  policy: "VARCHAR",
  unit: "VARCHAR",
  fuel: "VARCHAR",
  channel: "VARCHAR",
  label_at: "VARCHAR",
  time_format: "VARCHAR",
  day_start_min: "INTEGER",
  max_kwh_per_hour: "DECIMAL(18,6)",
  max_rollover_kwh_per_hour: "DECIMAL(18,6)",
  micro_kwh_per_unit: "DECIMAL(18,6)",
  calorific_value_mj_m3: "DECIMAL(18,6)",
  decimal_mark: "VARCHAR"
};

/** `bronze.source`, as it is written. */
export const sourceTable: ProgramTable = {table, description, shape};

/** The row of a source: of one without meters only where it has a setting to say. */
function settingRows(source: Source): readonly Readonly<Record<string, string | number | null>>[] {
  if (isMetered(source)) return [{...settingsOf(source)}];
  refuseDecimalMark(source);
  if (source.decimalMark === undefined) return [];
  const unset = Object.fromEntries(Object.keys(shape).map((name) => [name, null]));
  return [{...unset, source: source.name, decimal_mark: source.decimalMark}];
}

/** Lets `bronze.source` hold the settings of the sources, and commits nothing when it does already. */
export async function writeSettings(catalog: Catalog, sources: readonly Source[], run: number): Promise<void> {
  const names = sources.map(({name}) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`source defined twice: ${twice}; give each source a name of its own`);
  const rows = sources.flatMap(settingRows);
  const select = selectOf(shape, rows);
  const standing = await catalog.snapshot(table);
  // A lake of an older program lacks the settings that came since.
  const isOfShape = Object.keys(shape).every((name) => standing?.columns.some((column) => column.name === name));
  if (standing && isOfShape) {
    const workspace = await openWorkspace(catalog.database);
    try {
      if (!(await differ(workspace, Object.keys(shape), select, await rowsOf(catalog, table)))) return;
    } finally {
      await workspace.close();
    }
  }
  const root = catalog.root(table);
  const columns = Object.entries(shape).map(([name, type]) => ({name, type}));
  const target = {root, columns, partitionColumns: [], description};
  const files = await stageRows(catalog.database, select, target);
  const note = {info: {run, reason: "settings changed", rows: rows.length}};
  const done: boolean = standing
    ? await replace(catalog.database, standing, target, files, undefined, note)
    : await append(catalog.database, standing, target, files, note);
  catalog.forget(table);
  if (done) return;
  await discardFiles(files.map(({file}) => file));
  await writeSettings(catalog, sources, run);
}
