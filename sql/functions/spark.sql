-- The portable functions that Spark lacks; functions/duckdb.sql says what each means.

CREATE OR REPLACE TEMPORARY FUNCTION mark_of(setting STRING, proven STRING) RETURNS STRING
  RETURN CASE setting WHEN ',' THEN ',.' WHEN '.' THEN '.,' ELSE proven END;
CREATE OR REPLACE TEMPORARY FUNCTION simple_number(text STRING, mark STRING) RETURNS DECIMAL(18, 6)
  RETURN CASE
    WHEN mark IS NULL OR mark LIKE '.%' THEN
      CASE WHEN text RLIKE '^-?[0-9]{1,11}([.][0-9]{1,6})?$' THEN try_cast(text AS DECIMAL(18, 6)) END
    WHEN mark LIKE ',%' THEN
      CASE WHEN text RLIKE '^-?[0-9]{1,11}(,[0-9]{1,6})?$' THEN try_cast(replace(text, ',', '.') AS DECIMAL(18, 6)) END END;
CREATE OR REPLACE TEMPORARY FUNCTION number_cleaned(text STRING) RETURNS STRING
  RETURN trim(translate(text, '\u2212\u00a0\u202f\u2009\u2007\t\u2019', '-     \u0027'));
CREATE OR REPLACE TEMPORARY FUNCTION is_point_number(cleaned STRING) RETURNS BOOLEAN
  RETURN cleaned RLIKE '^[+-]?(([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,4})?|[1-9][0-9]{0,2}((,[0-9]{3})+|( [0-9]{3})+|(\u0027[0-9]{3})+)([.][0-9]*)?)$';
CREATE OR REPLACE TEMPORARY FUNCTION is_comma_number(cleaned STRING) RETURNS BOOLEAN
  RETURN cleaned RLIKE '^[+-]?(([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,4})?|[1-9][0-9]{0,2}(([.][0-9]{3})+|( [0-9]{3})+|(\u0027[0-9]{3})+)(,[0-9]*)?)$';
CREATE OR REPLACE TEMPORARY FUNCTION number_mark(cleaned STRING, mark STRING) RETURNS STRING
  RETURN CASE
    WHEN is_point_number(cleaned) AND is_comma_number(cleaned) THEN CASE
      WHEN NOT contains(cleaned, '.') AND NOT contains(cleaned, ',') THEN '.'
      WHEN mark = '.,' OR (coalesce(mark, '.') = '.' AND contains(cleaned, '.')) THEN '.'
      WHEN mark = ',.' OR (mark = ',' AND contains(cleaned, ',')) THEN ','
      ELSE '?' END
    WHEN is_point_number(cleaned) AND coalesce(mark, '.') NOT LIKE ',%' THEN '.'
    WHEN is_comma_number(cleaned) AND coalesce(mark, ',') NOT LIKE '.%' THEN ',' END;
CREATE OR REPLACE TEMPORARY FUNCTION number_digits(cleaned STRING, mark STRING) RETURNS STRING
  RETURN CASE number_mark(cleaned, mark)
    WHEN '.' THEN translate(cleaned, ', \u0027', '')
    WHEN ',' THEN replace(translate(cleaned, '. \u0027', ''), ',', '.') END;
CREATE OR REPLACE TEMPORARY FUNCTION digits_value(digits STRING) RETURNS DECIMAL(38, 13)
  RETURN CASE
    WHEN digits RLIKE '[eE]' THEN CAST(try_cast(digits AS DECIMAL(38, 24)) - try_cast(digits AS DECIMAL(38, 24)) % 0.0000000000001 AS DECIMAL(38, 13))
    ELSE try_cast(regexp_extract(digits, '^[+-]?[0-9]*([.][0-9]{0,13})?', 0) AS DECIMAL(38, 13)) END;
