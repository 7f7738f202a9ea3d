import {basename} from "node:path";
import {identifier} from "../engines/duckdb.js";
import type {Unit} from "../sources/source.js";
import type {Roles} from "./columns.js";
import type {OpenFile} from "./file.js";
import type {ClockFinding} from "./policy.js";
import type {Series} from "./series.js";

/** A source to start from: what is not known in it is said in comments. */
export interface Draft {
  /** An object for `pipelines/sources/sources.ts`. */
  readonly source: string;
  /** Where the SELECT goes. */
  readonly path: string;
  /** The SELECT of a Bronze model, its header before it. */
  readonly sql: string;
}

/** Drafts the source object of a file, and the SELECT that takes its rows in. */
export function draftSource(
  file: string,
  {format, columns}: OpenFile,
  roles: Roles,
  {shape, resMin, isEnd}: Series,
  {policy, timeZone, findings}: ClockFinding,
  unit: Unit | undefined
): Draft {
  const name = nameOf(file);
  const unsure = (about: string) => {
    const finding = findings.find((one) => one.about === about);
    return finding?.sure === "certain" ? "" : ` // ${finding?.wouldTell ?? "ask the sender"}`;
  };
  const line = (key: string, value: string | undefined, instead: string, about: string) =>
    value === undefined ? `  // ${key}: not known: ${instead}` : `  ${key}: "${value}",${about}`;
  const source = [
    "{",
    `  name: "${name}",`,
    `  folder: "${name}",`,
    `  format: "${name}",`,
    ...(roles.client ? [] : ['  clientId: "shared", // the file names no client']),
    line("timeZone", timeZone, "where the meters are", unsure("time zone")),
    line("policy", policy, "what the sender does on the days of change", unsure("policy")),
    line("unit", unit, "Wh, kWh or MWh", " // ask the sender, unless the file says it"),
    '  fuel: "electricity", // or gas, or district_heating',
    `  channel: "consumption"${isEnd ? "," : ""} // or import, export, production`,
    ...(isEnd ? ['  labelAt: "end"'] : []),
    "}"
  ].join("\n");
  const type = (column: string) => columns.find((one) => one.name === column)!.type;
  const meter = roles.meter === undefined ? `'${name}' AS meter_id` : `${identifier(roles.meter)} AS meter_id`;
  const client = roles.client ? [`${identifier(roles.client)} AS client_id`] : [];
  const resolution = roles.resolution ? identifier(roles.resolution) : `'${resMin}min'`;
  const value = identifier(roles.value);
  const number = roles.decimalMark === "," ? `replace(${value}, ',', '.')` : value;
  const label = identifier(roles.time);
  const iso = roles.timeFormat ? `strftime(try_strptime(${label}, '${roles.timeFormat}'), '%Y-%m-%d %H:%M')` : label;
  const used = [roles.client ?? [], roles.meter ?? [], roles.time, roles.value, roles.resolution ?? []].flat();
  const required = used.map((column) => `${/^\w+$/.test(column) ? column : identifier(column)} ${type(column)}`);
  const told =
    shape === "array"
      ? [`${iso} AS local_date`, `${value} AS energy`, `${resolution} AS resolution`]
      : [`CAST(${iso} AS VARCHAR) AS label`, `CAST(${number} AS VARCHAR) AS value`, `${resolution} AS resolution`];
  const like = shape === "array" ? "sql/silver/meter_day/eliq_daily.sql" : "sql/silver/meter_interval/interval_row.sql";
  const sql = [
    `-- Readings of ${name} as they came: ${shape === "array" ? "a meter's day, its values as an array" : "a meter's value at the label of one interval"}.`,
    `-- A SELECT like ${like} brings them into the shape of all sources.`,
    "-- key: arrival, row_number",
    `-- format: ${format}`,
    `-- required: ${required.join(", ")}`,
    "SELECT",
    ...[...client, meter, ...told, "source", "arrival", "file", "sha256", "row_number"].map((column) => `  ${column},`),
    "  ingested_at",
    "FROM landing"
  ].join("\n");
  return {source, path: `sql/bronze/${name}.sql`, sql};
}

function nameOf(file: string): string {
  const name = basename(file)
    .toLowerCase()
    .replace(/[.].*$/, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(name) ? name : `source_${name}`;
}
