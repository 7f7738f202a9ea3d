-- The portable functions that DuckDB lacks, as macros. Those of Spark's own keep Spark's names and meaning;
-- functions/spark.sql has the rest. Models call nothing else that the two engines don't share.

-- The whole number that a text says, 4.00E+05 too; NULL where it says none, or more than a whole.
CREATE OR REPLACE MACRO whole_number(label) AS
  CASE WHEN try_cast(label AS DECIMAL(24, 6)) % 1 = 0 THEN CAST(try_cast(label AS DECIMAL(24, 6)) AS BIGINT) END;

-- Arrays. NULL elements are no values: they count as elements and as nothing else.
CREATE OR REPLACE MACRO try_element_at(list, place) AS list_extract(list, place);
CREATE OR REPLACE MACRO array_size(list) AS CAST(len(list) AS INTEGER);
CREATE OR REPLACE MACRO array_min(list) AS list_min(list);
CREATE OR REPLACE MACRO array_max(list) AS list_max(list);
CREATE OR REPLACE MACRO collect_list(value) AS list(value);
CREATE OR REPLACE MACRO present_count(list) AS CAST(list_count(list) AS INTEGER);
CREATE OR REPLACE MACRO array_total(list) AS CAST(coalesce(list_sum(list), 0) AS BIGINT);

-- The least elements that 10, 50 and 90 % of the elements don't exceed (percentile_disc): the shares are DECIMAL, so
-- their places are counted in whole numbers.
CREATE OR REPLACE MACRO p10_p50_p90(list) AS list_aggregate(list, 'quantile_disc', [0.1, 0.5, 0.9]);

