import {identifier, literal} from "../../engines/duckdb.js";
import {
  type Category,
  type ColumnRule,
  type IntervalColumn,
  intervalColumns,
  type Measure,
  type Shape,
  type WideLayout
} from "../shape.js";
import {fineResolutions, withWholeQuarters} from "./fine_intervals.js";
import type {FileColumns} from "./reader.js";
import {findColumn, fold, plain, ruleOf, titleColumn, wideColumns, wideMinutes} from "./shape_columns.js";
import {
  type Applied,
  differenceColumn,
  differenceProblem,
  hourColumn,
  hourProblem,
  withDifferences,
  withHours
} from "./shape_rows.js";

/** A column's text as SQL, and SQL of why it can't be right, where it may not. */
interface Text {
  readonly sql: string;
  readonly problem?: string;
}

/** The columns of the rows that a shape makes, all of them text. `meter_suffix` goes behind the meter's id. */
export const shapedColumns = [...intervalColumns, "meter_suffix"] as const;

/**
 * A SELECT of the rows of `bronze.interval_row` that a shape makes of a file's rows, with `landing_file`, `landing_row` (one a
 * value) and `file_row` (the row of the file that holds it).
 */
export function shapedRows(applied: Applied): string {
  const {shape} = applied;
  const {wide, measures} = shape.layout ?? {};
  const ready = {...applied, rows: withDifferences(applied, withHours(applied, applied.rows))};
  const mapped = wide
    ? wideRows(ready, wide)
    : measures
      ? measuredRows(ready, measures)
      : mappedRows(ready, {value: ruleOf(shape.columns!.value!)});
  const stepped = ruleOf(shape.columns?.resolution ?? "").step ? withSteps(mapped) : mapped;
  const whole = mayBeFine(shape) ? withWholeQuarters(stepped, applied.labelAt) : stepped;
  return shape.absentMeans === "zero" ? withZeros(whole) : whole;
}

/** Whether rows may be of intervals shorter than the least one that there is: they are joined, and `parts` counts them. */
export function mayBeFine({columns}: Shape): boolean {
  const {step, constant, values = {}} = ruleOf(columns?.resolution ?? "");
  return step === true || [constant, ...Object.values(values)].some((text) => fineResolutions.includes(text ?? ""));
}

/** What is so for the rows of a layout beside what the shape's columns say: SQL by column, of rows that `spread` made. */
interface Particular {
  readonly value: ColumnRule;
  readonly set?: Partial<Record<IntervalColumn | "meter_suffix", string>>;
  /** How many values a row of the file has. */
  readonly count?: number;
  readonly where?: string;
}

function mappedRows({shape, columns, rows}: Applied, particular: Particular): string {
  const {count = 1, where} = particular;
  const {sql, problems} = textsOf(shape, columns, particular);
  const fields = shapedColumns
    .filter((column) => column !== "problem")
    .map((column) => `${sql[column] ?? "CAST(NULL AS VARCHAR)"} AS ${identifier(column)}`);
  const problem = [...problems, ...(sql.problem ? [sql.problem] : [])];
  const number = count === 1 ? "landing_row" : `(landing_row - 1) * ${count} + ${identifier(placeColumn)}`;
  return `SELECT ${fields.join(", ")}, ${problem.length > 0 ? `coalesce(${problem.join(", ")}, NULL)` : "CAST(NULL AS VARCHAR)"} AS problem,
            landing_file, ${number} AS landing_row, landing_row AS file_row
          FROM (${rows})${where ? ` WHERE ${where}` : ""}`;
}

const cellColumn = "cell\nof row";
const placeColumn = "place\nin row";

/** A row for each of the cells of a row, with its place among them. */
function spread(rows: string, names: readonly string[]): string {
  return `SELECT *, unnest([${names.map((name) => identifier(name)).join(", ")}]) AS ${identifier(cellColumn)},
            unnest(range(1, ${names.length + 1})) AS ${identifier(placeColumn)} FROM (${rows})`;
}