CREATE OR REPLACE TEMPORARY FUNCTION wide_number(text STRING, mark STRING) RETURNS DECIMAL(38, 13)
  RETURN CASE
    WHEN (mark IS NULL OR mark LIKE '.%') AND text RLIKE '^-?[0-9]{1,5}[.][0-9]{4,}$'
      THEN CAST(try_cast(substr(text, 1, length(split_part(text, '.', 1)) + 14) AS DECIMAL(18, 13)) AS DECIMAL(38, 13))
    ELSE digits_value(number_digits(number_cleaned(text), mark)) END;
CREATE OR REPLACE TEMPORARY FUNCTION has_digit(text STRING) RETURNS BOOLEAN
  RETURN text RLIKE '^[^eE]*[1-9]';
CREATE OR REPLACE TEMPORARY FUNCTION rounded_measure(number DECIMAL(38, 13), text STRING) RETURNS DECIMAL(18, 6)
  RETURN CASE WHEN number > -999999999999 AND number < 999999999999 AND NOT (abs(number) < 0.0000005 AND has_digit(text)) THEN CAST(number AS DECIMAL(18, 6)) END;
CREATE OR REPLACE TEMPORARY FUNCTION measure_of(text STRING, mark STRING) RETURNS DECIMAL(18, 6)
  RETURN coalesce(simple_number(text, mark), CASE WHEN trim(text) <> '' THEN rounded_measure(wide_number(text, mark), text) END);
CREATE OR REPLACE TEMPORARY FUNCTION exact_number(text STRING, mark STRING) RETURNS DECIMAL(38, 13)
  RETURN coalesce(CAST(simple_number(text, mark) AS DECIMAL(38, 13)), CASE WHEN trim(text) <> '' THEN wide_number(text, mark) END);
CREATE OR REPLACE TEMPORARY FUNCTION scaled_digits(digits DECIMAL(38, 0), divisor DECIMAL(38, 0)) RETURNS DECIMAL(38, 0)
  RETURN CAST(CASE WHEN digits < 0 THEN -((divisor - 2 * digits - 1) DIV (2 * divisor)) ELSE (2 * digits + divisor) DIV (2 * divisor) END AS DECIMAL(38, 0));
CREATE OR REPLACE TEMPORARY FUNCTION scaled_measure(number DECIMAL(38, 13), times BIGINT, parts BIGINT) RETURNS DECIMAL(18, 6)
  RETURN CASE WHEN abs(number) < 999999999999 AND (number = 0 OR abs(number) * times >= 0.0000005 * parts)
    THEN CAST(CAST(scaled_digits(CAST(CAST(number * 10000000000000 AS DECIMAL(32, 0)) * times AS DECIMAL(38, 0)), CAST(parts AS DECIMAL(38, 0)) * 10000000) AS DECIMAL(31, 0)) * 0.000001 AS DECIMAL(18, 6)) END;
CREATE OR REPLACE TEMPORARY FUNCTION whole_part(number DECIMAL(38, 13), text STRING) RETURNS BIGINT
  RETURN CASE WHEN abs(number) < 1000000000000000000 AND number % 1 = 0 AND (number <> 0 OR NOT has_digit(text)) THEN CAST(number AS BIGINT) END;
CREATE OR REPLACE TEMPORARY FUNCTION whole_number(text STRING, mark STRING) RETURNS BIGINT
  RETURN CASE
    WHEN text RLIKE '^-?[0-9]{1,18}$' THEN try_cast(text AS BIGINT)
    WHEN trim(text) <> '' THEN whole_part(wide_number(text, mark), text) END;
