import {literal} from "../../pipelines/engines/duckdb.js";

/**
 * What a column of few different texts is cast to before a COPY: DuckDB then writes numbers of words, and looks no
 * text up in a file's dictionary 24 million times. In the file they are the same texts.
 */
export const words = [
  ...["eliq", "Europe/Vilnius", "fixed_slots_sum_double", "electricity", "consumption", "60min"],
  ...["measured", "split", "placed", "rejected", "weekday", "weekend"]
];

const word = (text: string) => `${literal(text)}::word`;
const kwh = (microKwh: string) => `CAST(CAST(${microKwh} AS DECIMAL(18, 0)) * 0.000001 AS DECIMAL(18, 6))`;
const exactKwh = (microKwh: string) =>
  `CAST(CAST(coalesce(${microKwh}, 0) AS DECIMAL(31, 0)) * 0.000001 AS DECIMAL(38, 6))`;
// In BIGINT where it fits, which is ten times faster than HUGEINT.
const ratio = (dividend: string, divisor: string) =>
  `CAST(
    CASE WHEN ${dividend} < 4000000000000 AND ${divisor} < 1000000000000000000
      THEN (2000000 * ${dividend} + ${divisor}) // nullif(2 * ${divisor}, 0)
      ELSE ((2000000::HUGEINT * ${dividend} + ${divisor}) // nullif(2::HUGEINT * ${divisor}, 0))::BIGINT END / 1e6 AS DECIMAL(9, 6))`;

/** 100,000 kWh in an hour, the most that a value may be, in micro-kWh. */
export const most = 100_000_000_000;

/** The days of a month in memory, 83,000 rows of every million a year, as `silver.meter_day` has them. */
export function monthDays(bronze: string, month: string): string {
  const first = `DATE ${literal(`${month}-01`)}`;
  return `
    SELECT ${word("eliq")} AS source, client_id::client AS client_id, ext_dev_ref::meter AS meter_id, ${word("electricity")} AS fuel,
      ${word("consumption")} AS channel, date AS local_date, 60::INTEGER AS res_min, ${word("Europe/Vilnius")} AS tz,
      ${word("fixed_slots_sum_double")} AS policy, 0::INTEGER AS day_start_min, ${most}::BIGINT AS max_micro_kwh_per_hour,
      1000::BIGINT AS micro_kwh_per_unit,
      list_transform(energy_consumption, lambda value: value * 1000) AS energy_micro_kwh,
      len(energy_consumption)::INTEGER AS value_count, list_count(energy_consumption)::INTEGER AS present_count,
      coalesce(list_sum(energy_consumption), 0)::BIGINT * 1000 AS total_micro_kwh,
      list_min(energy_consumption) * 1000 AS least_micro_kwh, list_max(energy_consumption) * 1000 AS most_micro_kwh,
      resolution::word AS resolution, NULL::VARCHAR AS unusable_date, NULL::VARCHAR AS raw,
      arrival, file::landing_file AS file, sha256::landing_sha256 AS sha256, row_number
    FROM read_parquet(${literal(bronze)})
    WHERE date BETWEEN ${first} AND last_day(${first})`;
}

/** Days that came more than once, which must be none: where no day comes twice, no reading does. */
export const repeatedDays = "SELECT client_id, meter_id, local_date FROM day GROUP BY ALL HAVING count(*) > 1";