/** The text that stands at a cell's place in a list. */
function atPlace(texts: readonly (string | undefined)[]): string {
  return `[${texts.map((text) => (text === undefined ? "NULL" : literal(text))).join(", ")}][${identifier(placeColumn)}]`;
}

/** The texts of a row, by the columns they go to; `problems` is SQL of what is wrong with it. */
interface Texts {
  readonly sql: Partial<Record<IntervalColumn | "meter_suffix", string>>;
  readonly problems: readonly string[];
}

function textsOf(shape: Shape, columns: FileColumns, particular: Particular): Texts {
  const sql: Partial<Record<IntervalColumn | "meter_suffix", string>> = {};
  const problems: string[] = [];
  const note = ({problem}: Text) => {
    if (problem !== undefined && !problems.includes(problem)) problems.push(problem);
  };
  for (const [column, origin] of Object.entries({...shape.columns, value: particular.value})) {
    const text = textOf(column, ruleOf(origin), columns);
    if (!text) continue;
    sql[column as IntervalColumn] = text.sql;
    note(text);
  }
  for (const category of shape.categories ?? []) {
    const name = findColumn(category.column, columns);
    if (name === undefined) continue;
    const {sets, problem} = categorySets(category, plain(name));
    note({sql: "", problem});
    for (const [column, set] of sets) sql[column] = sql[column] ? `coalesce(${set}, ${sql[column]})` : set;
  }
  for (const [column, set] of Object.entries(particular.set ?? {}) as [IntervalColumn, string][])
    sql[column] = sql[column] ? `coalesce(${set}, ${sql[column]})` : set;
  return {sql, problems};
}

function folded(sql: string): string {
  return `lower(regexp_replace(trim(${sql}), '\\s+', ' ', 'g'))`;
}

function textOf(column: string, rule: ColumnRule, columns: FileColumns): Text | undefined {
  if (rule.step) return undefined;
  if (rule.hourOfDay !== undefined) return {sql: identifier(hourColumn), problem: identifier(hourProblem)};
  if (rule.difference !== undefined) return {sql: identifier(differenceColumn), problem: identifier(differenceProblem)};
  if (rule.constant !== undefined) return {sql: literal(rule.constant)};
  if (rule.above !== undefined) return aboveText(rule, columns);
  const names = (rule.join ?? [rule.column!]).map((name) => (name === cellColumn ? name : findColumn(name, columns)));
  if (names.some((name) => name === undefined)) return undefined;
  const cells = names.map((name) => plain(name!));
  const joined = cells.length > 1 ? cells.join(` || ${literal(rule.separator ?? " ")} || `) : cells[0]!;
  const text = rule.plusMinutes === undefined ? joined : minutesLater(joined, rule.plusMinutes);
  return rule.values ? translated(column, text, rule) : {sql: text};
}

function aboveText(rule: ColumnRule, columns: FileColumns): Text | undefined {
  const title = titleColumn(rule.above!);
  if (!columns.has(title)) return undefined;
  const text = identifier(title);
  return rule.values ? translated(fold([rule.above!].flat()[0]!), text, rule) : {sql: text};
}

function translated(column: string, text: string, {values = {}, others = "reject"}: ColumnRule): Text {
  const known = Object.entries(values);
  const cases = known.map(([from, to]) => `WHEN ${literal(fold(from))} THEN ${to === null ? "NULL" : literal(to)}`);
  const sql = `CASE ${folded(`coalesce(${text}, '')`)} ${cases.join(" ")} ELSE ${others === "keep" ? text : "NULL"} END`;
  if (others === "keep") return {sql};
  const list = known.map(([from]) => literal(fold(from))).join(", ");
  return {
    sql,
    problem: `CASE WHEN ${text} IS NOT NULL AND ${folded(text)} NOT IN (${list}) THEN ${literal(`${column.replaceAll("_", " ")} not known: `)} || ${text} END`
  };
}