CREATE OR REPLACE TEMPORARY FUNCTION number_fault(text STRING, mark STRING) RETURNS STRING
  RETURN CASE
    WHEN number_mark(number_cleaned(text), mark) = '?' THEN 'may have a decimal comma or a decimal point: ' || text || '; set decimalMark of its source to , or .'
    WHEN number_mark(number_cleaned(text), mark) IS NULL AND (is_point_number(number_cleaned(text)) OR is_comma_number(number_cleaned(text)))
      THEN 'is no number with the decimal mark ' || substr(mark, 1, 1) || ': ' || text
    WHEN number_mark(number_cleaned(text), mark) IS NULL THEN 'is no number: ' || text
    WHEN text RLIKE '^[^eE]*[1-9][^eE]*[eE]-' OR text RLIKE '^[^1-9]*[0.,]+[1-9]' THEN 'is not zero but too small to keep: ' || text
    ELSE 'is too large: ' || text END;
CREATE OR REPLACE TEMPORARY FUNCTION count_fault(text STRING, mark STRING) RETURNS STRING
  RETURN CASE
    WHEN number_mark(number_cleaned(text), mark) = '?' THEN number_fault(text, mark)
    ELSE 'is no whole number: ' || coalesce(text, 'none') END;
CREATE OR REPLACE TEMPORARY FUNCTION present_count(list ARRAY<BIGINT>) RETURNS INT
  RETURN array_size(array_compact(list));
CREATE OR REPLACE TEMPORARY FUNCTION array_total(list ARRAY<BIGINT>) RETURNS BIGINT
  RETURN coalesce(aggregate(list, 0L, (total, value) -> total + coalesce(value, 0L)), 0L);
CREATE OR REPLACE TEMPORARY FUNCTION p10_p50_p90(list ARRAY<DECIMAL(18, 6)>) RETURNS ARRAY<DECIMAL(18, 6)>
  RETURN transform(array(1, 5, 9), tenths -> element_at(sort_array(list), CAST((tenths * size(list) + 9) DIV 10 AS INT)));
CREATE OR REPLACE TEMPORARY FUNCTION scaled(list ARRAY<BIGINT>, factor BIGINT) RETURNS ARRAY<BIGINT>
  RETURN transform(list, value -> value * factor);
CREATE OR REPLACE TEMPORARY FUNCTION unscaled_text(list ARRAY<BIGINT>, factor BIGINT) RETURNS STRING
  RETURN to_json(transform(list, value -> value DIV factor));
CREATE OR REPLACE TEMPORARY FUNCTION json_text(value ARRAY<BIGINT>) RETURNS STRING
  RETURN to_json(value);

CREATE OR REPLACE TEMPORARY FUNCTION quotient(dividend BIGINT, divisor BIGINT) RETURNS BIGINT
  RETURN dividend DIV divisor;
CREATE OR REPLACE TEMPORARY FUNCTION rounded_quotient(dividend DECIMAL(38, 0), divisor DECIMAL(38, 0)) RETURNS BIGINT
  RETURN (2 * dividend + divisor) DIV (2 * divisor);
CREATE OR REPLACE TEMPORARY FUNCTION ratio(dividend DECIMAL(38, 0), divisor DECIMAL(38, 0)) RETURNS DECIMAL(9, 6)
  RETURN CAST(CAST((2000000 * dividend + divisor) DIV nullif(2 * divisor, 0) AS DECIMAL(18, 0)) * 0.000001 AS DECIMAL(9, 6));
CREATE OR REPLACE TEMPORARY FUNCTION mean_of(total DECIMAL(31, 6), number BIGINT) RETURNS DECIMAL(38, 6)
  RETURN CAST(floor(CAST(2000000 * total + number AS DECIMAL(38, 0)) / nullif(2 * number, 0)) AS DECIMAL(31, 0)) * 0.000001;
CREATE OR REPLACE TEMPORARY FUNCTION ln_of(value DECIMAL(38, 0)) RETURNS DECIMAL(18, 9)
  RETURN CAST(ln(CAST(value AS DOUBLE)) AS DECIMAL(18, 9));
CREATE OR REPLACE TEMPORARY FUNCTION exp_of(value DECIMAL(38, 18)) RETURNS DECIMAL(18, 6)
  RETURN CAST(exp(CAST(value AS DOUBLE)) AS DECIMAL(18, 6));