/** What is made of `day` in memory, in this order, before anything is written. */
export const monthSteps: readonly {readonly name: string; readonly select: string}[] = [
  {
    // Days that aren't simply their array: those whose clock shifts, and those with a value to reject.
    name: "odd_day",
    select: `
      SELECT day.* FROM day JOIN length_60 USING (local_date)
      WHERE value_count = 24 AND (n_slots <> 24 OR least_micro_kwh < 0 OR most_micro_kwh > ${most})`
  },
  {
    // The measures of every day with a reading: from its array where that tells all, else from its hours.
    name: "measured",
    select: `
      SELECT client_id, meter_id, local_date, total_micro_kwh AS micro_kwh, most_micro_kwh AS peak_micro_kw,
        day_start + to_hours(CASE WHEN present_count = 24 THEN 0
          ELSE list_position(list_transform(energy_micro_kwh, lambda value: value IS NOT NULL), true) - 1 END) AS first_start,
        present_count AS readings, present_count AS placed_values, 0::INTEGER AS split_values
      FROM day JOIN length_60 USING (local_date)
      WHERE value_count = 24 AND present_count > 0 AND n_slots = 24 AND least_micro_kwh >= 0 AND most_micro_kwh <= ${most}
      UNION ALL
      SELECT client_id, meter_id, local_date, sum(micro_kwh)::BIGINT, max(micro_kwh), min(start_utc), count(*)::INTEGER,
        count_if(wall_repeat = 1)::INTEGER, count_if(wall_repeat = 1 AND wall_repeats > 1)::INTEGER
      FROM (${placedHours("odd_day")})
      GROUP BY client_id, meter_id, local_date`
  },
  {
    name: "odd_label",
    select: `
      SELECT odd_day.*, wall_slot, times, energy_micro_kwh[wall_slot] AS value
      FROM odd_day JOIN label_60 USING (local_date)`
  },
  {
    name: "reject",
    select: `
      SELECT source, client_id, meter_id, local_date, NULL::INTEGER AS slot, value_count, ${kwh("total_micro_kwh")} AS energy_kwh,
        coalesce(value_count || ' values, expected 24', 'no values') AS reason, file, sha256, row_number,
        to_json(list_transform(energy_micro_kwh, lambda value: value // 1000))::VARCHAR AS raw
      FROM day
      WHERE value_count IS DISTINCT FROM 24
      UNION ALL
      SELECT source, client_id, meter_id, local_date, wall_slot, 1, ${kwh("value")},
        CASE WHEN times = 0 THEN 'energy in an hour that does not exist in Europe/Vilnius: ' WHEN value < 0 THEN 'negative value: '
          ELSE 'value above what its source allows: ' END || (value // 1000),
        file, sha256, row_number, (value // 1000)::VARCHAR
      FROM odd_label
      WHERE CASE WHEN times = 0 THEN value <> 0 ELSE value < 0 OR value > ${most} * times END`
  }
];

