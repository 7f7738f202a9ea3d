/**
 * How the rows of a file become rows of `bronze.interval_row`: data that a source carries, so that a format of columns needs no
 * code and no SQL. Everything in it can be written as JSON.
 */
export interface Shape {
  /** By the column of `interval_row`, where its text comes from. What is left out stays empty. */
  readonly columns?: ColumnMapping;
  /** Columns whose texts decide several columns of `interval_row`. */
  readonly categories?: readonly Category[];
  /** How values lie in a row, where a row has more than one. */
  readonly layout?: Layout;
  /** Lines above the header, each by a pattern (a regular expression of the whole line) that it matches. Others are rejected. */
  readonly preamble?: readonly string[];
  /** Lines below the rows, by patterns as those of `preamble`. */
  readonly footer?: readonly string[];
  /** What an interval without a row means between the first and the last of a file's series; `missing` by default. */
  readonly absentMeans?: "missing" | "zero";
}

export type ColumnMapping = {readonly [Column in IntervalColumn]?: Origin};

/** The columns of `bronze.interval_row` that a file may fill. */
export const intervalColumns = [
  "client_id",
  "meter_id",
  "location_id",
  "fuel",
  "channel",
  "start",
  "end",
  "label",
  "resolution",
  "value",
  "unit",
  "quality",
  "kind",
  "calorific_value_mj_m3",
  "register_digits",
  "decimal_mark",
  "revised_at",
  "problem"
] as const;

export type IntervalColumn = (typeof intervalColumns)[number];

/** A column of a file: its name, or the names that it goes by. Case and the number of spaces don't count. */
export type ColumnName = string | readonly string[];

/** Where a text comes from: a column of the file, or one of the other places. */
export type Origin = ColumnName | ColumnRule;

export interface ColumnRule {
  /** A column of the file. */
  readonly column?: ColumnName;
  /** Several columns, joined by `separator`: a date and an hour. */
  readonly join?: readonly ColumnName[];
  /** A space by default. */
  readonly separator?: string;
  /** The same text for every row. */
  readonly constant?: string;
  /** A name in the preamble: the text beside it, or below it where the next line has as many fields. */
  readonly above?: ColumnName;
  /** What the sender's texts mean; null is an empty text. Case and outer spaces don't count. */
  readonly values?: {readonly [text: string]: string | null};
  /** What becomes of a text that `values` doesn't have: the row is rejected (by default), or the text is kept. */
  readonly others?: "reject" | "keep";
  /** Minutes to add to a time of day at the end of the text: 1 where an end is inclusive, 00:14 for 00:15. */
  readonly plusMinutes?: number;
  /** The length of the interval, from one time to the next: of `resolution` alone, which is the step of this column's instants. */
  readonly step?: boolean;
  /** The difference to the row before, of `value` alone: of a sum that only grows. `checkedBy` is the reading behind it. */
  readonly difference?: {readonly checkedBy?: ColumnName};
  /**
   * An hour's number in its day (1 to 24, 23 or 25 on odd days), of `label` alone; `column` is the hour (`1`, `01:00`), this the date.
   * Hour 0 is the last of the day before.
   */
  readonly hourOfDay?: ColumnName;
  /** Whether a file may lack the column. */
  readonly optional?: boolean;
}

/** A column whose text decides several others: a read type that names direction and unit. */
export interface Category {
  readonly column: ColumnName;
  /** What it is called in a reason for a reject: `read type`. The name of the column by default. */
  readonly name?: string;
  readonly values: {readonly [text: string]: CategoryValue};
  readonly optional?: boolean;
}

/** What a category's text sets. `meter_suffix` is put behind the meter's id: for a circuit with a register of its own. */
export type CategoryValue = {readonly [Column in IntervalColumn | "meter_suffix"]?: string};

export interface Layout {
  /** A row is a day: its values stand in 24, 48 or 96 columns, from midnight on. */
  readonly wide?: WideLayout;
  /** A row is an interval with several values: import and export side by side. */
  readonly measures?: readonly Measure[];
}

export interface WideLayout {
  /** The column with the day. */
  readonly date: ColumnName;
  /** The columns with the values, in the day's order. By default those named by times of the day, or numbered from 1. */
  readonly columns?: readonly string[];
}

export interface Measure {
  readonly column: ColumnName;
  /** What is so for the values of this column. */
  readonly set?: CategoryValue;
  /** Whether a file may lack the column; its empty cells are then no values. */
  readonly optional?: boolean;
}

const ruleKeys = [
  "column",
  "join",
  "separator",
  "constant",
  "above",
  "values",
  "others",
  "plusMinutes",
  "step",
  "difference",
  "hourOfDay",
  "optional"
];
const shapeKeys = ["columns", "categories", "layout", "preamble", "footer", "absentMeans"] as const;

/** The shape that a source carries; undefined where it has none, and its files have the columns of `interval_row` itself. */
export function shapeOf(source: Shape): Shape | undefined {
  if (!shapeKeys.some((key) => source[key] !== undefined)) return undefined;
  return Object.fromEntries(shapeKeys.flatMap((key) => (source[key] === undefined ? [] : [[key, source[key]]])));
}

/** What is wrong with a shape, as one sentence; undefined when nothing is. Its parts may be of any type, as they come from JSON. */
export function shapeFault(shape: Shape): string | undefined {
  return (
    mappingFault(shape.columns) ??
    categoriesFault(shape.categories) ??
    layoutFault(shape) ??
    patternsFault("preamble", shape.preamble) ??
    patternsFault("footer", shape.footer) ??
    (["missing", "zero", undefined].includes(shape.absentMeans)
      ? undefined
      : `absentMeans not known: ${text(shape.absentMeans)}; choose missing or zero`) ??
    valueFault(shape)
  );
}