CREATE OR REPLACE TEMPORARY FUNCTION mean_of_logs(total DECIMAL(38, 9), number BIGINT) RETURNS DECIMAL(18, 9)
  RETURN CAST(CAST(mean_of(CAST(total * 1000 AS DECIMAL(31, 6)), number) AS DECIMAL(18, 6)) * 0.001 AS DECIMAL(18, 9));
CREATE OR REPLACE TEMPORARY FUNCTION deviation_of_logs(total DECIMAL(38, 9), squares DECIMAL(38, 18), number BIGINT) RETURNS DECIMAL(18, 9)
  RETURN CAST(sqrt(greatest(number * CAST(squares AS DOUBLE) - CAST(total AS DOUBLE) * CAST(total AS DOUBLE), 0) / nullif(CAST(number AS DOUBLE) * (number - 1), 0)) AS DECIMAL(18, 9));
CREATE OR REPLACE TEMPORARY FUNCTION distance_km(latitude DECIMAL(9, 6), longitude DECIMAL(9, 6), other_latitude DECIMAL(9, 6), other_longitude DECIMAL(9, 6))
  RETURNS DECIMAL(9, 3)
  RETURN CAST(2 * 6371.0088D * asin(sqrt(least(1D,
    pow(sin(radians(CAST(other_latitude - latitude AS DOUBLE)) / 2), 2)
    + cos(radians(CAST(latitude AS DOUBLE))) * cos(radians(CAST(other_latitude AS DOUBLE)))
      * pow(sin(radians(CAST(other_longitude - longitude AS DOUBLE)) / 2), 2)))) AS DECIMAL(9, 3));
CREATE OR REPLACE TEMPORARY FUNCTION share_of(value BIGINT, total BIGINT, before BIGINT, minutes BIGINT) RETURNS BIGINT
  RETURN (value * (before + minutes) + total - 1) DIV total - (value * before + total - 1) DIV total;

CREATE OR REPLACE TEMPORARY FUNCTION bit_of(number BIGINT) RETURNS BIGINT
  RETURN shiftleft(1L, CAST(abs(number) % 60 AS INT));

CREATE OR REPLACE TEMPORARY FUNCTION kwh(micro_kwh BIGINT) RETURNS DECIMAL(18, 6)
  RETURN CAST(CAST(micro_kwh AS DECIMAL(18, 0)) * 0.000001 AS DECIMAL(18, 6));
CREATE OR REPLACE TEMPORARY FUNCTION kwh_total(micro_kwh DECIMAL(38, 0)) RETURNS DECIMAL(38, 6)
  RETURN CAST(CAST(micro_kwh AS DECIMAL(31, 0)) * 0.000001 AS DECIMAL(38, 6));
CREATE OR REPLACE TEMPORARY FUNCTION micro_kwh(kwh DECIMAL(38, 6)) RETURNS BIGINT
  RETURN CAST(kwh * 1000000 AS BIGINT);
CREATE OR REPLACE TEMPORARY FUNCTION kw(energy_kwh DECIMAL(18, 6), minutes INT) RETURNS DECIMAL(38, 6)
  RETURN CASE minutes
    WHEN 60 THEN energy_kwh
    WHEN 30 THEN energy_kwh * 2
    WHEN 15 THEN energy_kwh * 4
    ELSE kwh(rounded_quotient(micro_kwh(energy_kwh) * 60, minutes)) END;

CREATE OR REPLACE TEMPORARY FUNCTION micro_kwh_of(value DECIMAL(18, 6), unit STRING, calorific_value DECIMAL(18, 6)) RETURNS BIGINT
  RETURN CASE unit
    WHEN 'kWh' THEN micro_kwh(value)
    WHEN 'Wh' THEN rounded_quotient(micro_kwh(value), 1000)
    WHEN 'MWh' THEN micro_kwh(value) * 1000
    WHEN 'MJ' THEN rounded_quotient(micro_kwh(value) * 5, 18)
    WHEN 'm3' THEN rounded_quotient(CAST(micro_kwh(value) AS DECIMAL(19, 0)) * CAST(micro_kwh(calorific_value) * 5 AS DECIMAL(18, 0)), 18000000) END;

