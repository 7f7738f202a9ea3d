import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {type TimeFormat, timeFormats} from "../sources/source.js";
import type {OpenFile} from "./opened.js";

/** What the values of a column look like: how many of its filled cells are what. */
export interface Look {
  readonly name: string;
  readonly type: string;
  readonly filled: number;
  /** Whether no cell is empty. */
  readonly isFull: boolean;
  readonly distinct: number;
  readonly example: string;
  /** Where there are few, all its texts, the most frequent first. */
  readonly texts: readonly string[];
  readonly points: number;
  readonly commas: number;
  readonly integers: number;
  /** Of a column of numbers, the texts that are none, in small letters. */
  readonly words: readonly string[];
  /** Whole numbers of up to three digits, such as an hour's in its day, and their span. */
  readonly small: {readonly count: number; readonly least: number; readonly most: number};
  /** Times of day, such as 00:30, and the span of their hours. */
  readonly clocks: {readonly count: number; readonly least: number; readonly most: number};
  /** By the form of a time, how many cells can be read by it: as a date and time, as a date alone, as a date and a number. */
  readonly forms: ReadonlyMap<TimeFormat, {readonly times: number; readonly dates: number; readonly numbered: number}>;
  /** Where the day and the month could be swapped, a text that shows which is first. */
  readonly proof?: string;
}

const few = 30;
const whole = "^[+-]?[0-9]+([eE][+-]?[0-9]+)?$";
const withPoint = "^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]*)[.][0-9]+([eE][+-]?[0-9]+)?$";
const withComma = "^[+-]?([0-9]{1,3}([.][0-9]{3})+|[0-9]*),[0-9]+$";

/** Looks at all columns of an opened file. */
export async function lookAtAll(connection: Connection, {columns}: OpenFile): Promise<Look[]> {
  const looks: Look[] = [];
  for (const column of columns) looks.push(await lookAt(connection, column));
  return looks;
}

interface Counts
  extends Record<"filled" | "all_rows" | "distinct" | "points" | "commas" | "integers" | "small" | "clocks", number> {
  readonly example: string | null;
  readonly small_least: number | null;
  readonly small_most: number | null;
  readonly clock_least: number | null;
  readonly clock_most: number | null;
}

