-- The portable functions that DuckDB lacks, as macros. Those of Spark's own keep Spark's names and meaning;
-- functions/spark.sql has the rest. Models call nothing else that the two engines don't share.

-- Numbers in text: one grammar for every source. A mark is what a file proves, or its source sets: '.' or ',' is the decimal mark;
-- a second character, '.,' or ',.', says that the other mark groups thousands; '?' says that values of the file prove both, NULL that
-- none proves any. A point is then the decimal mark, and a comma only in a text that leaves no other reading, such as 1,25.
CREATE OR REPLACE MACRO mark_of(setting, proven) AS CASE setting WHEN ',' THEN ',.' WHEN '.' THEN '.,' ELSE proven END;

-- A number of at most eleven digits and six decimals without grouping, as nearly all are; NULL for every other text.
CREATE OR REPLACE MACRO simple_number(text, mark) AS CASE
  WHEN mark IS NULL OR mark LIKE '.%' THEN
    CASE WHEN regexp_matches(text, '^-?[0-9]{1,11}([.][0-9]{1,6})?$') THEN try_cast(text AS DECIMAL(18, 6)) END
  WHEN mark LIKE ',%' THEN
    CASE WHEN regexp_matches(text, '^-?[0-9]{1,11}(,[0-9]{1,6})?$') THEN try_cast(replace(text, ',', '.') AS DECIMAL(18, 6)) END END;

-- A text with one kind of minus, space and apostrophe, and none at its ends.
CREATE OR REPLACE MACRO number_cleaned(text) AS
  trim(translate(text, chr(8722) || chr(160) || chr(8239) || chr(8201) || chr(8199) || chr(9) || chr(8217), '-     '''));

-- Whether a cleaned text is a number with this decimal mark: 12.5, 1,234.5, 1 234.5, 1'234.5, 1.5e3. Groups are of three digits, of one
-- mark throughout, and begin with no zero.
CREATE OR REPLACE MACRO is_point_number(cleaned) AS regexp_matches(cleaned,
  '^[+-]?(([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,4})?|[1-9][0-9]{0,2}((,[0-9]{3})+|( [0-9]{3})+|(''[0-9]{3})+)([.][0-9]*)?)$');
CREATE OR REPLACE MACRO is_comma_number(cleaned) AS regexp_matches(cleaned,
  '^[+-]?(([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,4})?|[1-9][0-9]{0,2}(([.][0-9]{3})+|( [0-9]{3})+|(''[0-9]{3})+)(,[0-9]*)?)$');

-- The decimal mark by which a cleaned text is read: '?' where it has two readings and nothing decides, NULL where it has none. Here and
-- below, a list of one element names what would otherwise be written out, and worked out, wherever it is used.
CREATE OR REPLACE MACRO number_mark(cleaned, mark) AS list_extract(list_transform(
  [(is_point_number(cleaned), is_comma_number(cleaned))],
  lambda reading: CASE
    WHEN reading[1] AND reading[2] THEN CASE
      WHEN NOT contains(cleaned, '.') AND NOT contains(cleaned, ',') THEN '.'
      WHEN mark = '.,' OR (coalesce(mark, '.') = '.' AND contains(cleaned, '.')) THEN '.'
      WHEN mark = ',.' OR (mark = ',' AND contains(cleaned, ',')) THEN ','
      ELSE '?' END
    WHEN reading[1] AND coalesce(mark, '.') NOT LIKE ',%' THEN '.'
    WHEN reading[2] AND coalesce(mark, ',') NOT LIKE '.%' THEN ','
  END), 1);

-- A cleaned text with a point as its only mark.
CREATE OR REPLACE MACRO number_digits(cleaned, mark) AS list_extract(list_transform([number_mark(cleaned, mark)], lambda reading: CASE
  WHEN reading = '.' THEN translate(cleaned, ', ''', '')
  WHEN reading = ',' THEN replace(translate(cleaned, '. ''', ''), ',', '.') END), 1);

-- The number that a text says, its thirteen first decimals: what follows can't change a rounding to six. NULL where it says none, or
-- one beyond 24 digits (13 with a power of ten). Plain text with many decimals, as programs write it, takes the first and faster way.
CREATE OR REPLACE MACRO digits_value(digits) AS CASE
  WHEN regexp_matches(digits, '[eE]') THEN CAST(try_cast(digits AS DECIMAL(38, 24)) - try_cast(digits AS DECIMAL(38, 24)) % 0.0000000000001 AS DECIMAL(38, 13))
  ELSE try_cast(regexp_extract(digits, '^[+-]?[0-9]*([.][0-9]{0,13})?', 0) AS DECIMAL(38, 13)) END;