CREATE OR REPLACE TEMPORARY FUNCTION is_power(unit STRING) RETURNS BOOLEAN
  RETURN unit IN ('W', 'kW', 'MW', 'GW');
CREATE OR REPLACE TEMPORARY FUNCTION is_gas_volume(unit STRING) RETURNS BOOLEAN
  RETURN unit IN ('m3', 'ft3');
CREATE OR REPLACE TEMPORARY FUNCTION unit_parts(unit STRING) RETURNS BIGINT
  RETURN CAST(CASE unit
    WHEN 'Wh' THEN 1000L WHEN 'kWh' THEN 1000000L WHEN 'MWh' THEN 1000000000L WHEN 'GWh' THEN 1000000000000L
    WHEN 'W' THEN 1000L WHEN 'kW' THEN 1000000L WHEN 'MW' THEN 1000000000L WHEN 'GW' THEN 1000000000000L
    WHEN 'kJ' THEN 2500L WHEN 'MJ' THEN 2500000L WHEN 'GJ' THEN 2500000000L
    WHEN 'therm' THEN 263701000L WHEN 'BTU' THEN 52752792631L
    WHEN 'm3' THEN 2500000L WHEN 'ft3' THEN 221225364L END AS BIGINT);
CREATE OR REPLACE TEMPORARY FUNCTION unit_divisor(unit STRING) RETURNS BIGINT
  RETURN CAST(CASE unit
    WHEN 'Wh' THEN 1L WHEN 'kWh' THEN 1L WHEN 'MWh' THEN 1L WHEN 'GWh' THEN 1L
    WHEN 'W' THEN 60L WHEN 'kW' THEN 60L WHEN 'MW' THEN 60L WHEN 'GW' THEN 60L
    WHEN 'kJ' THEN 9L WHEN 'MJ' THEN 9L WHEN 'GJ' THEN 9L
    WHEN 'therm' THEN 9L WHEN 'BTU' THEN 180000000L
    WHEN 'm3' THEN 9000000L WHEN 'ft3' THEN 28125000000L END AS BIGINT);
CREATE OR REPLACE TEMPORARY FUNCTION unit_times(unit STRING, calorific_value DECIMAL(18, 6), minutes BIGINT) RETURNS BIGINT
  RETURN CASE WHEN is_gas_volume(unit) THEN micro_kwh(calorific_value) WHEN is_power(unit) THEN minutes ELSE 1L END;
CREATE OR REPLACE TEMPORARY FUNCTION is_energy_in_range(value DECIMAL(38, 13), unit STRING, times BIGINT) RETURNS BOOLEAN
  RETURN abs(CAST(value AS DOUBLE)) * CAST(unit_parts(unit) AS DOUBLE) * CAST(times AS DOUBLE) / CAST(unit_divisor(unit) AS DOUBLE) <= 1e14D;
CREATE OR REPLACE TEMPORARY FUNCTION exact_micro_kwh(value DECIMAL(38, 13), unit STRING, calorific_value DECIMAL(18, 6), minutes BIGINT) RETURNS BIGINT
  RETURN CASE
    WHEN unit = 'kWh' AND abs(value) <= 100000000 THEN micro_kwh(CAST(value AS DECIMAL(18, 6)))
    WHEN is_energy_in_range(value, unit, unit_times(unit, calorific_value, minutes)) THEN
      CASE WHEN value < 0 THEN -1L ELSE 1L END * CAST(scaled_digits(
        CAST(CAST(CAST(abs(value) * 10000000000000 AS DECIMAL(38, 0)) * unit_parts(unit) AS DECIMAL(38, 0)) * unit_times(unit, calorific_value, minutes) AS DECIMAL(38, 0)),
        CAST(CAST(unit_divisor(unit) AS DECIMAL(38, 0)) * 10000000000000 AS DECIMAL(38, 0))) AS BIGINT) END;

