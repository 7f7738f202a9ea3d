import {basename} from "node:path";
import {knownFormats} from "../sources/catalogue/catalogue.js";
import {csvExtensions} from "../sources/formats/csv.js";
import {hasExtension} from "../sources/formats/file_name.js";
import {jsonl} from "../sources/formats/jsonl.js";
import {parquet} from "../sources/formats/parquet.js";
import type {Category, ColumnMapping, ColumnRule, Layout, Measure, Origin} from "../sources/shape.js";
import type {MeterSource, Unit} from "../sources/source.js";
import {sources} from "../sources/sources.js";
import type {OpenQuestion} from "./finding.js";
import type {FileKind, OpenFile} from "./opened.js";
import type {ClockFinding} from "./policy.js";
import type {Roles, TextRole} from "./roles.js";
import type {TimeRole} from "./time_role.js";

/** A source of a file as `lake/sources.json` holds it. What is open is left out of it. */
export interface Draft {
  readonly source: Partial<MeterSource> & Pick<MeterSource, "name" | "folder" | "format">;
  readonly open: readonly OpenQuestion[];
  /** Why no source can read the file as it is. */
  readonly fault?: string;
}

/** What was found out about a file, as its source needs it. */
export interface Found {
  readonly file: string;
  readonly opened: OpenFile;
  readonly roles: Roles;
  readonly clock: ClockFinding;
  readonly resMin: number;
  readonly unit: Unit | undefined;
  readonly channel: MeterSource["channel"];
  readonly fuel: MeterSource["fuel"];
  /** The meter's id, where it is said. */
  readonly meter?: string;
  readonly open: readonly OpenQuestion[];
}

/** Drafts the source of a file. */
export function draftSource(name: string, found: Found): Draft {
  const {opened, roles, clock, unit, channel, fuel, open} = found;
  const {preamble, footer} = opened.settings ?? {};
  const form = roles.time.kind === "hours" ? "iso" : roles.time.form;
  const fault = faultOf(found);
  const lists = listsSource(found);
  const source = {
    name,
    folder: name,
    format: lists ? "eliq_daily" : "interval_row",
    ...(!roles.client && {clientId: name}),
    ...(clock.timeZone && {timeZone: clock.timeZone}),
    ...(clock.policy && {policy: clock.policy}),
    ...(unit && {unit}),
    ...(fuel && {fuel}),
    ...(channel && {channel}),
    ...(clock.labelAt && clock.labelAt !== "start" && {labelAt: clock.labelAt}),
    ...(!lists && form !== "iso" && {timeFormat: form}),
    ...(!lists && shapeOf(name, found)),
    ...(preamble && {preamble}),
    ...(footer && {footer})
  };
  return {source, open, ...(fault !== undefined && {fault})};
}

function shapeOf(name: string, {roles, resMin, clock, meter}: Found): Partial<MeterSource> {
  const {time, values, categories, quality, resolution} = roles;
  const {layout, value} = layoutOf(time, values);
  const columns: ColumnMapping = {
    ...(roles.client && {client_id: roles.client}),
    meter_id: roles.meter ?? (roles.meterAbove ? {above: roles.meterAbove} : {constant: meter ?? name}),
    ...timeOf(time, clock.labelAt ?? "end", clock.series.isInclusive),
    ...resolutionOf(time, resolution, resMin),
    ...(value && {value}),
    ...(quality && {quality: {column: quality.column, values: quality.values}})
  };
  return {
    columns,
    ...(categories.length > 0 && {
      categories: categories.map(({column, values: texts}): Category => ({column, values: texts}))
    }),
    ...(layout && {layout})
  };
}

function timeOf(time: TimeRole, labelAt: NonNullable<MeterSource["labelAt"]>, isInclusive: boolean): ColumnMapping {
  if (time.kind === "wide" || time.kind === "lists") return {};
  if (time.kind === "hours") return {label: {column: time.hour, hourOfDay: time.columns[0]}};
  const name = (columns: readonly string[]): string | ColumnRule =>
    columns.length === 1 ? columns[0]! : {join: columns};
  const start = name(time.columns);
  if (time.until) {
    const end = name(time.until);
    if (!isInclusive) return {start, end};
    return {start, end: {...(typeof end === "string" ? {column: end} : end), plusMinutes: 1}};
  }
  return labelAt === "start" ? {start} : {label: start};
}

function resolutionOf(time: TimeRole, resolution: TextRole | undefined, resMin: number): ColumnMapping {
  if (time.kind === "wide" || (time.kind === "times" && time.until)) return {};
  return {
    resolution: resolution ? {column: resolution.column, values: resolution.values} : {constant: `${resMin}min`}
  };
}

function layoutOf(time: TimeRole, values: Roles["values"]): {layout?: Layout; value?: Origin} {
  if (time.kind === "wide") return {layout: {wide: {date: time.columns[0], columns: time.cells}}};
  if (values.length === 1) {
    const [{column, nothings}] = values as [Roles["values"][number]];
    if (nothings.length === 0) return {value: column};
    return {value: {column, values: Object.fromEntries(nothings.map((word) => [word, null])), others: "keep"}};
  }
  const measures = values.map(({column, set}): Measure => ({column, set}));
  return {layout: {measures}};
}

/** Days of lists are read by a table of their own, where they have its columns. */
function listsSource({roles, opened}: Found): boolean {
  const names = new Set(opened.columns.map(({name}) => name));
  return roles.time.kind === "lists" && dayColumns.every((name) => names.has(name));
}

/** By these ends of their names files are known to their readers. */
const extensionsOf: Partial<Record<FileKind, readonly string[]>> = {
  "delimited text": csvExtensions,
  Parquet: parquet.extensions,
  "lines of JSON": jsonl.extensions
};

const dayColumns = ["ext_dev_ref", "date", "energy_consumption", "resolution"];

function faultOf(found: Found): string | undefined {
  const {file, opened, roles, resMin} = found;
  if (opened.fault !== undefined) return opened.fault;
  const extensions = opened.kind === undefined ? undefined : extensionsOf[opened.kind];
  if (extensions && !hasExtension(file, extensions))
    return `its name must end in ${extensions.join(" or ")}, so that it is read as ${opened.kind}; copy it under such a name`;
  if (roles.time.kind === "lists" && !listsSource(found))
    return `lists of values are read from columns ${dayColumns.join(", ")} alone; rename the file's columns, or write a value a row`;
  if (!["delimited text", "Parquet", "lines of JSON"].includes(opened.kind ?? ""))
    return `a source's rows are read from delimited text, Parquet and lines of JSON, not from ${opened.kind}; write its rows as one of these`;
  if (![15, 30, 60].includes(resMin) && !(roles.time.kind === "times" && roles.time.until))
    return `intervals of ${resMin} minutes are not read, only those of 15, 30 and 60`;
  return undefined;
}

/** A name for a source, after its file's, that no source or format of the program has. */
export function nameOf(file: string): string {
  const name = basename(file)
    .toLowerCase()
    .replace(/[.].*$/, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const isTaken = [...sources, ...knownFormats].some((one) => one.name.replaceAll("-", "_") === name);
  return /^[a-z]/.test(name) && !isTaken ? name : `my_${name}`.replace(/_+$/, "");
}