function categorySets(
  category: Category,
  text: string
): {sets: [IntervalColumn | "meter_suffix", string][]; problem: string} {
  const known = Object.entries(category.values);
  const targets = new Set(known.flatMap(([, set]) => Object.keys(set) as (IntervalColumn | "meter_suffix")[]));
  const key = folded(`coalesce(${text}, '')`);
  const sets = [...targets].map((target): [IntervalColumn | "meter_suffix", string] => {
    const cases = known.flatMap(([from, set]) =>
      set[target] === undefined ? [] : [`WHEN ${literal(fold(from))} THEN ${literal(set[target]!)}`]
    );
    return [target, `CASE ${key} ${cases.join(" ")} END`];
  });
  const name = category.name ?? fold([category.column].flat()[0]!);
  const list = known.map(([from]) => literal(fold(from))).join(", ");
  const problem = `CASE WHEN ${key} NOT IN (${list}) THEN coalesce(${literal(`${name} not known: `)} || ${text}, ${literal(`${name} missing`)}) END`;
  return {sets, problem};
}

/** A time of day at the end of a text, some minutes later: 23:59 and one is 24:00. */
function minutesLater(text: string, minutes: number): string {
  const part = (group: number) => `regexp_extract(${text}, '^(.*?)([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?$', ${group})`;
  const sum = `(CAST(${part(2)} AS INTEGER) * 60 + CAST(${part(3)} AS INTEGER) + ${minutes})`;
  return `CASE WHEN ${part(2)} = '' THEN ${text}
    ELSE ${part(1)} || lpad(CAST(${sum} // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(${sum} % 60 AS VARCHAR), 2, '0') END`;
}

/** A row a day becomes a row a value: its label is the place of its column in the day, at its start by the clock. */
function wideRows(applied: Applied, wide: WideLayout): string {
  const names = wideColumns(wide, applied.columns);
  const minutes = wideMinutes(names.length)!;
  const clocks = names.map((_, index) =>
    [Math.floor((index * minutes) / 60), (index * minutes) % 60].map((part) => String(part).padStart(2, "0")).join(":")
  );
  const date = plain(findColumn(wide.date, applied.columns)!);
  return mappedRows(
    {...applied, rows: spread(applied.rows, names)},
    {
      value: {column: cellColumn},
      set: {start: `${date} || ' ' || ${atPlace(clocks)}`, resolution: literal(`${minutes}min`)},
      count: names.length
    }
  );
}

/** A row with several values becomes a row a value. */
function measuredRows(applied: Applied, measures: readonly Measure[]): string {
  const there = measures.flatMap((measure) => {
    const name = findColumn(measure.column, applied.columns);
    return name === undefined ? [] : [{...measure, name}];
  });
  const targets = new Set(there.flatMap(({set = {}}) => Object.keys(set) as IntervalColumn[]));
  const set = Object.fromEntries(
    [...targets].map((target) => [target, atPlace(there.map((one) => one.set?.[target]))])
  );
  const needed = there.map(({optional}) => String(optional !== true)).join(", ");
  return mappedRows(
    {
      ...applied,
      rows: spread(
        applied.rows,
        there.map(({name}) => name)
      )
    },
    {
      value: {column: cellColumn},
      set,
      count: there.length,
      where: `[${needed}][${identifier(placeColumn)}] OR ${plain(cellColumn)} IS NOT NULL`
    }
  );
}

const series = "landing_file, client_id, meter_id, location_id, fuel, channel";
const said = `"start", label, "end"`;

const stepLengths = "(5, 10, 15, 30, 60)";

/**
 * The length of an interval that is named by the instant of its end alone, from the instants beside it. A step counts where the one before
 * or after is the same. One that stands alone may be an interval, or a shorter one behind a hole: its length isn't known, unless no
 * interval is as long and those on both sides are alike. The first row has the length of the second where all are alike, or its day
 * begins with it.
 */