CREATE OR REPLACE TEMPORARY FUNCTION stamp_part(stamp STRING, part INT) RETURNS STRING
  RETURN regexp_extract(stamp,
    '^([0-9]{4}-[0-9]{2}(-[0-9]{2})?)([T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$', part);

CREATE OR REPLACE TEMPORARY FUNCTION without_blanks(text STRING) RETURNS STRING
  RETURN trim(translate(text, '\u0009\u00a0\u202f', '   '));
CREATE OR REPLACE TEMPORARY FUNCTION year_first(text STRING, form STRING) RETURNS STRING
  RETURN CASE
    WHEN form = 'day_first' AND regexp_extract(text, '^[0-9]{4}', 0) = '' THEN regexp_replace(regexp_extract(text, '^[0-9]{1,2}([-/.])[0-9]{1,2}[-/.][0-9]{4}(?:[^0-9].*)?$', 0),
      '^([0-9]+)([-/.])([0-9]+)([-/.])([0-9]+)', '$5$2$3$4$1')
    WHEN form = 'month_first' AND regexp_extract(text, '^[0-9]{4}', 0) = '' THEN regexp_replace(regexp_extract(text, '^[0-9]{1,2}([-/.])[0-9]{1,2}[-/.][0-9]{4}(?:[^0-9].*)?$', 0),
      '^([0-9]+)([-/.])([0-9]+)([-/.])([0-9]+)', '$5$2$1$4$3')
    ELSE regexp_replace(text, '^([0-9]{4})([0-9]{2})([0-9]{2})([Tt ,].*)?$', '$1-$2-$3$4') END;
CREATE OR REPLACE TEMPORARY FUNCTION stamp_group(text STRING, part INT) RETURNS STRING
  RETURN regexp_extract(text,
    r'^([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|[.]([0-9]{1,2})[.])([0-9]{1,2})(?:(?: *[Tt] *|,? +)(?:([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?)?|([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]+))?)?|([0-9]{1,2})[.]([0-9]{2})(?:[.]([0-9]{2}))?)(?: *([AaPp])[.]?[Mm][.]?)?(?: *([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)(?:\[[A-Za-z0-9_/+-]+\])?)?)?$',
    part);
CREATE OR REPLACE TEMPORARY FUNCTION stamp_zone(zone STRING) RETURNS STRING
  RETURN CASE WHEN zone IN ('Z', 'z', 'UTC', 'GMT') THEN '+0000' WHEN zone = '' THEN '' ELSE rpad(replace(zone, ':', ''), 5, '0') END;
CREATE OR REPLACE TEMPORARY FUNCTION stamp_of(day STRING, hour INT, minute STRING, second STRING, fraction STRING, half STRING, zone STRING) RETURNS STRING
  RETURN CASE
    WHEN try_cast(day AS DATE) IS NULL THEN NULL
    WHEN hour IS NULL THEN day
    WHEN half <> '' AND hour NOT BETWEEN 1 AND 12 THEN NULL
    WHEN hour > 24 OR minute > '59' OR second > '59' OR (hour = 24 AND (minute > '00' OR second > '00' OR fraction <> '')) THEN NULL
    WHEN substr(zone, 2, 4) > '1400' OR substr(zone, 4, 2) > '59' THEN NULL
    ELSE day || 'T'
      || lpad(CAST(CASE half WHEN 'A' THEN hour % 12 WHEN 'P' THEN hour % 12 + 12 ELSE hour END AS STRING), 2, '0')
      || ':' || minute
      || CASE WHEN second = '00' AND fraction = '' THEN '' WHEN fraction = '' THEN ':' || second ELSE ':' || second || '.' || fraction END
      || CASE WHEN zone = '' THEN '' WHEN substr(zone, 2) = '0000' THEN 'Z' ELSE substr(zone, 1, 3) || ':' || substr(zone, 4, 2) END END;