CREATE OR REPLACE MACRO wide_number(text, mark) AS CASE
  WHEN (mark IS NULL OR mark LIKE '.%') AND regexp_matches(text, '^-?[0-9]{1,5}[.][0-9]{4,}$')
    THEN CAST(try_cast(substr(text, 1, length(split_part(text, '.', 1)) + 14) AS DECIMAL(18, 13)) AS DECIMAL(38, 13))
  ELSE list_extract(list_transform(list_transform([number_cleaned(text)], lambda cleaned: number_digits(cleaned, mark)), lambda digits: digits_value(digits)), 1) END;

-- Whether a text has a digit other than zero before its power of ten.
CREATE OR REPLACE MACRO has_digit(text) AS regexp_matches(text, '^[^eE]*[1-9]');

-- A number in DECIMAL(18, 6), rounded half up: NULL where a text says none, where it is too large, and where it isn't zero but would
-- become it.
CREATE OR REPLACE MACRO rounded_measure(number, text) AS list_extract(list_transform([number], lambda exact: CASE
  WHEN exact > -999999999999 AND exact < 999999999999 AND NOT (abs(exact) < 0.0000005 AND has_digit(text)) THEN CAST(exact AS DECIMAL(18, 6)) END), 1);
CREATE OR REPLACE MACRO measure_of(text, mark) AS
  coalesce(simple_number(text, mark), CASE WHEN trim(text) <> '' THEN rounded_measure(wide_number(text, mark), text) END);

-- The number that a text says, exact to thirteen decimals; NULL where it says none.
CREATE OR REPLACE MACRO exact_number(text, mark) AS
  coalesce(CAST(simple_number(text, mark) AS DECIMAL(38, 13)), CASE WHEN trim(text) <> '' THEN wide_number(text, mark) END);