function withSteps(rows: string): string {
  const isAlike = "shortest = longest";
  const timeOfDay = (part: number) =>
    `try_cast(regexp_extract(coalesce(${said}), '[T ](\\d\\d):(\\d\\d)', ${part}) AS INTEGER)`;
  return `SELECT * EXCLUDE (instant, step, step_before, step_after, confirmed, shortest, longest, found)
            REPLACE (CASE WHEN found IS NOT NULL THEN found || 'min' ELSE resolution END AS resolution,
              CASE WHEN problem IS NULL AND instant IS NOT NULL AND found IS NULL
                THEN 'length of the interval not known, the times beside it differ: ' || coalesce(${said}) ELSE problem END AS problem)
          FROM (
            SELECT *, CASE
              WHEN confirmed IS NOT NULL THEN confirmed
              WHEN step IS NULL THEN CASE
                WHEN step_after IN ${stepLengths} AND (${isAlike} OR ${timeOfDay(1)} * 60 + ${timeOfDay(2)} = step_after) THEN step_after END
              WHEN step IN ${stepLengths} THEN CASE WHEN step_after IS NULL AND step < step_before THEN step END
              WHEN step_before = step_after OR ${isAlike} AND (step_before IS NULL OR step_after IS NULL) THEN
                CASE WHEN coalesce(step_before, step_after) < step AND coalesce(step_before, step_after) IN ${stepLengths} THEN coalesce(step_before, step_after) END
            END AS found
            FROM (
              SELECT *, min(confirmed) OVER whole AS shortest, max(confirmed) OVER whole AS longest
              FROM (
                SELECT *, CASE WHEN step IN ${stepLengths} AND (step = step_before OR step = step_after OR step_before IS NULL AND step_after IS NULL)
                  THEN step END AS confirmed
                FROM (
                  SELECT *, lag(step) OVER clockwise AS step_before, lead(step) OVER clockwise AS step_after
                  FROM (
                    SELECT *, date_diff('minute', lag(instant) OVER (PARTITION BY ${series} ORDER BY instant, landing_row), instant) AS step
                    FROM (SELECT *, try_cast(coalesce(${said}) AS TIMESTAMPTZ) AS instant FROM (${rows}))
                  )
                  WINDOW clockwise AS (PARTITION BY ${series} ORDER BY instant, landing_row)
                )
              )
              WINDOW whole AS (PARTITION BY ${series})
            )
          )`;
}

/**
 * With a row of zero for each interval that a series of a file leaves out between its first and its last. Only instants can be counted on:
 * its times have offsets. Such a row belongs to the row of the file before it.
 */
function withZeros(rows: string): string {
  const alike = (left: string, right: string) =>
    series
      .split(", ")
      .map((column) => `coalesce(${left}.${column}, '') = coalesce(${right}.${column}, '')`)
      .join(" AND ");
  return `WITH timed AS MATERIALIZED (
            SELECT *, try_cast("start" AS TIMESTAMPTZ) AS begins, try_cast("end" AS TIMESTAMPTZ) AS ends FROM (${rows})
          ),
          span AS (
            SELECT ${series}, min(begins) AS first_begin, max(begins) AS last_begin, min(ends - begins) AS step
            FROM timed WHERE begins IS NOT NULL AND ends > begins GROUP BY ALL
          ),
          grid AS (
            SELECT ${series}, step, unnest(generate_series(first_begin, last_begin, step)) AS begins FROM span
          ),
          absent AS (
            SELECT grid.* FROM grid ANTI JOIN timed ON timed.begins = grid.begins AND ${alike("timed", "grid")}
          ),
          filled AS (
            SELECT before.* EXCLUDE (begins, ends)
              REPLACE (strftime(absent.begins, '%Y-%m-%dT%H:%M:%SZ') AS "start", strftime(absent.begins + absent.step, '%Y-%m-%dT%H:%M:%SZ') AS "end",
                '0' AS value, CAST(NULL AS VARCHAR) AS problem,
                (SELECT max(landing_row) FROM timed) + row_number() OVER (ORDER BY absent.landing_file, absent.begins) AS landing_row)
            FROM absent ASOF JOIN timed AS before
              ON ${alike("before", "absent")} AND absent.begins >= before.begins
          )
          SELECT * EXCLUDE (begins, ends) FROM timed UNION ALL BY NAME SELECT * FROM filled`;
}
