import {type BadFile, type BadRow, kindsOf} from "./bad_file.js";

const hundreds = (count: number) => `list_transform(range(${count}), lambda hour: CAST(100 AS BIGINT))`;
const first = (value: string) => `list_concat([CAST(${value} AS BIGINT)], ${hundreds(23)})`;
const day = (
  meter: string,
  {client = "'c'", date = "2022-06-01", values = hundreds(24), resolution = "'60min'"} = {}
) => `(${client}, TRY_CAST('${date}' AS DATE), ${meter}, ${values}, ${resolution})`;

const rows: readonly BadRow<string>[] = [
  ["a day of too few values", day("'m1'", {values: hundreds(22)}), "22 values, expected 24"],
  ["a day of too many values", day("'m2'", {values: hundreds(25)}), "25 values, expected 24"],
  ["a day of an empty list", day("'m3'", {values: hundreds(0)}), "0 values, expected 24"],
  ["a day without a list", day("'m4'", {values: "NULL"}), "no values"],
  ["a day of hours that says quarters", day("'m5'", {resolution: "'15min'"}), "24 values, expected 96"],
  ["a day of a length that isn't kept", day("'m6'", {resolution: "'45min'"}), "unknown resolution: 45min"],
  ["a day of no length", day("'m7'", {resolution: "NULL"}), "unknown resolution: none"],
  ["a day without a date", day("'m8'", {date: "none"}), "date missing"],
  ["a day of another age", day("'m9'", {date: "9999-01-01"}), "date outside 1970 to 2100: 9999-01-01"],
  ["a day of nobody", day("'m10'", {client: "NULL"}), "client id missing"],
  ["a day of no meter", day("NULL"), "meter id missing"],
  [
    "a value in the hour that the clock skipped",
    day("'m12'", {date: "2022-03-27"}),
    "energy in an hour that does not exist in Europe/Vilnius: 100"
  ],
  ["a value of a day below zero", day("'m13'", {values: first("-5")}), "negative value: -5"],
  [
    "a value of a day that no connection carries",
    day("'m14'", {values: first("200000000")}),
    "value above what its source allows: 200000000"
  ],
  ["a value of a day beyond all measure", day("'m15'", {values: first("9223372036854775807")}), "value out of range"],
  [
    "a day sent twice, differently",
    `${day("'m16'", {date: "2022-06-03"})}, ${day("'m16'", {date: "2022-06-03", values: first("7")})}`,
    "day told twice in one file, differently"
  ]
];

/** Days of a meter as arrays in Parquet. */
export const days: BadFile = {
  path: "eliq/days.parquet",
  kinds: kindsOf("silver.reading_reject", rows),
  hasGood: true
};

/** What the Parquet file of days holds, as SQL. */
export const daysSql = `FROM (VALUES ${[day("'good'"), ...rows.map(([, row]) => row)].join(", ")})
  AS t(client_id, date, ext_dev_ref, energy_consumption, resolution)`;