-- A number in another unit, times / parts of its own, rounded half up once; NULL as rounded_measure, and where the result would become zero.
CREATE OR REPLACE MACRO scaled_digits(digits, divisor) AS
  CASE WHEN digits < 0 THEN -((divisor - 2 * digits - 1) // (2 * divisor)) ELSE (2 * digits + divisor) // (2 * divisor) END;
CREATE OR REPLACE MACRO scaled_measure(number, times, parts) AS list_extract(list_transform([number], lambda exact: CASE
  WHEN abs(exact) < 999999999999 AND (exact = 0 OR abs(exact) * times >= 0.0000005 * parts)
    THEN CAST(CAST(scaled_digits(CAST(exact * 10000000000000 AS HUGEINT) * times, CAST(parts AS HUGEINT) * 10000000) AS DECIMAL(31, 0)) * 0.000001 AS DECIMAL(18, 6)) END), 1);

-- The whole number that a text says, 4.00E+05 too; NULL where it says none, or more than a whole.
CREATE OR REPLACE MACRO whole_part(number, text) AS list_extract(list_transform([number], lambda exact:
  CASE WHEN abs(exact) < 1000000000000000000 AND exact % 1 = 0 AND (exact <> 0 OR NOT has_digit(text)) THEN CAST(exact AS BIGINT) END), 1);
CREATE OR REPLACE MACRO whole_number(text, mark) AS CASE
  WHEN regexp_matches(text, '^-?[0-9]{1,18}$') THEN try_cast(text AS BIGINT)
  WHEN trim(text) <> '' THEN whole_part(wide_number(text, mark), text) END;

-- Why a text gives no measure, behind the name of what it should be.
CREATE OR REPLACE MACRO number_fault(text, mark) AS list_extract(list_transform(
  list_transform([number_cleaned(text)], lambda cleaned: (number_mark(cleaned, mark), is_point_number(cleaned) OR is_comma_number(cleaned))),
  lambda reading: CASE
    WHEN reading[1] = '?' THEN 'may have a decimal comma or a decimal point: ' || text || '; set decimalMark of its source to , or .'
    WHEN reading[1] IS NULL AND reading[2] THEN 'is no number with the decimal mark ' || substr(mark, 1, 1) || ': ' || text
    WHEN reading[1] IS NULL THEN 'is no number: ' || text
    WHEN regexp_matches(text, '^[^eE]*[1-9][^eE]*[eE]-') OR regexp_matches(text, '^[^1-9]*[0.,]+[1-9]') THEN 'is not zero but too small to keep: ' || text
    ELSE 'is too large: ' || text END), 1);
-- Why a text gives no count: it may be ambiguous, too.
CREATE OR REPLACE MACRO count_fault(text, mark) AS CASE
  WHEN number_mark(number_cleaned(text), mark) = '?' THEN number_fault(text, mark)
  ELSE 'is no whole number: ' || coalesce(text, 'none') END;

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

-- The whole micro-kWh of a value with at most six decimals in one of the units Wh, kWh, MWh, MJ and m3, half up: the one rounding that
-- energy goes through. A kWh is 3.6 MJ, and a cubic metre holds its calorific value in MJ.
CREATE OR REPLACE MACRO micro_kwh_of(value, unit, calorific_value) AS CASE unit
  WHEN 'kWh' THEN micro_kwh(value)
  WHEN 'Wh' THEN rounded_quotient(micro_kwh(value), 1000)
  WHEN 'MWh' THEN micro_kwh(value) * 1000
  WHEN 'MJ' THEN rounded_quotient(micro_kwh(value) * 5, 18)
  WHEN 'm3' THEN CAST(rounded_quotient(CAST(micro_kwh(value) AS HUGEINT) * micro_kwh(calorific_value) * 5, 18000000) AS BIGINT)
END;

-- The units of energy, of gas and of mean power, and the micro-kWh in one: unit_parts / unit_divisor, times the calorific value in micro-MJ for
-- gas and the minutes for power. A therm is that of the US, 105,480,400 J; a BTU that of the International Table, 1055.05585262 J; a
-- cubic foot is 0.3048 m cubed.
CREATE OR REPLACE MACRO is_power(unit) AS unit IN ('W', 'kW', 'MW', 'GW');
CREATE OR REPLACE MACRO is_gas_volume(unit) AS unit IN ('m3', 'ft3');
CREATE OR REPLACE MACRO unit_parts(unit) AS CAST(CASE unit
  WHEN 'Wh' THEN 1000 WHEN 'kWh' THEN 1000000 WHEN 'MWh' THEN 1000000000 WHEN 'GWh' THEN 1000000000000
  WHEN 'W' THEN 1000 WHEN 'kW' THEN 1000000 WHEN 'MW' THEN 1000000000 WHEN 'GW' THEN 1000000000000
  WHEN 'kJ' THEN 2500 WHEN 'MJ' THEN 2500000 WHEN 'GJ' THEN 2500000000
  WHEN 'therm' THEN 263701000 WHEN 'BTU' THEN 52752792631
  WHEN 'm3' THEN 2500000 WHEN 'ft3' THEN 221225364 END AS BIGINT);
CREATE OR REPLACE MACRO unit_divisor(unit) AS CAST(CASE unit
  WHEN 'Wh' THEN 1 WHEN 'kWh' THEN 1 WHEN 'MWh' THEN 1 WHEN 'GWh' THEN 1
  WHEN 'W' THEN 60 WHEN 'kW' THEN 60 WHEN 'MW' THEN 60 WHEN 'GW' THEN 60
  WHEN 'kJ' THEN 9 WHEN 'MJ' THEN 9 WHEN 'GJ' THEN 9
  WHEN 'therm' THEN 9 WHEN 'BTU' THEN 180000000
  WHEN 'm3' THEN 9000000 WHEN 'ft3' THEN 28125000000 END AS BIGINT);
CREATE OR REPLACE MACRO unit_times(unit, calorific_value, minutes) AS
  CASE WHEN is_gas_volume(unit) THEN micro_kwh(calorific_value) WHEN is_power(unit) THEN minutes ELSE 1 END;

-- The whole micro-kWh of a value in any unit, half up (below zero half down): the one rounding. NULL above a hundred GWh, and of power
-- without its minutes.
CREATE OR REPLACE MACRO exact_micro_kwh(value, unit, calorific_value, minutes) AS CASE
  WHEN unit = 'kWh' AND abs(value) <= 100000000 THEN micro_kwh(CAST(value AS DECIMAL(18, 6)))
  ELSE list_extract(list_transform([(CAST(unit_parts(unit) AS HUGEINT) * unit_times(unit, calorific_value, minutes), CAST(unit_divisor(unit) AS HUGEINT))],
    lambda factor: CASE WHEN abs(CAST(value AS DOUBLE)) * CAST(factor[1] AS DOUBLE) / CAST(factor[2] AS DOUBLE) <= 1e14
      THEN CAST(sign(value) * ((2 * CAST(abs(value) * 10000000000000 AS HUGEINT) * factor[1] + factor[2] * 10000000000000) // (factor[2] * 20000000000000)) AS BIGINT) END), 1) END;

-- A part of a time as ISO 8601 writes it, or of the date or month alone: 1 the date, 4 the hour, 6 the minute, 9 what follows. ''
-- where there is none.
CREATE OR REPLACE MACRO stamp_part(stamp, part) AS regexp_extract(stamp,
  '^([0-9]{4}-[0-9]{2}(-[0-9]{2})?)([T ]([0-9]{1,3})(:([0-9]{2})(:00([.]0+)?)?)?([AB]|Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$', part);

-- Times as text. iso_stamp reads the times of every text source into one canonical form of ISO 8601: 2024-01, 2024-01-31 or
-- 2024-01-31T00:30; then seconds where they aren't zero, then Z or +02:00 where the text has an offset. NULL where a text isn't
-- written as its form says. docs/time.md lists what each form accepts: iso, day_first, month_first, epoch_seconds and
-- epoch_milliseconds. Its parts stand before it. A list of one
-- element names what would otherwise be worked out wherever it is used.
CREATE OR REPLACE MACRO without_blanks(text) AS trim(translate(text, chr(9) || chr(160) || chr(8239), '   '));
-- The year, month and day come first, whatever the form: a date that begins with its year is the same in each. A month alone is ready. '' where the text doesn't begin as its form says.
CREATE OR REPLACE MACRO year_first(text, form) AS CASE
  WHEN form = 'day_first' AND regexp_extract(text, '^[0-9]{4}', 0) = '' THEN regexp_replace(regexp_extract(text, '^[0-9]{1,2}([-/.])[0-9]{1,2}[-/.][0-9]{4}(?:[^0-9].*)?$', 0),
    '^([0-9]+)([-/.])([0-9]+)([-/.])([0-9]+)', '\5\2\3\4\1')
  WHEN form = 'month_first' AND regexp_extract(text, '^[0-9]{4}', 0) = '' THEN regexp_replace(regexp_extract(text, '^[0-9]{1,2}([-/.])[0-9]{1,2}[-/.][0-9]{4}(?:[^0-9].*)?$', 0),
    '^([0-9]+)([-/.])([0-9]+)([-/.])([0-9]+)', '\5\2\1\4\3')
  ELSE regexp_replace(text, '^([0-9]{4})([0-9]{2})([0-9]{2})([Tt ,].*)?$', '\1-\2-\3\4')
END;
CREATE OR REPLACE MACRO written_stamp(text, form) AS list_extract(list_transform(list_transform(
  [regexp_extract(year_first(text, form),
    '^([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|[.]([0-9]{1,2})[.])([0-9]{1,2})(?:(?: *[Tt] *|,? +)(?:([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?)?|([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]+))?)?|([0-9]{1,2})[.]([0-9]{2})(?:[.]([0-9]{2}))?)(?: *([AaPp])[.]?[Mm][.]?)?(?: *([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)(?:\[[A-Za-z0-9_/+-]+\])?)?)?$',
    ['y', 'm1', 'm2', 'm3', 'd', 'h1', 'i1', 's1', 'f1', 'h2', 'i2', 's2', 'f2', 'h3', 'i3', 's3', 'half', 'zone'])],
  lambda p: {
    month_alone: CASE WHEN form = 'iso' THEN regexp_extract(text, '^[0-9]{4}-(?:0[1-9]|1[0-2])$', 0) ELSE '' END,
    day: CASE WHEN p.y <> '' THEN p.y || '-' || lpad(p.m1 || p.m2 || p.m3, 2, '0') || '-' || lpad(p.d, 2, '0') END,
    hour: CAST(nullif(p.h1 || p.h2 || p.h3, '') AS INTEGER),
    minute: coalesce(nullif(p.i1 || p.i2 || p.i3, ''), '00'),
    second: coalesce(nullif(p.s1 || p.s2 || p.s3, ''), '00'),
    fraction: rtrim(p.f1 || p.f2, '0'),
    half: upper(p.half),
    zone: CASE WHEN p.zone IN ('Z', 'z', 'UTC', 'GMT') THEN '+0000' ELSE rpad(replace(p.zone, ':', ''), CASE p.zone WHEN '' THEN 0 ELSE 5 END, '0') END,
    is_local_writing: p.h3 <> '' OR p.half <> ''
  }),
  lambda t: CASE
    WHEN t.month_alone <> '' THEN t.month_alone
    WHEN try_cast(t.day AS DATE) IS NULL THEN NULL
    WHEN t.hour IS NULL THEN t.day
    WHEN t.is_local_writing AND form = 'iso' THEN NULL
    WHEN t.half <> '' AND t.hour NOT BETWEEN 1 AND 12 THEN NULL
    WHEN t.hour > 24 OR t.minute > '59' OR t.second > '59' OR (t.hour = 24 AND (t.minute > '00' OR t.second > '00' OR t.fraction <> '')) THEN NULL
    WHEN substr(t.zone, 2, 4) > '1400' OR substr(t.zone, 4, 2) > '59' THEN NULL
    ELSE t.day || 'T'
      || lpad(CAST(CASE t.half WHEN 'A' THEN t.hour % 12 WHEN 'P' THEN t.hour % 12 + 12 ELSE t.hour END AS VARCHAR), 2, '0')
      || ':' || t.minute
      || CASE WHEN t.second = '00' AND t.fraction = '' THEN '' WHEN t.fraction = '' THEN ':' || t.second ELSE ':' || t.second || '.' || t.fraction END
      || CASE WHEN t.zone = '' THEN '' WHEN substr(t.zone, 2) = '0000' THEN 'Z' ELSE substr(t.zone, 1, 3) || ':' || substr(t.zone, 4, 2) END
  END), 1);

-- Seconds or milliseconds since 1970, in UTC, 1.7e9 too. Milliseconds before 1973 are no such: they are seconds by mistake.
CREATE OR REPLACE MACRO epoch_stamp(text, form) AS list_extract(list_transform(
  [CASE WHEN regexp_full_match(text, '[0-9]+(?:[.][0-9]*)?(?:[eE][+]?[0-9]+)?') THEN
    CAST(floor(try_cast(text AS DECIMAL(24, 6)) * CASE form WHEN 'epoch_seconds' THEN 1000 ELSE 1 END) AS BIGINT) END],
  lambda t: CASE WHEN t BETWEEN CASE form WHEN 'epoch_seconds' THEN 0 ELSE 100000000000 END AND 99999999999999 THEN
    CAST(DATE '1970-01-01' + CAST(t // 86400000 AS INTEGER) AS VARCHAR) || 'T'
      || lpad(CAST(t // 3600000 % 24 AS VARCHAR), 2, '0') || ':' || lpad(CAST(t // 60000 % 60 AS VARCHAR), 2, '0')
      || CASE WHEN t % 60000 = 0 THEN '' ELSE ':' || lpad(CAST(t // 1000 % 60 AS VARCHAR), 2, '0') END
      || CASE WHEN t % 1000 = 0 THEN '' ELSE '.' || rtrim(lpad(CAST(t % 1000 AS VARCHAR), 3, '0'), '0') END
      || 'Z' END), 1);

CREATE OR REPLACE MACRO iso_stamp(text, form) AS CASE
  -- Most texts are canonical already, but for a space or zero seconds.
  WHEN form = 'iso'
    AND regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::00(?:[.]0+)?)?(?:Z|[+-](?:0[1-9]|1[0-3]):[0-5][0-9])?')
    AND try_cast(substr(text, 1, 10) AS DATE) IS NOT NULL
    THEN substr(text, 1, 10) || 'T' || substr(text, 12, 5) || regexp_extract(text, '(Z|[+-][0-9]{2}:[0-9]{2})$', 1)
  WHEN form IN ('epoch_seconds', 'epoch_milliseconds') THEN epoch_stamp(without_blanks(text), form)
  ELSE written_stamp(without_blanks(text), form)
END;

-- Of a canonical time: the minutes since 1970 by its own clock, a date's and a month's first; the whole seconds past its minute; its
-- offset in minutes, NULL where it has none; and the instant in seconds since 1970, NULL without an offset.
CREATE OR REPLACE MACRO stamp_minutes(iso) AS
  CAST(try_cast(rpad(substr(iso, 1, 10), 10, '-01') AS DATE) - DATE '1970-01-01' AS BIGINT) * 1440
    + coalesce(CAST(nullif(substr(iso, 12, 2), '') AS BIGINT) * 60 + CAST(nullif(substr(iso, 15, 2), '') AS BIGINT), 0);
CREATE OR REPLACE MACRO stamp_seconds(iso) AS CASE WHEN substr(iso, 17, 1) = ':' THEN CAST(substr(iso, 18, 2) AS INTEGER) WHEN iso IS NOT NULL THEN 0 END;
CREATE OR REPLACE MACRO stamp_offset(iso) AS CASE
  WHEN iso LIKE '%Z' THEN 0
  WHEN iso LIKE '____-__-__T%+__:__' OR iso LIKE '____-__-__T%-__:__'
    THEN CAST(substr(iso, length(iso) - 5, 1) || '1' AS INTEGER) * (60 * CAST(substr(iso, length(iso) - 4, 2) AS INTEGER) + CAST(substr(iso, length(iso) - 1, 2) AS INTEGER))
END;
CREATE OR REPLACE MACRO instant_seconds(iso) AS list_extract(list_transform([iso], lambda stamp:
  (stamp_minutes(stamp) - stamp_offset(stamp)) * 60 + stamp_seconds(stamp)), 1);

-- Seconds since 1970 as a canonical time's own clock shows them, without a fraction; NULL where it has no time of day.
CREATE OR REPLACE MACRO clock_seconds(iso) AS list_extract(list_transform([iso], lambda stamp:
  CASE WHEN length(stamp) >= 16 THEN stamp_minutes(stamp) * 60 + stamp_seconds(stamp) END), 1);
-- The instant of a time that is UTC's where it has no offset.
CREATE OR REPLACE MACRO utc_seconds(iso) AS list_extract(list_transform([iso], lambda stamp:
  CASE WHEN length(stamp) >= 16 THEN (stamp_minutes(stamp) - coalesce(stamp_offset(stamp), 0)) * 60 + stamp_seconds(stamp) END), 1);
-- Whole minutes of seconds, below zero too; NULL where they aren't whole.
CREATE OR REPLACE MACRO whole_minutes(seconds) AS list_extract(list_transform([seconds], lambda whole: CASE WHEN whole % 60 = 0 THEN whole // 60 END), 1);

-- Dates and instants, as whole minutes since 1970. The local date of a canonical time is by the zone where it names an instant, and its
-- own otherwise.
CREATE OR REPLACE MACRO month_of(date) AS strftime(date, '%Y-%m');
CREATE OR REPLACE MACRO iso_weekday(date) AS CAST(isodow(date) AS INTEGER);
CREATE OR REPLACE MACRO unix_date(date) AS CAST(date - DATE '1970-01-01' AS INTEGER);
CREATE OR REPLACE MACRO date_from_unix_date(days) AS DATE '1970-01-01' + CAST(days AS INTEGER);
CREATE OR REPLACE MACRO instant_at(minutes) AS make_timestamptz(minutes * 60000000);
CREATE OR REPLACE MACRO instant_at_second(seconds) AS make_timestamptz(seconds * 1000000);
CREATE OR REPLACE MACRO unix_minutes(instant) AS epoch_us(instant) // 60000000;
CREATE OR REPLACE MACRO local_minutes(minutes, tz) AS
  epoch_us(timezone(tz, make_timestamptz(minutes * 60000000))) // 60000000;
CREATE OR REPLACE MACRO local_date_of(iso, tz) AS list_extract(list_transform([iso], lambda stamp: CASE
  WHEN stamp_offset(stamp) IS NOT NULL
    THEN CAST(timezone(tz, make_timestamptz(((stamp_minutes(stamp) - stamp_offset(stamp)) * 60 + stamp_seconds(stamp)) * 1000000)) AS DATE)
  WHEN length(stamp) >= 10 THEN try_cast(substr(stamp, 1, 10) AS DATE) END), 1);
