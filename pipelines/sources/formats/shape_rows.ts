import {identifier, literal} from "../../engines/duckdb.js";
import type {ColumnRule, Shape} from "../shape.js";
import type {LabelAt} from "../source.js";
import type {FileColumns} from "./reader.js";
import {findColumn, plain, ruleOf} from "./shape_columns.js";

/** What a shape is applied to: rows with the file's columns, `landing_file` and `landing_row`. */
export interface Applied {
  readonly shape: Shape;
  readonly columns: FileColumns;
  readonly rows: string;
  /** Of the source: days of 23 and of 25 hours are its. */
  readonly timeZone: string;
  /** Of the source: what a time names that stands alone. */
  readonly labelAt?: LabelAt;
}

// Columns beside a file's own: their names hold what a header can't.
export const hourColumn = "hour\nof day";
export const hourProblem = "hour\nproblem";
export const differenceColumn = "difference\nof rows";
export const differenceProblem = "difference\nproblem";

/** Columns of the file that tell its series apart: the meter's, and those that decide what a row is. */
function keysOf({columns: mapping, categories = []}: Shape, columns: FileColumns): string[] {
  const rules = (["client_id", "meter_id", "location_id", "fuel", "channel"] as const).flatMap(
    (column) => mapping?.[column] ?? []
  );
  const named = [...rules.map((origin) => ruleOf(origin).column), ...categories.map(({column}) => column)];
  return named.flatMap((name) => (name === undefined ? [] : (findColumn(name, columns) ?? []))).map(plain);
}

function labelRule({columns}: Shape): ColumnRule | undefined {
  const rule = columns?.label === undefined ? undefined : ruleOf(columns.label);
  return rule?.hourOfDay === undefined ? undefined : rule;
}

/**
 * Rows with the number of their hour in its day, as `2022-10-30 25`. On the days that the zone's clock changes some senders number
 * on, and others skip or repeat a number: where such a day has all its hours a row's place in it is its hour. Where some are missing,
 * only the hours before the change are known.
 */
export function withHours({shape, columns, timeZone}: Applied, rows: string): string {
  const rule = labelRule(shape);
  if (!rule) return rows;
  const hour = plain(findColumn(rule.column!, columns)!);
  const date = plain(findColumn(rule.hourOfDay!, columns)!);
  const keys = ["landing_file", ...keysOf(shape, columns), "day"].join(", ");
  const midnight = (day: string) => `timezone(${literal(timeZone)}, CAST(${day} AS TIMESTAMP))`;
  return `SELECT * EXCLUDE (number, day, said_date, said_hour, hours, place, rows_of_day),
            CASE
              WHEN day IS NULL OR number IS NULL OR number > 25 THEN said_date || coalesce(' ' || said_hour, '')
              WHEN hours <> 24 AND rows_of_day = hours THEN day || ' ' || place
              ELSE day || ' ' || CASE WHEN number = 0 THEN hours ELSE number END
            END AS ${identifier(hourColumn)},
            CASE WHEN hours <> 24 AND rows_of_day <> hours AND number <> 1 AND number <> 2
              THEN 'hour of a day of ' || hours || ' hours of which some are missing, so that its place is not known: ' || said_date || ' ' || said_hour
            END AS ${identifier(hourProblem)}
          FROM (
            SELECT *, count(*) OVER (PARTITION BY ${keys}) AS rows_of_day,
              row_number() OVER (PARTITION BY ${keys} ORDER BY CASE WHEN number = 0 THEN 99 ELSE number END, landing_row) AS place
            FROM (
              SELECT *, date_diff('hour', ${midnight("day")}, ${midnight("day + 1")}) AS hours
              FROM (
                SELECT *, CASE WHEN number = 0 THEN said_day - 1 ELSE said_day END AS day
                FROM (
                  SELECT *, ${date} AS said_date, ${hour} AS said_hour,
                    try_cast(regexp_extract(${hour}, '^([0-9]{1,2})(:00){0,2}$', 1) AS INTEGER) AS number,
                    CAST(coalesce(try_strptime(${date}, ['%Y/%m/%d', '%Y-%m-%d']), try_strptime(${date}, ['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y'])) AS DATE) AS said_day
                  FROM (${rows})
                )
              )
            )
          )`;
}

