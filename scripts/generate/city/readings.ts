import {type Connection, literal} from "../../../pipelines/engines/duckdb.js";
import type {Interval} from "./calendar.js";
import {cityClient, type Home} from "./homes.js";

/**
 * What dice give for two numbers, from 0 to 2^31 - 2: squares in a field of 2^31 - 1 elements, so that whole numbers are
 * all it takes, and every machine throws the same.
 */
const dice = `
  CREATE OR REPLACE MACRO square_of(number, more) AS (number * number + more) % 2147483647;
  CREATE OR REPLACE MACRO roll_of(key, number) AS
    square_of(square_of(square_of((key + number * 48271) % 2147483647, 12345), key), number % 65521);`;

/** Types of few texts: Parquet holds texts so anyway, and none has to be looked up. */
const types = {
  client: [cityClient],
  fuel: ["electricity", "gas", "district_heating"],
  channel: ["import", "export", "production"],
  resolution: ["15min", "30min", "60min", "day", "month"],
  unit: ["Wh", "kWh", "MWh", "MJ", "m3"],
  quality: ["measured", "estimated"]
};

function enumOf(texts: readonly string[]): string {
  return `ENUM (${texts.map(literal).join(", ")})`;
}

/** Makes ready what every month and every home needs. */
export async function prepare(connection: Connection): Promise<void> {
  await connection.run(dice);
  for (const [name, texts] of Object.entries(types)) await connection.run(`CREATE TYPE ${name} AS ${enumOf(texts)}`);
}

