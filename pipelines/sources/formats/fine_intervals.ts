import type {LabelAt} from "../source.js";

/** By the name of a resolution below a quarter of an hour, its minutes and those of the interval that it is joined to. */
const fine: Readonly<Record<string, {minutes: number; whole: number}>> = {
  "1min": {minutes: 1, whole: 15},
  "5min": {minutes: 5, whole: 15},
  "10min": {minutes: 10, whole: 30}
};

const series =
  "landing_file, client_id, meter_id, meter_suffix, location_id, fuel, channel, resolution, unit, kind, calorific_value_mj_m3, revised_at";

/**
 * Rows of `bronze.interval_row` in which those of 1, 5 and 10 minutes are joined to quarters and half hours, the least intervals that
 * there are: their energies are added, and of mean powers the mean is taken. An interval is estimated when a part of it is. One of which
 * a part is missing, or can't be right, isn't whole: it is missing or rejected as its part is. Only rows whose time has an offset are
 * joined: a time of the local clock may be two. `parts` is how many rows became one.
 */
export function withWholeQuarters(rows: string, labelAt: LabelAt = "start"): string {
  const cases = (figure: "minutes" | "whole") =>
    `CASE resolution ${Object.entries(fine)
      .map(([name, of]) => `WHEN '${name}' THEN ${of[figure]}`)
      .join(" ")} END`;
  const names = Object.keys(fine).map((name) => `'${name}'`);
  const isEnd = labelAt === "start" ? `"start" IS NULL AND label IS NULL` : `"start" IS NULL`;
  // The time is written with the offset that its first part has, which its source's policy may ask for.
  const digits = `replace(substr("offset", 2), ':', '')`;
  const offsetMinutes = `CASE WHEN "offset" IN ('Z', 'z') THEN 0 ELSE CAST(left("offset", 1) || '1' AS INTEGER)
                * (CAST(left(${digits}, 2) AS INTEGER) * 60 + CAST(rpad(substr(${digits}, 3), 2, '0') AS INTEGER)) END`;
  return `WITH every_row AS (SELECT * FROM (${rows})),
          part AS (
            SELECT *, ${cases("minutes")} AS minutes, ${cases("whole")} AS whole,
              time_bucket(to_minutes(${cases("whole")}), begins, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS bucket,
              try_cast(replace(value, CASE decimal_mark WHEN ',' THEN ',' ELSE '.' END, '.') AS DECIMAL(30, 9)) AS number,
              row_number() OVER (PARTITION BY ${series}, begins ORDER BY landing_row) AS nth
            FROM (
              SELECT *, try_cast(CASE WHEN regexp_matches(stamp, '([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$') THEN stamp END AS TIMESTAMPTZ)
                - to_minutes(CASE WHEN ${isEnd} THEN ${cases("minutes")} ELSE 0 END) AS begins
              FROM (SELECT *, coalesce("start", label, "end") AS stamp FROM every_row WHERE resolution IN (${names.join(", ")}))
            )
          ),
          whole AS (
            SELECT ${series}, nth, bucket, count(*) AS parts, any_value(whole) AS whole, any_value(minutes) AS minutes,
              min(landing_row) AS first_row,
              regexp_extract(arg_min(stamp, begins), '([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$') AS "offset", sum(number) AS total, count(number) AS numbers, count(value) AS "values",
              count(*) FILTER (epoch(begins) % 60 <> 0 OR (epoch(begins) // 60) % minutes <> 0) AS off_grid,
              min(problem) AS said, min(value) FILTER (value IS NOT NULL AND number IS NULL) AS no_number,
              max(CASE quality WHEN 'questionable' THEN 3 WHEN 'estimated' THEN 2 WHEN 'measured' THEN 1 ELSE 0 END) AS worst
            FROM part
            WHERE begins IS NOT NULL
            GROUP BY ${series}, nth, bucket
          )
          SELECT every_row.*, CAST(NULL AS VARCHAR) AS parts FROM every_row WHERE resolution IS NULL OR resolution NOT IN (${names.join(", ")})
          UNION ALL
          SELECT part.* EXCLUDE (minutes, whole, bucket, number, nth, begins, stamp)
            REPLACE (strftime(timezone('UTC', whole.bucket) + to_minutes(${offsetMinutes}), '%Y-%m-%dT%H:%M:%S') || "offset" AS "start", CAST(NULL AS VARCHAR) AS "end", CAST(NULL AS VARCHAR) AS label,
              whole.whole || 'min' AS resolution, '.' AS decimal_mark,
              CASE WHEN numbers = parts THEN CAST(CAST(CASE WHEN part.unit IN ('W', 'kW', 'MW', 'GW') THEN total / parts ELSE total END AS DECIMAL(30, 9)) AS VARCHAR) END AS value,
              CASE worst WHEN 3 THEN 'questionable' WHEN 2 THEN 'estimated' WHEN 1 THEN 'measured' END AS quality,
              CASE
                WHEN said IS NOT NULL THEN said
                WHEN off_grid > 0 THEN 'time not on the ' || whole.minutes || '-minute grid: ' || part.stamp
                WHEN no_number IS NOT NULL THEN 'value is no number: ' || no_number
                WHEN "values" = parts AND parts * whole.minutes <> whole.whole
                  THEN parts || ' of the ' || (whole.whole // whole.minutes) || ' parts of ' || whole.minutes || ' minutes are there, so that the interval is not whole: '
                    || strftime(timezone('UTC', whole.bucket), '%Y-%m-%dT%H:%MZ')
              END AS problem), CAST(whole.parts AS VARCHAR) AS parts
          FROM whole
          JOIN part ON part.landing_file = whole.landing_file AND part.landing_row = whole.first_row
          UNION ALL
          SELECT * EXCLUDE (minutes, whole, bucket, number, nth, begins, stamp), CAST(NULL AS VARCHAR) AS parts FROM part WHERE begins IS NULL`;
}

/** The names of resolutions that are joined to longer ones. */
export const fineResolutions = Object.keys(fine);
