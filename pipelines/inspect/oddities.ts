import type {Connection} from "../engines/duckdb.js";
import {count} from "../observe/text.js";
import type {Mark} from "./change_marks.js";
import {certain, type Finding} from "./finding.js";
import {clockOf, type Series} from "./series.js";

/** A stretch of equal values is worth a look from so many hours on. */
const longHours = 24;

/** What is odd about the values: each is a finding, and only where there is something. */
export async function findOddities(connection: Connection, series: Series, marks: readonly Mark[]): Promise<Finding[]> {
  if (series.shape === "array") return await ofValues(connection);
  const numbered = series.shape === "numbers";
  return [
    ...(await doubled(connection, marks)),
    ...(numbered ? [] : await offGrid(connection, series)),
    ...(numbered ? [] : await gaps(connection, series, marks)),
    ...(numbered ? [] : await constant(connection, series)),
    ...(await ofValues(connection))
  ];
}

/** `2022-03-27 03:00` of a label's minutes since 1970. */
const stampOf = (minutes: string) =>
  `strftime(make_timestamp(CAST(${minutes} AS BIGINT) * 60000000), '%Y-%m-%d %H:%M')`;

async function doubled(connection: Connection, marks: readonly Mark[]): Promise<Finding[]> {
  const [row] = await connection.rows<{labels: number; rows: number; differing: number; example: string | null}>(
    `SELECT CAST(count(*) AS INTEGER) AS labels, CAST(coalesce(sum(rows - 1), 0) AS INTEGER) AS rows,
       CAST(count(*) FILTER (least <> most) AS INTEGER) AS differing, min(stamp) AS example
     FROM (
       SELECT count(*) AS rows, min(value) AS least, max(value) AS most, min(stamp) AS stamp FROM observed
       WHERE NOT (${atChange(marks, "back")})
       GROUP BY series, day, place, suffix, seconds HAVING count(*) > 1
     )`
  );
  if (row!.labels === 0) return [];
  const values =
    row!.differing === 0 ? "always with the same value" : `${row!.differing} of them with different values`;
  return [
    certain(
      "doubled labels",
      count(row!.labels, "label"),
      `they come more than once in their series, where no clock changes, such as ${row!.example}; ${values}`
    )
  ];
}

/** Whether a row lies where the clock skips or repeats an hour. */
function atChange(marks: readonly Mark[], kind: "forward" | "back"): string {
  const changes = marks.filter(({change}) => change.kind === kind);
  return changes.length === 0
    ? "false"
    : changes
        .map(
          ({change: {day, minute, length}}) =>
            `(day = DATE '${day}' AND place BETWEEN ${minute} AND ${minute + 2 * length})`
        )
        .join(" OR ");
}

async function offGrid(connection: Connection, {resMin}: Series): Promise<Finding[]> {
  const [row] = await connection.rows<{rows: number; example: string | null}>(
    `SELECT CAST(count(*) AS INTEGER) AS rows, arg_min(stamp, "row") AS example FROM observed WHERE place % ${resMin} <> 0 OR seconds <> 0`
  );
  if (row!.rows === 0) return [];
  return [
    certain(
      "rows off the grid",
      count(row!.rows, "row"),
      `their times lie between the steps of ${resMin} minutes, such as ${row!.example}; they will be rejected`
    )
  ];
}

async function gaps(connection: Connection, {resMin, suffixes}: Series, marks: readonly Mark[]): Promise<Finding[]> {
  // Times with offsets are compared as instants, others by their labels, of which the clock skips some.
  const hasOffsets = suffixes.some(({suffix}) => /^([+-]|Z)/.test(suffix));
  const offset =
    "CASE WHEN suffix ~ '^[+-]' THEN CAST(substr(suffix, 1, 3) AS INTEGER) * 60 + CAST(substr(suffix, 1, 1) || substr(suffix, 5, 2) AS INTEGER) ELSE 0 END";
  const at = hasOffsets ? `${clockOf} - ${offset}` : clockOf;
  const skipped = hasOffsets
    ? "false"
    : marks
        .filter(({change}) => change.kind === "forward")
        .map(({change: {day, minute, length}}) => {
          const start = Math.round(Date.parse(`${day}T00:00:00Z`) / 60_000) + minute;
          return `(before >= ${start - resMin} AND at_min <= ${start + length + resMin})`;
        })
        .join(" OR ") || "false";
  const [row] = await connection.rows<{
    gaps: number;
    intervals: number;
    from: string | null;
    to: string | null;
    longest: number;
  }>(
    `SELECT CAST(count(*) AS INTEGER) AS gaps, CAST(coalesce(sum(missing), 0) AS INTEGER) AS intervals,
       arg_max(${stampOf(`before + ${resMin}`)}, missing) AS "from", arg_max(${stampOf("at_min")}, missing) AS "to", CAST(coalesce(max(missing), 0) AS INTEGER) AS longest
     FROM (
       SELECT *, (at_min - before) // ${resMin} - 1 AS missing FROM (
         SELECT at_min, lag(at_min) OVER (PARTITION BY series ORDER BY at_min) AS before FROM (SELECT DISTINCT series, ${at} AS at_min FROM observed)
       )
       WHERE at_min - before >= ${2 * resMin} AND NOT (${skipped})
     )`
  );
  if (row!.gaps === 0) return [];
  return [
    certain(
      "gaps",
      count(row!.gaps, "gap"),
      `${count(row!.intervals, "interval")} missing between the first and the last of their series; the longest, ${count(row!.longest, "interval")}, from ${row!.from} to ${row!.to}`
    )
  ];
}