-- Every element times a whole factor, and back: what was scaled as JSON, as it came.
CREATE OR REPLACE MACRO scaled(list, factor) AS list_transform(list, lambda value: value * factor);
CREATE OR REPLACE MACRO unscaled_text(list, factor) AS
  CAST(to_json(list_transform(list, lambda value: value // factor)) AS VARCHAR);
CREATE OR REPLACE MACRO json_text(value) AS CAST(to_json(value) AS VARCHAR);

-- Whole numbers. A quotient drops its fraction; a rounded one rounds half up. Both for dividends of zero or more.
CREATE OR REPLACE MACRO quotient(dividend, divisor) AS dividend // divisor;
CREATE OR REPLACE MACRO rounded_quotient(dividend, divisor) AS (2 * dividend + divisor) // (2 * divisor);

-- A ratio of whole numbers to six decimals, half up; NULL when the divisor is zero. Only what BIGINT can't hold is
-- divided as HUGEINT, which is ten times slower.
CREATE OR REPLACE MACRO ratio(dividend, divisor) AS CAST(
  CASE WHEN dividend < 4000000000000 AND divisor < 1000000000000000000
    THEN (2000000 * CAST(dividend AS BIGINT) + CAST(divisor AS BIGINT)) // nullif(2 * CAST(divisor AS BIGINT), 0)
    ELSE CAST((2000000 * CAST(dividend AS HUGEINT) + divisor) // nullif(2 * CAST(divisor AS HUGEINT), 0) AS BIGINT)
  END / 1e6 AS DECIMAL(9, 6));

-- A mean of values with six decimals, by their sum and their number: to six decimals, half up, below zero too. NULL of none.
CREATE OR REPLACE MACRO mean_of(total, number) AS CAST(
  (2 * CAST(CAST(total AS DECIMAL(31, 6)) * 1000000 AS HUGEINT) + number
    - ((2 * CAST(CAST(total AS DECIMAL(31, 6)) * 1000000 AS HUGEINT) + number) % nullif(2 * number, 0) + 2 * number) % nullif(2 * number, 0))
  // nullif(2 * number, 0) AS DECIMAL(31, 0)) * 0.000001;

-- One bit of 60 for a whole number: equal numbers have the same one.
CREATE OR REPLACE MACRO bit_of(number) AS CAST(1 AS BIGINT) << CAST(abs(number) % 60 AS INTEGER);

-- Natural logarithms to nine decimals, and what a sum of them, and of their squares, says: their mean and their sample deviation. exp_of
-- is the way back, to six decimals. Engines' doubles differ in their last digits, which the rounding takes away;
-- a mean is a quotient of whole numbers, as halves would be rounded either way.
CREATE OR REPLACE MACRO ln_of(value) AS CAST(ln(CAST(value AS DOUBLE)) AS DECIMAL(18, 9));
CREATE OR REPLACE MACRO exp_of(value) AS CAST(exp(CAST(value AS DOUBLE)) AS DECIMAL(18, 6));
CREATE OR REPLACE MACRO mean_of_logs(total, number) AS CAST(CAST(mean_of(total * 1000, number) AS DECIMAL(18, 6)) * 0.001 AS DECIMAL(18, 9));
CREATE OR REPLACE MACRO deviation_of_logs(total, squares, number) AS CAST(
  sqrt(greatest(number * CAST(squares AS DOUBLE) - CAST(total AS DOUBLE) * CAST(total AS DOUBLE), 0) / nullif(CAST(number AS DOUBLE) * (number - 1), 0)) AS DECIMAL(18, 9));

-- Along a great circle of a sphere of the earth's mean radius, by the haversine formula, to a metre: degrees in, kilometres out.
-- Engines' doubles differ in their last digits, which the one rounding takes away.
CREATE OR REPLACE MACRO distance_km(latitude, longitude, other_latitude, other_longitude) AS CAST(2 * 6371.0088 * asin(sqrt(least(1,
  pow(sin(radians(CAST(other_latitude - latitude AS DOUBLE)) / 2), 2)
  + cos(radians(CAST(latitude AS DOUBLE))) * cos(radians(CAST(other_latitude AS DOUBLE)))
    * pow(sin(radians(CAST(other_longitude - longitude AS DOUBLE)) / 2), 2)))) AS DECIMAL(9, 3));

-- The part of a value that falls to the minutes from `before` to `before + minutes` out of `total`, in whole
-- micro-kWh: the parts of a value add up to it, and what doesn't divide goes to the first.
CREATE OR REPLACE MACRO share_of(value, total, before, minutes) AS
  (value * (before + minutes) + total - 1) // total - (value * before + total - 1) // total;

-- kWh and micro-kWh, exactly: below 10^15 micro-kWh a double is never a fourth of one off, and much faster.
CREATE OR REPLACE MACRO kwh(micro_kwh) AS CAST(CAST(micro_kwh AS DECIMAL(18, 0)) * 0.000001 AS DECIMAL(18, 6));
CREATE OR REPLACE MACRO kwh_total(micro_kwh) AS CAST(CAST(micro_kwh AS DECIMAL(31, 0)) * 0.000001 AS DECIMAL(38, 6));
CREATE OR REPLACE MACRO micro_kwh(kwh) AS
  CASE WHEN abs(kwh) < 1000000000 THEN CAST(CAST(kwh AS DOUBLE) * 1e6 AS BIGINT) ELSE CAST(CAST(kwh AS DECIMAL(31, 6)) * 1000000 AS BIGINT) END;

-- The mean power of some energy over some minutes.
CREATE OR REPLACE MACRO kw(energy_kwh, minutes) AS CASE minutes
  WHEN 60 THEN energy_kwh
  WHEN 30 THEN energy_kwh * 2
  WHEN 15 THEN energy_kwh * 4
  ELSE kwh(rounded_quotient(micro_kwh(energy_kwh) * 60, minutes)) END;

-- The whole micro-kWh of a value in one of the units Wh, kWh, MWh, MJ and m3, half up: the one rounding that energy goes through. A
-- kWh is 3.6 MJ, and a cubic metre holds its calorific value in MJ.
CREATE OR REPLACE MACRO micro_kwh_of(value, unit, calorific_value) AS CASE unit
  WHEN 'kWh' THEN micro_kwh(value)
  WHEN 'Wh' THEN rounded_quotient(micro_kwh(value), 1000)
  WHEN 'MWh' THEN micro_kwh(value) * 1000
  WHEN 'MJ' THEN rounded_quotient(micro_kwh(value) * 5, 18)
  WHEN 'm3' THEN CAST(rounded_quotient(CAST(micro_kwh(value) AS HUGEINT) * micro_kwh(calorific_value) * 5, 18000000) AS BIGINT)
END;

-- A part of a time as ISO 8601 writes it, or of the date or month alone: 1 the date, 4 the hour, 6 the minute, 9 what follows. ''
-- where there is none.
CREATE OR REPLACE MACRO stamp_part(stamp, part) AS regexp_extract(stamp,
  '^([0-9]{4}-[0-9]{2}(-[0-9]{2})?)([T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$', part);

-- Dates and instants, as whole minutes since 1970.
CREATE OR REPLACE MACRO month_of(date) AS strftime(date, '%Y-%m');
CREATE OR REPLACE MACRO iso_weekday(date) AS CAST(isodow(date) AS INTEGER);
CREATE OR REPLACE MACRO unix_date(date) AS CAST(date - DATE '1970-01-01' AS INTEGER);
CREATE OR REPLACE MACRO date_from_unix_date(days) AS DATE '1970-01-01' + CAST(days AS INTEGER);
CREATE OR REPLACE MACRO instant_at(minutes) AS make_timestamptz(minutes * 60000000);
CREATE OR REPLACE MACRO unix_minutes(instant) AS epoch_us(instant) // 60000000;
CREATE OR REPLACE MACRO local_minutes(minutes, tz) AS
  epoch_us(timezone(tz, make_timestamptz(minutes * 60000000))) // 60000000;