function mappingFault(columns: unknown): string | undefined {
  if (columns === undefined) return undefined;
  if (!isObject(columns)) return `columns is no object: ${text(columns)}; write {"value": "kWh"}`;
  for (const [column, origin] of Object.entries(columns)) {
    if (!isIntervalColumn(column))
      return `columns has an unknown column: ${column}; choose of ${intervalColumns.join(", ")}`;
    const fault = originFault(origin);
    if (fault) return `columns.${column}: ${fault}`;
  }
  return undefined;
}

function originFault(origin: unknown): string | undefined {
  if (isName(origin)) return undefined;
  if (!isObject(origin)) return `neither a name of a column nor a rule: ${text(origin)}`;
  const unknown = Object.keys(origin).find((key) => !ruleKeys.includes(key));
  if (unknown !== undefined) return `a rule has no ${unknown}; choose of ${ruleKeys.join(", ")}`;
  const rule = origin as Record<keyof ColumnRule, unknown>;
  const places = (["column", "join", "constant", "above"] as const).filter((key) => rule[key] !== undefined);
  if (places.length !== 1) return "a rule needs one of column, join, constant and above";
  if (rule.column !== undefined && !isName(rule.column)) return `column is no name: ${text(rule.column)}`;
  if (rule.above !== undefined && !isName(rule.above)) return `above is no name: ${text(rule.above)}`;
  if (rule.constant !== undefined && typeof rule.constant !== "string")
    return `constant is no text: ${text(rule.constant)}`;
  if (rule.join !== undefined && !(Array.isArray(rule.join) && rule.join.length > 0 && rule.join.every(isName)))
    return `join is no list of columns: ${text(rule.join)}`;
  if (rule.others !== undefined && rule.others !== "reject" && rule.others !== "keep")
    return `others not known: ${text(rule.others)}; choose reject or keep`;
  if (rule.values !== undefined && !isObject(rule.values)) return `values is no object: ${text(rule.values)}`;
  for (const [from, to] of Object.entries(rule.values ?? {}))
    if (to !== null && typeof to !== "string") return `values.${from} is neither text nor null: ${text(to)}`;
  if (rule.hourOfDay !== undefined && !isName(rule.hourOfDay)) return `hourOfDay is no name: ${text(rule.hourOfDay)}`;
  if (
    rule.plusMinutes !== undefined &&
    !(Number.isInteger(rule.plusMinutes) && Math.abs(Number(rule.plusMinutes)) < 1440)
  )
    return `plusMinutes is no whole number of minutes: ${text(rule.plusMinutes)}`;
  return undefined;
}

function categoriesFault(categories: unknown): string | undefined {
  if (categories === undefined) return undefined;
  if (!Array.isArray(categories)) return `categories is no list: ${text(categories)}`;
  for (const [index, category] of categories.entries()) {
    const where = `categories[${index}]`;
    if (!isObject(category) || !isName(category.column)) return `${where} names no column`;
    if (!isObject(category.values)) return `${where} has no values`;
    for (const [from, set] of Object.entries(category.values)) {
      const fault = setFault(set);
      if (fault) return `${where}.values.${from}: ${fault}`;
    }
  }
  return undefined;
}

function setFault(set: unknown): string | undefined {
  if (!isObject(set)) return `no object: ${text(set)}`;
  for (const [column, to] of Object.entries(set)) {
    if (column !== "meter_suffix" && !isIntervalColumn(column))
      return `unknown column: ${column}; choose of ${[...intervalColumns, "meter_suffix"].join(", ")}`;
    if (typeof to !== "string") return `${column} is no text: ${text(to)}`;
  }
  return undefined;
}

function layoutFault({layout}: Shape): string | undefined {
  if (layout === undefined) return undefined;
  if (!isObject(layout)) return `layout is no object: ${text(layout)}`;
  const {wide, measures} = layout as Layout;
  if ((wide === undefined) === (measures === undefined)) return "layout is either wide or measures";
  if (wide !== undefined) {
    if (!isObject(wide) || !isName(wide.date)) return "layout.wide names no column with the date";
    const {columns} = wide;
    if (columns !== undefined && !(Array.isArray(columns) && columns.every((name) => typeof name === "string")))
      return `layout.wide.columns is no list of names: ${text(columns)}`;
    return undefined;
  }
  if (!Array.isArray(measures) || measures.length === 0) return `layout.measures is no list: ${text(measures)}`;
  for (const [index, measure] of measures.entries()) {
    if (!isObject(measure) || !isName(measure.column)) return `layout.measures[${index}] names no column`;
    const fault = measure.set === undefined ? undefined : setFault(measure.set);
    if (fault) return `layout.measures[${index}].set: ${fault}`;
  }
  return undefined;
}

function patternsFault(name: string, patterns: unknown): string | undefined {
  if (patterns === undefined) return undefined;
  if (!Array.isArray(patterns)) return `${name} is no list of patterns: ${text(patterns)}`;
  for (const pattern of patterns) {
    try {
      new RegExp(pattern, "u");
    } catch {
      return `${name} has a pattern that is no regular expression: ${text(pattern)}`;
    }
  }
  return undefined;
}

function valueFault({columns, layout}: Shape): string | undefined {
  if (layout !== undefined) {
    if (columns?.value !== undefined) return "columns.value and layout both say where values stand; leave one out";
    return undefined;
  }
  if (columns?.value === undefined) return "columns.value is missing: no column with the values is named";
  if (!columns.start && !columns.end && !columns.label) return "columns has none of start, end and label";
  return undefined;
}

function isIntervalColumn(name: string): name is IntervalColumn {
  return (intervalColumns as readonly string[]).includes(name);
}

export function isName(value: unknown): value is ColumnName {
  if (typeof value === "string") return value !== "";
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== "");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
