import {identifier} from "../../engines/duckdb.js";
import {type ColumnName, type ColumnRule, isName, type Origin, type Shape, type WideLayout} from "../shape.js";
import type {TableRule, TitleRule} from "./csv_dialect.js";
import type {FileColumns} from "./reader.js";

/** The column of a file that goes by one of the names, as the file writes it; undefined where it has none. */
export function findColumn(name: ColumnName, columns: FileColumns): string | undefined {
  const names = [name].flat() as readonly string[];
  const exact = names.find((one) => columns.has(one));
  if (exact !== undefined) return exact;
  const folded = names.map(fold);
  return [...columns.keys()].find((column) => folded.includes(fold(column)));
}

/** A text without what doesn't count in names and values: case, outer spaces, and how many spaces there are. */
export function fold(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

/** The text of a cell without spaces around it; `="0123"` is a spreadsheet's way to keep a text's zeros. NULL of an empty one. */
export function plain(column: string): string {
  const cell = identifier(column);
  return `nullif(trim(CASE WHEN starts_with(${cell}, '="') AND ends_with(${cell}, '"') THEN substr(${cell}, 3, length(${cell}) - 3) ELSE ${cell} END), '')`;
}

/** A rule as an object, where it is only a name. */
export function ruleOf(origin: Origin): ColumnRule {
  return isName(origin) ? {column: origin} : (origin as ColumnRule);
}

/** The columns with a day's values, in the day's order. */
export function wideColumns({columns: named}: WideLayout, columns: FileColumns): readonly string[] {
  if (named) return named.flatMap((name) => findColumn(name, columns) ?? []);
  const all = [...columns.keys()];
  const times = all.filter((name) => /^\s*\d{1,2}:\d{2}(:\d{2})?\s*(-.*)?$/.test(name));
  if (times.length > 0) return times;
  const numbers = all.filter((name) => numberIn(name) !== undefined);
  const first = numbers.findIndex((name) => numberIn(name) === 1);
  return numbers.slice(first).filter((name, index) => numberIn(name) === index + 1);
}

/** The number of a column `1`, `h01`, `Period 1` or `Hour_1`. */
function numberIn(name: string): number | undefined {
  const [, digits] = /^\s*(?:h|he|hr|hour|p|period|slot|interval|value|v)?[ _-]*0*(\d{1,3})\s*$/i.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Numbers of values that a day may have in a row, and how many minutes each is of. 25 and its like hold the odd day. */
const wideResolutions = new Map(
  [24, 48, 96].flatMap((count) => [[count, 1440 / count] as const, [count + count / 24, 1440 / count] as const])
);

/** The minutes of a value, by how many columns there are; undefined of another number. */
export function wideMinutes(count: number): number | undefined {
  return wideResolutions.get(count);
}

/** Why a file with these columns can't be read by a shape, as one sentence; undefined when it can. */
export function shapeBreach(shape: Shape, columns: FileColumns): string | undefined {
  const faults: string[] = [];
  const need = (name: ColumnName | undefined, optional = false) => {
    if (name !== undefined && !optional && findColumn(name, columns) === undefined) faults.push(missing(name));
  };
  for (const origin of Object.values(shape.columns ?? {})) {
    const {column, join, hourOfDay, difference, optional} = ruleOf(origin);
    for (const name of [column, ...(join ?? []), hourOfDay]) need(name, optional);
    need(difference?.checkedBy, true);
  }
  for (const {column, optional} of shape.categories ?? []) need(column, optional);
  const {wide, measures} = shape.layout ?? {};
  if (wide) {
    need(wide.date);
    const found = wideColumns(wide, columns).length;
    if (wideMinutes(found) === undefined)
      faults.push(
        `${found} columns hold a day's values, neither 24, 48 nor 96: they are named by times or numbered from 1`
      );
  }
  for (const {column, optional} of measures ?? []) need(column, optional);
  if (measures && !measures.some(({column}) => findColumn(column, columns) !== undefined))
    faults.push(missing(measures.flatMap(({column}) => column)));
  return faults.length > 0 ? [...new Set(faults)].join("; ") : undefined;
}

function missing(name: ColumnName): string {
  return `column ${[name].flat().join(" or ")} is missing`;
}

/** The text of the preamble that stands beside a name, or below it where its line and the next are a small table. */
function textAbove(name: ColumnName, lines: readonly (readonly string[])[]): string | undefined {
  const names = [name].flat().map(fold);
  for (const [index, fields] of lines.entries()) {
    const at = fields.findIndex((field) => names.includes(fold(field.replace(/:\s*$/, ""))));
    if (at < 0) continue;
    const below = lines[index + 1];
    const isTable = fields.filter((field) => field.trim() !== "").length > 2 && below?.length === fields.length;
    const text = (isTable ? below[at] : fields[at + 1])?.trim();
    if (text) return text;
  }
  return undefined;
}

/** The column that such a text becomes. */
export function titleColumn(name: ColumnName): string {
  return `above\n${[name].flat().join("\n")}`;
}

/** How the table of a file is recognised that a shape reads: by the names of its columns. */
export function shapeRule(shape: Shape): TableRule {
  const [required, optional]: [RegExp[], RegExp[]] = [[], []];
  const ask = (name: ColumnName | undefined, isOptional = false) => {
    if (name !== undefined) (isOptional ? optional : required).push(namePattern(name));
  };
  const titles = new Map<string, TitleRule>();
  for (const origin of Object.values(shape.columns ?? {})) {
    const {column, join, hourOfDay, difference, above, optional: isOptional} = ruleOf(origin);
    for (const name of [column, ...(join ?? []), hourOfDay]) ask(name, isOptional);
    ask(difference?.checkedBy, true);
    if (above === undefined) continue;
    const title = titleColumn(above);
    titles.set(title, {column: title, textIn: (lines) => textAbove(above, lines)});
  }
  for (const {column, optional: isOptional} of shape.categories ?? []) ask(column, isOptional);
  ask(shape.layout?.wide?.date);
  for (const {column, optional: isOptional} of shape.layout?.measures ?? []) ask(column, isOptional);
  const oneOf = shape.layout?.measures?.map(({column}) => namePattern(column)) ?? [];
  const lines = (patterns: readonly string[] = []) => patterns.map((pattern) => new RegExp(`^(?:${pattern})$`));
  return {
    ...{required, optional, oneOf, titles: [...titles.values()]},
    // The columns of a day's values may be known by their form alone.
    isWhole: shape.layout?.wide === undefined,
    ...{preamble: lines(shape.preamble), footer: lines(shape.footer)}
  };
}

function namePattern(name: ColumnName): RegExp {
  const escaped = [name].flat().map((one) =>
    one
      .trim()
      .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replaceAll(/\s+/g, "\\s+")
  );
  return new RegExp(`^\\s*(?:${escaped.join("|")})\\s*$`, "i");
}