async function lookAt(connection: Connection, {name, type}: OpenFile["columns"][number]): Promise<Look> {
  if (type.endsWith("[]")) return {...(await lookAtLists(connection, name)), name, type};
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE look AS
     SELECT text, count(*) AS rows, min(place) AS first FROM (
       SELECT trim(${identifier(name)}) AS text, row_number() OVER () AS place FROM raw
     ) WHERE text <> '' GROUP BY text`
  );
  const like = (pattern: string) => `regexp_matches(text, ${literal(pattern)})`;
  const rowsWhere = (condition: string) => `CAST(coalesce(sum(rows) FILTER (WHERE ${condition}), 0) AS INTEGER)`;
  const number = "try_cast(text AS INTEGER)";
  const hour = "try_cast(regexp_extract(text, '^([0-9]{1,2}):', 1) AS INTEGER)";
  const isSmall = like("^[0-9]{1,3}$");
  const isClock = like("^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.]0+)?)?( ?[AaPp][Mm])?$");
  const [row] = await connection.rows<Counts>(
    `SELECT CAST(coalesce(sum(rows), 0) AS INTEGER) AS filled, (SELECT CAST(count(*) AS INTEGER) FROM raw) AS all_rows, CAST(count(*) AS INTEGER) AS distinct, left(arg_min(text, first), 40) AS example,
       ${rowsWhere(like(withPoint))} AS points,
       ${rowsWhere(like(withComma))} AS commas, ${rowsWhere(like(whole))} AS integers,
       ${rowsWhere(isSmall)} AS small, min(${number}) FILTER (${isSmall}) AS small_least, max(${number}) FILTER (${isSmall}) AS small_most,
       ${rowsWhere(isClock)} AS clocks, min(${hour}) FILTER (${isClock}) AS clock_least, max(${hour}) FILTER (${isClock}) AS clock_most
     FROM look`
  );
  const {filled, distinct} = row!;
  const forms = await formsOf(connection, filled);
  const isNumber = [whole, withPoint, withComma].map(like).join(" OR ");
  const words = await connection.rows<{word: string}>(
    `SELECT DISTINCT lower(text) AS word FROM look WHERE NOT (${isNumber}) ORDER BY word LIMIT 10`
  );
  const texts =
    distinct > few ? [] : await connection.rows<{text: string}>("SELECT text FROM look ORDER BY rows DESC, text");
  return {
    ...{
      name,
      type,
      filled,
      isFull: filled === row!.all_rows,
      distinct,
      example: row!.example ?? "nothing",
      texts: texts.map(({text}) => text)
    },
    ...{points: row!.points, commas: row!.commas, integers: row!.integers, words: words.map(({word}) => word)},
    small: {count: row!.small, least: row!.small_least ?? 0, most: row!.small_most ?? 0},
    clocks: {count: row!.clocks, least: row!.clock_least ?? 0, most: row!.clock_most ?? 0},
    ...forms
  };
}

/** A time without the letter or the number that some senders put behind it. */
const withoutLetter = "regexp_replace(text, '([0-9]) *[AB]$', '\\1')";
const number = "regexp_extract(text, '^[^T ]+[T ]+([0-9]{1,3})$', 1)";
const dateOfNumber = "regexp_extract(text, '^([^T ]+)', 1)";

async function formsOf(connection: Connection, filled: number): Promise<Pick<Look, "forms" | "proof">> {
  const forms = new Map<TimeFormat, {times: number; dates: number; numbered: number}>();
  const [probe] = await connection.rows<{dates: number; epochs: number}>(
    `SELECT CAST(coalesce(sum(rows) FILTER (regexp_matches(text, '^[0-9]{1,4}[-/. ]?[0-9]{1,2}[-/. ]?[0-9]{2,4}')), 0) AS INTEGER) AS dates,
       CAST(coalesce(sum(rows) FILTER (regexp_matches(text, '^[0-9]{9,13}([.][0-9]+)?$|^[0-9.]+[eE][+]?[0-9]+$')), 0) AS INTEGER) AS epochs
     FROM look`
  );
  for (const form of timeFormats) {
    const isEpoch = form.startsWith("epoch");
    if ((isEpoch ? probe!.epochs : probe!.dates) < filled / 2 || filled === 0) continue;
    const [row] = await connection.rows<{times: number; dates: number; numbered: number}>(
      `SELECT CAST(coalesce(sum(rows) FILTER (length(iso) > 10 AND number = ''), 0) AS INTEGER) AS times,
         CAST(coalesce(sum(rows) FILTER (length(iso) = 10), 0) AS INTEGER) AS dates,
         CAST(coalesce(sum(rows) FILTER (number <> '' AND length(date) = 10), 0) AS INTEGER) AS numbered
       FROM (
         SELECT rows, iso_stamp(${withoutLetter}, '${form}') AS iso, ${number} AS number,
           CASE WHEN ${number} <> '' THEN iso_stamp(${dateOfNumber}, '${form}') END AS date
         FROM look
       )`
    );
    if (isEpoch && !(await isPlausibleEpoch(connection, form))) continue;
    if (most(Math.max(row!.times, row!.dates, row!.numbered), {filled})) forms.set(form, row!);
  }
  const [proof] = forms.has("day_first")
    ? await connection.rows<{text: string}>(
        `SELECT text FROM look WHERE (iso_stamp(${dateOfNumber}, 'day_first') IS NULL) <> (iso_stamp(${dateOfNumber}, 'month_first') IS NULL)
         ORDER BY first LIMIT 1`
      )
    : [];
  return {forms, ...(proof && {proof: proof.text})};
}

/** Numbers are times where they lie between 2000 and 2100. */
async function isPlausibleEpoch(connection: Connection, form: TimeFormat): Promise<boolean> {
  const [row] = await connection.rows<{good: boolean}>(
    `SELECT coalesce(min(iso_stamp(text, '${form}')) >= '2000' AND max(iso_stamp(text, '${form}')) < '2100', false) AS good FROM look`
  );
  return row!.good;
}

async function lookAtLists(connection: Connection, name: string): Promise<Omit<Look, "name" | "type">> {
  const [row] = await connection.rows<{filled: number; distinct: number; example: string | null}>(
    `SELECT CAST(count(${identifier(name)}) AS INTEGER) AS filled, CAST(count(DISTINCT ${identifier(name)}) AS INTEGER) AS distinct,
       left(CAST(any_value(${identifier(name)}) AS VARCHAR), 40) AS example FROM raw`
  );
  const nothing = {count: 0, least: 0, most: 0};
  return {
    ...{filled: row!.filled, isFull: false, distinct: row!.distinct, example: row!.example ?? "nothing", texts: []},
    ...{points: 0, commas: 0, integers: 0, words: [], small: nothing, clocks: nothing, forms: new Map()}
  };
}

/** Whether nearly all filled cells of a column are so. */
export function most(number: number, {filled}: Pick<Look, "filled">): boolean {
  return filled > 0 && number >= 0.9 * filled;
}

/** Whether a column holds numbers. */
export function isNumeric(look: Look): boolean {
  return most(look.points + look.commas + look.integers, look);
}

/** Whether a column holds lists of numbers. */
export function isListOfNumbers({type}: Look): boolean {
  return /^(BIGINT|INTEGER|DOUBLE|FLOAT|DECIMAL\(.*\)|SMALLINT)\[\]$/.test(type);
}

/** The columns among which nothing was found, as a finding shows them. */
export function seen(looks: readonly Look[]): string {
  return `none of ${looks
    .slice(0, 30)
    .map(({name, example}) => `${name} (such as ${example})`)
    .join(", ")}`;
}