/** Makes `slot`, the intervals of a month, in place of those of the month before. */
export async function defineMonth(connection: Connection, intervals: readonly Interval[]): Promise<void> {
  const [starts, ends] = (["start", "end"] as const).map((edge) =>
    enumOf([...new Set(intervals.flatMap((interval) => [interval[`${edge}_local`], interval[`${edge}_utc`]]))])
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE slot AS
     SELECT * REPLACE (CAST(start_local AS ${starts}) AS start_local, CAST(start_utc AS ${starts}) AS start_utc,
       CAST(end_local AS ${ends}) AS end_local, CAST(end_utc AS ${ends}) AS end_utc)
     FROM (SELECT unnest(from_json($1, '[{"grain": "BIGINT", "place": "BIGINT", "start_min": "BIGINT", "local_date": "DATE", "local_day": "BIGINT",
       "minute_of_day": "BIGINT", "start_local": "VARCHAR", "start_utc": "VARCHAR", "end_local": "VARCHAR", "end_utc": "VARCHAR", "temperature": "BIGINT",
       "sun_east": "BIGINT", "sun_south": "BIGINT", "sun_west": "BIGINT", "use_percent": "BIGINT", "hot_water_percent": "BIGINT"}]'), recursive := true))`,
    [JSON.stringify(intervals)]
  );
}

/** Makes `home`, and `home_day` with the month's days, in place of those of the homes before. */
export async function defineHomes(connection: Connection, homes: readonly Home[]): Promise<void> {
  const locations = homes.map(({location_id}) => location_id);
  const meters = enumOf(locations.flatMap((location) => ["e", "p", "f"].map((meter) => `${location}-${meter}`)));
  const meter = (name: string) => `CAST(location_id || '-${name}' AS ${meters}) AS ${name}_meter`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE home AS
     SELECT * REPLACE (CAST(location_id AS ${enumOf(locations)}) AS location_id, CAST(fuel AS fuel) AS fuel,
         CAST(electricity_unit AS unit) AS electricity_unit, CAST(fuel_unit AS unit) AS fuel_unit),
       ${meter("e")}, ${meter("p")}, ${meter("f")},
       row_number() OVER (PARTITION BY home_grain ORDER BY home) - 1 AS home_place
     FROM (
       SELECT *, CASE WHEN electricity IN ('15', '30') THEN CAST(electricity AS BIGINT) ELSE 60 END AS home_grain
       FROM (SELECT unnest(from_json($1, '[{"home": "BIGINT", "key": "BIGINT", "location_id": "VARCHAR", "floor_area_m2": "BIGINT", "occupants": "BIGINT",
         "heating_type": "VARCHAR", "loss": "BIGINT", "has_cooling": "BOOLEAN", "solar": "BIGINT", "solar_azimuth_deg": "BIGINT",
         "has_production_meter": "BOOLEAN", "charger_w": "BIGINT", "ev_from": "DATE", "electricity": "VARCHAR", "electricity_unit": "VARCHAR",
         "fuel": "VARCHAR", "fuel_resolution": "VARCHAR", "fuel_unit": "VARCHAR", "is_utc": "BOOLEAN", "has_end": "BOOLEAN"}]'), recursive := true))
     )
     ORDER BY home`,
    [JSON.stringify(homes)]
  );
  // Cars charge on about half of the evenings, from five to nine on for one to four hours. What becomes of a meter's day, dice say too.
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE home_day AS
     SELECT home, local_day, charge_from, CASE WHEN charge_from < 1440 THEN charge_from + 60 + 60 * (roll // 1000 % 4) ELSE 1440 END AS charge_to,
       ${series.map(({fate}, index) => `roll_of(key, local_day * 7 + ${index}) // 1000 % 1000 AS ${fate}`).join(", ")}
     FROM (
       SELECT *, CASE WHEN charger_w > 0 AND local_date >= ev_from AND roll % 100 < 55 THEN 1020 + 60 * (roll // 100 % 5) ELSE 1440 END AS charge_from
       FROM (SELECT home.*, day.*, roll_of(key, local_day) AS roll FROM home, (SELECT DISTINCT local_day, local_date FROM slot) AS day)
     )`
  );
}

/**
 * Makes `part`: for each home and interval of its grain what each thing in it took, in whole Wh, in the order of homes and
 * time. The sums of these are what the meters say. Heat that isn't made of electricity is that of the home's other fuel.
 * Of it, `late_part` is what comes late, `span_part` that of homes with meters of days or months.
 */
export async function makeParts(connection: Connection): Promise<void> {
  const ofGrain = (grain: number) => `
    SELECT home.*, slot.* EXCLUDE (place), charge_from, charge_to, ${series.map(({fate}) => fate).join(", ")}
    FROM (
      SELECT i // slots AS nth_home, i % slots AS nth_slot
      FROM (SELECT unnest(range(homes * slots)) AS i, slots
            FROM (SELECT (SELECT count(*) FROM home WHERE home_grain = ${grain}) AS homes, (SELECT count(*) FROM slot WHERE grain = ${grain}) AS slots))
    )
    JOIN home ON home_grain = ${grain} AND home_place = nth_home
    JOIN slot ON slot.grain = ${grain} AND slot.place = nth_slot
    JOIN home_day ON home_day.home = home.home AND home_day.local_day = slot.local_day`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE part AS
     SELECT home, grain, start_min, ${series.map(({fate}) => fate).join(", ")},
       (70 + 45 * occupants + floor_area_m2 // 2) * use_percent * (64 + (roll & 127)) * grain // 768000 AS base_wh,
       CASE WHEN is_electric THEN space_wh * 100 // efficiency ELSE 0 END AS heating_wh,
       CASE WHEN is_electric THEN water_wh * 100 // efficiency ELSE 0 END AS hot_water_wh,
       CASE WHEN has_cooling AND temperature > 230 THEN floor_area_m2 * (temperature - 230) * (112 + (roll >> 20 & 31)) * grain // 15360 ELSE 0 END AS cooling_wh,
       CASE WHEN minute_of_day >= charge_from AND minute_of_day < charge_to THEN charger_w * (121 + (roll >> 17 & 7)) * grain // 7680 ELSE 0 END AS ev_wh,
       solar * CASE solar_azimuth_deg WHEN 90 THEN sun_east WHEN 180 THEN sun_south ELSE sun_west END * (108 + (roll >> 25 & 15)) * grain // 76800 AS production_wh,
       CASE WHEN is_electric THEN 0 ELSE space_wh * 100 // efficiency END AS fuel_heating_wh,
       CASE WHEN is_electric THEN 0 ELSE water_wh * 100 // efficiency END AS fuel_hot_water_wh
     FROM (
       SELECT *,
         heating_type IN ('heat_pump', 'electric') AS is_electric,
         -- A heat pump gives less for a kilowatt-hour the colder it is; a boiler loses some by its chimney.
         CASE heating_type WHEN 'heat_pump' THEN greatest(200, 300 + temperature) WHEN 'gas_boiler' THEN 92 ELSE 100 END AS efficiency,
         CASE WHEN temperature < 170 THEN loss * (170 - temperature) * (120 + (roll >> 7 & 15)) * CASE WHEN minute_of_day BETWEEN 300 AND 1379 THEN 10 ELSE 9 END * grain // 7680000 ELSE 0 END AS space_wh,
         90 * occupants * hot_water_percent * (96 + (roll >> 11 & 63)) * grain // 768000 AS water_wh
       FROM (
         SELECT *, roll_of(key, start_min // 15) AS roll
         FROM (${[60, 30, 15].map((grain) => `SELECT * FROM (${ofGrain(grain)})`).join(" UNION ALL ")})
       )
     )`
  );
  // What few rows are made of is looked for once.
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE late_part AS SELECT * FROM part WHERE ${series.map(({fate}) => `${fate} BETWEEN 15 AND 37`).join(" OR ")}`
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE span_part AS SELECT * FROM part
     WHERE home IN (SELECT home FROM home WHERE electricity IN ('day', 'month') OR fuel_resolution IN ('day', 'month'))`
  );
}

/** What is known of each hour of each home: its parts, in whole Wh. */
export const truth = `
  SELECT home.location_id, make_timestamptz(start_min // 60 * 3600000000) AS hour_start,
    ${["base", "heating", "hot_water", "cooling", "ev", "production", "fuel_heating", "fuel_hot_water"]
      .map((name) => `CAST(sum(${name}_wh) AS INTEGER) AS ${name}_wh`)
      .join(", ")}
  FROM part
  JOIN home USING (home)
  GROUP BY home.home, home.location_id, start_min // 60
  ORDER BY home.home, start_min // 60`;

/** A series of a home: one of its meters, in one channel. */
interface Series {
  /** In `part`: what the meter counts, in whole Wh. */
  readonly energy: string;
  readonly meter: "e" | "p" | "f";
  readonly fuel: string;
  readonly channel: string;
  readonly unit: string;
  readonly resolution: string;
  /** Which homes have it. */
  readonly where: string;
  /** In `part` and `home_day`: what becomes of its day, from 0 to 999. */
  readonly fate: string;
}

const load = "base_wh + heating_wh + hot_water_wh + cooling_wh + ev_wh";
const electricity = {fuel: "CAST('electricity' AS fuel)", unit: "electricity_unit", resolution: "electricity"};
const series: readonly Series[] = [
  {
    energy: `greatest(0, ${load} - production_wh)`,
    meter: "e",
    channel: "import",
    where: "true",
    fate: "import_fate",
    ...electricity
  },
  {
    energy: `greatest(0, production_wh - (${load}))`,
    meter: "e",
    channel: "export",
    where: "solar > 0",
    fate: "export_fate",
    ...electricity
  },
  {
    energy: "production_wh",
    meter: "p",
    channel: "production",
    where: "has_production_meter",
    fate: "production_fate",
    ...electricity
  },
  {
    energy: "fuel_heating_wh + fuel_hot_water_wh",
    meter: "f",
    channel: "import",
    fuel: "fuel",
    unit: "fuel_unit",
    resolution: "fuel_resolution",
    where: "fuel IS NOT NULL",
    fate: "fuel_fate"
  }
];

/** A thousand cubic metres of the gas hold so many gigajoules, gross. */
const calorificValue = "37.9";

/** Of a thousand days of a meter: five are missing, ten lack three hours, ten come late, ten come again, three have rows twice, and the last five are estimated. */
const isOnTime = `(fate >= 25 OR (fate BETWEEN 5 AND 14 AND NOT coalesce(minute_of_day BETWEEN 600 AND 779, false)))`;
const isLate = "fate BETWEEN 15 AND 37";
const isTwice = "fate BETWEEN 35 AND 37";

/** The rows of up to an hour that the meters send in time. */
export const intervalReadings = rowsOf(series.map((one) => ofIntervals(one, isOnTime)));

/** The rows of days that the meters send in time, and those of the month. */
export function spanReadings({isWholeMonth}: {isWholeMonth: boolean}): string {
  const days = series.map((one) => ofSpan(one, "day", isOnTime));
  return rowsOf(isWholeMonth ? [...days, ...series.map((one) => ofSpan(one, "month", "true"))] : days);
}

/** The rows that come late, many of them for the second time, some for the third. */
export const lateReadings = rowsOf(
  series.flatMap((one) => [
    ofIntervals(one, isLate, "late_part"),
    ofIntervals(one, isTwice, "late_part"),
    ofSpan(one, "day", isLate)
  ])
);

/** Rows as a file has them. */
function rowsOf(selects: readonly string[]): string {
  return `
    SELECT
      CAST('${cityClient}' AS client) AS client_id,
      meter AS meter_id,
      location_id,
      fuel,
      channel,
      start,
      CASE WHEN has_end THEN "end" END AS "end",
      CASE WHEN has_end THEN NULL ELSE resolution END AS resolution,
      CASE unit
        WHEN 'Wh' THEN CAST(wh AS VARCHAR)
        WHEN 'kWh' THEN CAST(wh * 0.001 AS VARCHAR)
        WHEN 'MWh' THEN CAST(wh * 0.000001 AS VARCHAR)
        WHEN 'MJ' THEN CAST(wh * 36 * 0.0001 AS VARCHAR)
        ELSE CAST((wh * 72 + 379) // 758 * 0.001 AS VARCHAR)
      END AS value,
      unit,
      CAST(CASE WHEN fate >= 995 THEN 'estimated' ELSE 'measured' END AS quality) AS quality,
      CASE WHEN unit = 'm3' THEN '${calorificValue}' END AS calorific_value_mj_m3
    FROM (${selects.join(" UNION ALL ")})`;
}

function ofIntervals(
  {energy, meter, fuel, channel, unit, resolution, where, fate}: Series,
  wanted: string,
  from = "part"
): string {
  // The other fuel's hours are those of the grain's intervals in them.
  const parts =
    meter === "f"
      ? `SELECT home, ${fate} AS fate, start_min // 60 * 60 AS start_min, 60 AS grain, CAST(sum(${energy}) AS BIGINT) AS wh
         FROM ${from} WHERE home IN (SELECT home FROM home WHERE ${resolution} = '60') GROUP BY home, ${fate}, start_min // 60 ORDER BY home, start_min`
      : `SELECT home, ${fate} AS fate, start_min, grain, ${energy} AS wh FROM ${from}`;
  return `
    SELECT *
    FROM (
      SELECT ${meter}_meter AS meter, location_id, ${fuel} AS fuel, CAST('${channel}' AS channel) AS channel,
        CASE WHEN is_utc THEN start_utc ELSE start_local END AS start, CASE WHEN is_utc THEN end_utc ELSE end_local END AS "end", has_end,
        CAST(${resolution} || 'min' AS resolution) AS resolution, wh, ${unit} AS unit, minute_of_day, fate
      FROM (${parts})
      JOIN home USING (home)
      JOIN slot USING (grain, start_min)
      WHERE ${where} AND ${resolution} IN ('15', '30', '60')
    )
    WHERE ${wanted}`;
}

function ofSpan(
  {energy, meter, fuel, channel, unit, resolution, where, fate}: Series,
  span: "day" | "month",
  wanted: string
): string {
  const [label, next] =
    span === "day"
      ? ["CAST(local_date AS VARCHAR)", "CAST(local_date + 1 AS VARCHAR)"]
      : ["strftime(local_date, '%Y-%m')", "strftime(local_date + INTERVAL 1 MONTH, '%Y-%m')"];
  const date = span === "day" ? "local_date" : "CAST(date_trunc('month', local_date) AS DATE)";
  return `
    SELECT *
    FROM (
      SELECT any_value(${meter}_meter) AS meter, any_value(location_id) AS location_id, any_value(${fuel}) AS fuel, CAST('${channel}' AS channel) AS channel,
        ${label} AS start, ${next} AS "end", any_value(has_end) AS has_end, CAST('${span}' AS resolution) AS resolution,
        CAST(sum(wh) AS BIGINT) AS wh, any_value(${unit}) AS unit, NULL AS minute_of_day, any_value(fate) AS fate
      FROM (SELECT home, ${date} AS local_date, ${fate} AS fate, ${energy} AS wh FROM span_part JOIN slot USING (grain, start_min)
        WHERE home IN (SELECT home FROM home WHERE ${resolution} = '${span}'))
      JOIN home USING (home)
      WHERE ${where}
      GROUP BY home, local_date
      ORDER BY home, local_date
    )
    WHERE ${wanted}`;
}