async function constant(connection: Connection, {resMin}: Series): Promise<Finding[]> {
  const [row] = await connection.rows<{
    stretches: number;
    value: number | null;
    from: string | null;
    intervals: number;
  }>(
    `SELECT CAST(count(*) AS INTEGER) AS stretches, CAST(arg_max(value, rows) AS DOUBLE) AS value, arg_max(stamp, rows) AS "from",
       CAST(coalesce(max(rows), 0) AS INTEGER) AS intervals
     FROM (
       SELECT value, count(*) AS rows, arg_min(stamp, at_min) AS stamp FROM (
         SELECT series, value, stamp, at_min, sum(CASE WHEN value = before THEN 0 ELSE 1 END) OVER (PARTITION BY series ORDER BY at_min, "row") AS stretch
         FROM (
           SELECT series, value, stamp, "row", ${clockOf} AS at_min, lag(value) OVER (PARTITION BY series ORDER BY ${clockOf}, "row") AS before
           FROM observed WHERE value IS NOT NULL
         )
       )
       GROUP BY series, stretch, value HAVING count(*) >= ${(longHours * 60) / resMin}
     )`
  );
  if (row!.stretches === 0) return [];
  return [
    certain(
      "constant stretches",
      count(row!.stretches, "stretch").replace("stretchs", "stretches"),
      `a value stays the same for ${longHours} hours and more; the longest, ${row!.value} in ${count(row!.intervals, "interval")}, from ${row!.from}`
    )
  ];
}

async function ofValues(connection: Connection): Promise<Finding[]> {
  const [row] = await connection.rows<{
    negative: number;
    empty: number;
    words: number;
    below: string | null;
    least: number | null;
    word: string | null;
  }>(
    `SELECT CAST(count(*) AS INTEGER) AS rows, CAST(count(*) FILTER (value < 0) AS INTEGER) AS negative, arg_min(stamp, value) AS below, min(value) AS least,
       CAST(count(*) FILTER (value IS NULL AND text = '') AS INTEGER) AS empty,
       CAST(count(*) FILTER (value IS NULL AND text <> '') AS INTEGER) AS words, any_value(text) FILTER (value IS NULL AND text <> '') AS word FROM observed`
  );
  const {negative, empty, words} = row!;
  const findings: Finding[] = [];
  if (negative > 0)
    findings.push(certain("negative values", count(negative, "value"), `the least is ${row!.least}, at ${row!.below}`));
  if (empty > 0)
    findings.push(
      certain("rows without a value", count(empty, "value"), "their cells are empty: such an interval is missing")
    );
  if (words > 0) findings.push(certain("values that are no numbers", count(words, "value"), `such as ${row!.word}`));
  return findings;
}

/** Whether values look like those of the sun: none at night, on days that have them at noon. */
export async function isLikeSun(connection: Connection): Promise<boolean> {
  const [row] = await connection.rows<{night: number | null; noon: number | null}>(
    `SELECT CAST(avg(abs(value)) FILTER (place % 1440 BETWEEN 0 AND 180) AS DOUBLE) AS night,
       CAST(avg(abs(value)) FILTER (place % 1440 BETWEEN 660 AND 840) AS DOUBLE) AS noon FROM observed WHERE clocked`
  );
  return row!.night !== null && row!.noon !== null && row!.noon > 0 && row!.night < 0.01 * row!.noon;
}

/** Whether any value is below zero. */
export async function hasNegative(connection: Connection): Promise<boolean> {
  const [row] = await connection.rows<{negative: boolean | null}>(
    "SELECT bool_or(value < 0) AS negative FROM observed"
  );
  return row!.negative === true;
}