/** Sums are compared with readings to a thousandth: both are written as binary fractions. */
const tolerance = "0.001";

/**
 * Rows with how much a sum has grown since the hour before. The meter's own reading checks it: both grow alike, unless the meter began
 * anew. A reading that falls and comes back at once was no new beginning, and what the sum then adds is no energy.
 */
export function withDifferences({shape, columns}: Applied, rows: string): string {
  const rule = shape.columns?.value === undefined ? undefined : ruleOf(shape.columns.value);
  if (!rule?.difference) return rows;
  const sum = plain(findColumn(rule.column!, columns)!);
  const checked = rule.difference.checkedBy === undefined ? undefined : findColumn(rule.difference.checkedBy, columns);
  const state = checked === undefined ? "CAST(NULL AS VARCHAR)" : plain(checked);
  const at = ruleOf(shape.columns!.start ?? shape.columns!.label!).column!;
  const time = plain(findColumn(at, columns)!);
  const keys = ["landing_file", ...keysOf(shape, columns)].join(", ");
  const decimal = (text: string) => `try_cast(${text} AS DECIMAL(30, 9))`;
  const grown = "(sum_now - sum_before)";
  const shown = (number: string) => `regexp_replace(CAST(${number} AS VARCHAR), '[.]?0+$', '')`;
  const read = "(state_now - state_before)";
  return `SELECT * EXCLUDE (sum_now, sum_before, state_now, state_before, state_earlier, seconds, seconds_before),
            CASE WHEN seconds - seconds_before = 3600 THEN CAST(CAST(${grown} AS DECIMAL(30, 6)) AS VARCHAR) END AS ${identifier(differenceColumn)},
            CASE
              WHEN ${sum} IS NULL THEN 'sum missing'
              WHEN sum_now IS NULL THEN 'sum is no number: ' || ${sum}
              WHEN seconds IS NULL THEN 'start unreadable: ' || ${time}
              WHEN sum_before IS NULL OR seconds - seconds_before <> 3600 THEN 'no sum of the hour before, so that its energy is not known: ' || ${time}
              WHEN state_earlier >= 1 AND state_before < state_earlier AND state_now >= state_earlier AND ${grown} * 2 > state_now
                THEN 'state fell to ' || ${shown("state_before")} || ' and came back, which is no energy: the sum grew by ' || ${shown(grown)}
              WHEN state_now >= state_before AND abs(${grown} - ${read}) > ${tolerance} OR state_now < state_before AND ${grown} < state_now - ${tolerance} AND ${grown} <> ${read}
                THEN 'sum and state disagree: the sum grew by ' || ${shown(grown)} || ', the state went from ' || ${shown("state_before")} || ' to ' || ${shown("state_now")}
            END AS ${identifier(differenceProblem)}
          FROM (
            SELECT *, lag(sum_now) OVER clockwise AS sum_before, lag(state_now) OVER clockwise AS state_before,
              lag(state_now, 2) OVER clockwise AS state_earlier, lag(seconds) OVER clockwise AS seconds_before
            FROM (
              SELECT *, ${decimal(sum)} AS sum_now, ${decimal(state)} AS state_now,
                coalesce(CAST(floor(try_cast(${time} AS DOUBLE)) AS BIGINT), epoch_us(try_cast(${time} AS TIMESTAMPTZ)) // 1000000) AS seconds
              FROM (${rows})
            )
            WINDOW clockwise AS (PARTITION BY ${keys} ORDER BY seconds, landing_row)
          )`;
}