CREATE OR REPLACE TEMPORARY FUNCTION written_stamp(text STRING, form STRING) RETURNS STRING
  RETURN CASE
    WHEN form = 'iso' AND regexp_extract(text, '^[0-9]{4}-(?:0[1-9]|1[0-2])$', 0) <> '' THEN text
    WHEN form = 'iso' AND (stamp_group(text, 14) <> '' OR stamp_group(text, 17) <> '') THEN NULL
    WHEN stamp_group(year_first(text, form), 1) <> '' THEN stamp_of(
      stamp_group(year_first(text, form), 1)
        || '-' || lpad(stamp_group(year_first(text, form), 2) || stamp_group(year_first(text, form), 3) || stamp_group(year_first(text, form), 4), 2, '0')
        || '-' || lpad(stamp_group(year_first(text, form), 5), 2, '0'),
      CAST(nullif(stamp_group(year_first(text, form), 6) || stamp_group(year_first(text, form), 10) || stamp_group(year_first(text, form), 14), '') AS INT),
      coalesce(nullif(stamp_group(year_first(text, form), 7) || stamp_group(year_first(text, form), 11) || stamp_group(year_first(text, form), 15), ''), '00'),
      coalesce(nullif(stamp_group(year_first(text, form), 8) || stamp_group(year_first(text, form), 12) || stamp_group(year_first(text, form), 16), ''), '00'),
      rtrim('0', stamp_group(year_first(text, form), 9) || stamp_group(year_first(text, form), 13)),
      upper(stamp_group(year_first(text, form), 17)),
      stamp_zone(stamp_group(year_first(text, form), 18))) END;
CREATE OR REPLACE TEMPORARY FUNCTION epoch_text(ms BIGINT) RETURNS STRING
  RETURN CAST(date_from_unix_date(CAST(ms DIV 86400000 AS INT)) AS STRING) || 'T'
    || lpad(CAST(ms DIV 3600000 % 24 AS STRING), 2, '0') || ':' || lpad(CAST(ms DIV 60000 % 60 AS STRING), 2, '0')
    || CASE WHEN ms % 60000 = 0 THEN '' ELSE ':' || lpad(CAST(ms DIV 1000 % 60 AS STRING), 2, '0') END
    || CASE WHEN ms % 1000 = 0 THEN '' ELSE '.' || rtrim('0', lpad(CAST(ms % 1000 AS STRING), 3, '0')) END
    || 'Z';
CREATE OR REPLACE TEMPORARY FUNCTION epoch_milliseconds_of(text STRING, form STRING) RETURNS BIGINT
  RETURN CASE WHEN regexp_extract(text, '^[0-9]+(?:[.][0-9]*)?(?:[eE][+]?[0-9]+)?$', 0) <> '' THEN
    CAST(floor(try_cast(text AS DECIMAL(24, 6)) * CASE form WHEN 'epoch_seconds' THEN 1000 ELSE 1 END) AS BIGINT) END;
CREATE OR REPLACE TEMPORARY FUNCTION epoch_stamp(text STRING, form STRING) RETURNS STRING
  RETURN CASE WHEN epoch_milliseconds_of(text, form) BETWEEN CASE form WHEN 'epoch_seconds' THEN 0 ELSE 100000000000 END AND 99999999999999
    THEN epoch_text(epoch_milliseconds_of(text, form)) END;
CREATE OR REPLACE TEMPORARY FUNCTION iso_stamp(text STRING, form STRING) RETURNS STRING
  RETURN CASE WHEN form IN ('epoch_seconds', 'epoch_milliseconds') THEN epoch_stamp(without_blanks(text), form)
    ELSE written_stamp(without_blanks(text), form) END;