/** The tables of a month, each from what is in memory: nothing that was written is read again. */
export const monthTables: Readonly<Record<string, string>> = {
  "silver.meter_day": "FROM day",
  "silver.day_fate": `
    SELECT arrival, row_number, source, local_date, CASE WHEN value_count = 24 THEN ${word("placed")} ELSE ${word("rejected")} END AS fate,
      CASE WHEN value_count IS DISTINCT FROM 24 THEN coalesce(value_count || ' values, expected 24', 'no values') END AS reason
    FROM day`,
  "silver.reading": `
    SELECT client_id, meter_id, fuel, channel, start_utc AS interval_start, 60::INTEGER AS interval_minutes, local_date,
      ${kwh("micro_kwh")} AS energy_kwh, CASE WHEN wall_repeats > 1 THEN ${word("split")} ELSE ${word("measured")} END AS quality,
      source, res_min, hour_start, local_hour
    FROM (${placedHours("day")})`,
  "silver.reading_reject": "FROM reject",
  "gold.energy_day": `
    SELECT client_id, meter_id, ${word("electricity")} AS fuel, ${word("consumption")} AS channel, local_date,
      ${kwh("micro_kwh")} AS energy_kwh, ${kwh("peak_micro_kw")} AS peak_kw,
      CASE WHEN readings = n_slots THEN ${ratio("(60 * micro_kwh)", "(day_minutes * peak_micro_kw)")} END AS load_factor,
      n_slots AS expected_intervals, readings AS present_intervals, ${ratio("readings::BIGINT", "n_slots")} AS completeness,
      day_minutes, (60 * readings)::INTEGER AS present_minutes, 60::INTEGER AS res_min, 60::INTEGER AS finest_res_min, 60::INTEGER AS coarsest_res_min,
      first_start AS first_interval_start, ${word("eliq")} AS source, ${word("Europe/Vilnius")} AS tz, 0::INTEGER AS day_start_min
    FROM measured JOIN length_60 USING (local_date)`,
  "gold.energy_month": `
    SELECT client_id, meter_id, ${word("electricity")} AS fuel, ${word("consumption")} AS channel,
      ${kwh("micro_kwh")} AS energy_kwh, ${kwh("peak_micro_kw")} AS peak_kw,
      CASE WHEN complete_days = expected_days THEN ${ratio("(60 * micro_kwh)", "(month_minutes * peak_micro_kw)")} END AS load_factor,
      expected_days, present_days, complete_days, ${ratio("(60 * readings)", "month_minutes")} AS completeness,
      false AS is_month_reading
    FROM (
      SELECT client_id, meter_id, min(month) AS month, sum(micro_kwh)::BIGINT AS micro_kwh, max(peak_micro_kw) AS peak_micro_kw,
        count(*)::INTEGER AS present_days, count_if(readings = n_slots)::INTEGER AS complete_days, sum(readings)::BIGINT AS readings
      FROM measured JOIN length_60 USING (local_date)
      GROUP BY client_id, meter_id
    )
    JOIN (
      SELECT month, sum(day_minutes)::BIGINT AS month_minutes, count(*)::INTEGER AS expected_days FROM length_60 GROUP BY month
    ) USING (month)`,
  "gold.load_profile": `
    SELECT client_id, meter_id, ${word("electricity")} AS fuel, ${word("consumption")} AS channel, day_type, local_hour,
      hours, ${kwh("(2 * micro_kwh + hours) // (2 * hours)")} AS mean_kwh,
      ${kwh("quantiles[1]")} AS p10_kwh, ${kwh("quantiles[2]")} AS median_kwh, ${kwh("quantiles[3]")} AS p90_kwh
    FROM (
      SELECT client_id, meter_id, CASE WHEN dayofweek(local_date) IN (0, 6) THEN ${word("weekend")} ELSE ${word("weekday")} END AS day_type,
        local_hour, count(*) AS hours, sum(micro_kwh)::BIGINT AS micro_kwh, quantile_disc(micro_kwh, [0.1, 0.5, 0.9]) AS quantiles
      FROM (${placedHours("day")})
      GROUP BY ALL
    )`,
  "quality.reconciliation": `
    WITH came AS (
      SELECT local_date, sum(value_count) AS values_in, sum(total_micro_kwh) AS micro_in,
        sum(CASE WHEN value_count = 24 THEN 24 - present_count ELSE 0 END) AS empty_values
      FROM day GROUP BY local_date
    ),
    placed AS (
      SELECT local_date, sum(placed_values) AS placed_values, sum(readings) AS readings, sum(split_values) AS split_values,
        sum(micro_kwh) AS micro_placed
      FROM measured GROUP BY local_date
    ),
    skipped AS (
      SELECT local_date, count_if(coalesce(value, 0) = 0) AS nonexistent, count_if(value IS NULL) AS empty_values
      FROM odd_label WHERE times = 0 GROUP BY local_date
    ),
    rejected AS (
      SELECT local_date, sum(value_count) AS rejected, sum(energy_kwh) AS rejected_kwh FROM reject GROUP BY local_date
    )
    SELECT ${word("eliq")} AS source, local_date, coalesce(values_in, 0)::BIGINT AS values_in, coalesce(placed_values, 0)::BIGINT AS placed_values,
      coalesce(readings, 0)::BIGINT AS readings, coalesce(split_values, 0)::BIGINT AS split_values,
      coalesce(nonexistent, 0)::BIGINT AS nonexistent, (came.empty_values - coalesce(skipped.empty_values, 0))::BIGINT AS missing,
      coalesce(rejected, 0)::BIGINT AS rejected, 0::BIGINT AS superseded, ${exactKwh("micro_in")} AS energy_in_kwh,
      ${exactKwh("micro_placed")} AS energy_placed_kwh, coalesce(rejected_kwh, 0)::DECIMAL(38, 6) AS energy_rejected_kwh,
      0::DECIMAL(38, 6) AS energy_superseded_kwh
    FROM came LEFT JOIN placed USING (local_date) LEFT JOIN skipped USING (local_date) LEFT JOIN rejected USING (local_date)`
};

/** Days of a month's reconciliation that don't balance, which must be none. */
export const unbalancedDays = `
  SELECT local_date FROM (${monthTables["quality.reconciliation"]})
  WHERE values_in <> placed_values + nonexistent + missing + rejected + superseded
    OR energy_in_kwh <> energy_placed_kwh + energy_rejected_kwh + energy_superseded_kwh`;

/** The hours of days that bear one of their labels: a label's energy is shared by them, what doesn't divide goes to the first. */
function placedHours(days: string): string {
  return `
    SELECT *,
      CASE WHEN wall_repeats = 1 THEN value ELSE (value + wall_repeats - wall_repeat) // wall_repeats END AS micro_kwh
    FROM (
      SELECT day.* EXCLUDE (energy_micro_kwh), slot.* EXCLUDE (local_date), day.energy_micro_kwh[slot.wall_slot] AS value
      FROM ${days} AS day JOIN slot_60 AS slot USING (local_date)
      WHERE day.value_count = 24
    )
    WHERE value BETWEEN 0 AND ${most} * wall_repeats`;
}