CREATE OR REPLACE TEMPORARY FUNCTION stamp_minutes(iso STRING) RETURNS BIGINT
  RETURN CAST(unix_date(try_cast(rpad(substr(iso, 1, 10), 10, '-01') AS DATE)) AS BIGINT) * 1440
    + coalesce(CAST(nullif(substr(iso, 12, 2), '') AS BIGINT) * 60 + CAST(nullif(substr(iso, 15, 2), '') AS BIGINT), 0);
CREATE OR REPLACE TEMPORARY FUNCTION stamp_seconds(iso STRING) RETURNS INT
  RETURN CASE WHEN substr(iso, 17, 1) = ':' THEN CAST(substr(iso, 18, 2) AS INT) WHEN iso IS NOT NULL THEN 0 END;
CREATE OR REPLACE TEMPORARY FUNCTION stamp_offset(iso STRING) RETURNS INT
  RETURN CASE
    WHEN iso LIKE '%Z' THEN 0
    WHEN iso LIKE '____-__-__T%+__:__' OR iso LIKE '____-__-__T%-__:__'
      THEN CAST(substr(iso, length(iso) - 5, 1) || '1' AS INT) * (60 * CAST(substr(iso, length(iso) - 4, 2) AS INT) + CAST(substr(iso, length(iso) - 1, 2) AS INT)) END;
CREATE OR REPLACE TEMPORARY FUNCTION instant_seconds(iso STRING) RETURNS BIGINT
  RETURN (stamp_minutes(iso) - stamp_offset(iso)) * 60 + stamp_seconds(iso);

CREATE OR REPLACE TEMPORARY FUNCTION clock_seconds(iso STRING) RETURNS BIGINT
  RETURN CASE WHEN length(iso) >= 16 THEN stamp_minutes(iso) * 60 + stamp_seconds(iso) END;
CREATE OR REPLACE TEMPORARY FUNCTION utc_seconds(iso STRING) RETURNS BIGINT
  RETURN clock_seconds(iso) - coalesce(stamp_offset(iso), 0) * 60;
CREATE OR REPLACE TEMPORARY FUNCTION whole_minutes(seconds BIGINT) RETURNS BIGINT
  RETURN CASE WHEN seconds % 60 = 0 THEN seconds DIV 60 END;

CREATE OR REPLACE TEMPORARY FUNCTION month_of(date DATE) RETURNS STRING
  RETURN date_format(date, 'yyyy-MM');
CREATE OR REPLACE TEMPORARY FUNCTION iso_weekday(date DATE) RETURNS INT
  RETURN weekday(date) + 1;
CREATE OR REPLACE TEMPORARY FUNCTION instant_at(minutes BIGINT) RETURNS TIMESTAMP
  RETURN timestamp_seconds(minutes * 60);
CREATE OR REPLACE TEMPORARY FUNCTION instant_at_second(seconds BIGINT) RETURNS TIMESTAMP
  RETURN timestamp_seconds(seconds);
CREATE OR REPLACE TEMPORARY FUNCTION unix_minutes(instant TIMESTAMP) RETURNS BIGINT
  RETURN unix_seconds(instant) DIV 60;
CREATE OR REPLACE TEMPORARY FUNCTION local_minutes(minutes BIGINT, tz STRING) RETURNS BIGINT
  RETURN unix_seconds(from_utc_timestamp(timestamp_seconds(minutes * 60), tz)) DIV 60;
CREATE OR REPLACE TEMPORARY FUNCTION local_date_of(iso STRING, tz STRING) RETURNS DATE
  RETURN CASE
    WHEN instant_seconds(iso) IS NOT NULL THEN CAST(from_utc_timestamp(timestamp_seconds(instant_seconds(iso)), tz) AS DATE)
    WHEN length(iso) >= 10 THEN try_cast(substr(iso, 1, 10) AS DATE) END;
