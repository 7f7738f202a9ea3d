import {readFile} from "node:fs/promises";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {LabelAt, TimeFormat} from "../../pipelines/sources/source.js";

/** The models in the order in which they are built, and the files of each. */
const models: readonly (readonly [table: string, ...files: string[]])[] = [
  ["silver.meter_day", "silver/meter_day/eliq_daily"],
  ["silver.interval_time", "silver/interval_time"],
  ["silver.odd_label", "silver/odd_label/interval_row"],
  ["silver.label_turn", "silver/label_turn"],
  ["silver.meter_interval", "silver/meter_interval/interval_row"],
  ["silver.calendar_date", "silver/calendar_date/meter"],
  ["silver.calendar_year", "silver/calendar_year"],
  ["silver.slot", "silver/slot"],
  ["silver.day_length", "silver/day_length"],
  ["silver.absent_label", "silver/absent_label"],
  ["silver.day_fate", "silver/day_fate"],
  ["silver.interval_place", "silver/interval_place"],
  ["silver.repeated_interval", "silver/repeated_interval"],
  ["silver.register_reading", "silver/register_reading"],
  ["silver.interval_fate", "silver/interval_fate"],
  ["silver.reading", "silver/reading"],
  ["silver.reading_reject", "silver/reading_reject"],
  ["gold.energy_day", "gold/energy_day"],
  ["gold.energy_hour", "gold/energy_hour"],
  ["gold.energy_month", "gold/energy_month"],
  ["gold.load_profile", "gold/load_profile"],
  ["quality.reconciliation", "quality/reconciliation"],
  ["silver.present_run", "silver/present_run"],
  ["silver.span_day", "silver/span_day"],
  ["quality.gap_day", "quality/gap_day"],
  ["quality.gap", "quality/gap"]
];

/** What a value goes through from Bronze to its account, the gold and the gaps left out. */
export const upToAccount = models
  .slice(0, 1 + models.findIndex(([table]) => table === "silver.reading_reject"))
  .map(([table]) => table)
  .concat("gold.energy_day", "quality.reconciliation");

/** A configured source; what isn't said is Eliq's. */
export interface SourceRow {
  source: string;
  client_id?: string | null;
  tz?: string;
  policy?: string;
  unit?: "Wh" | "kWh" | "MWh";
  label_at?: LabelAt;
  time_format?: TimeFormat;
  day_start_min?: number;
  decimal_mark?: string;
  max_rollover_kwh_per_hour?: number;
  max_kwh_per_hour?: number | null;
}

/** An arrived day; its arrival and row follow from the order when they aren't said. */
export interface DayRow {
  source: string;
  client_id?: string | null;
  meter?: string | null;
  date: string | null;
  resolution?: string | null;
  values: readonly (number | bigint | null)[] | null;
  arrival?: number;
}

/** An arrived labelled value, of text, so that its digits are as written. */
export interface IntervalRow {
  source: string;
  client_id?: string | null;
  meter?: string | null;
  label: string | null;
  value: string | null;
  resolution?: string | null;
  arrival?: number;
  /** What it says besides, by column. */
  also?: Partial<Record<(typeof others)[number], string>>;
}

/** What arrives at Bronze. */
export interface Arrivals {
  sources: readonly SourceRow[];
  days?: readonly DayRow[];
  intervals?: readonly IntervalRow[];
}

/** Opens an empty DuckDB with the schemas and the portable functions. */
export async function openTables(options?: Parameters<typeof openDuckDB>[0]): Promise<Connection> {
  const connection = await openDuckDB(options);
  for (const schema of ["bronze", "silver", "gold", "quality"]) await connection.run(`CREATE SCHEMA ${schema}`);
  await connection.run(await readFile("sql/functions/duckdb.sql", "utf8"));
  return connection;
}

/** Makes the three Bronze tables of what arrives. */
export async function arrive(connection: Connection, {sources, days = [], intervals = []}: Arrivals): Promise<void> {
  const micro = {Wh: 1000, kWh: 1000000, MWh: 1000000000};
  await connection.run(
    `CREATE OR REPLACE TABLE bronze.source AS SELECT * FROM (VALUES ${sources.map(
      (row) =>
        `(${[
          text(row.source),
          `CAST(${text(row.client_id)} AS VARCHAR)`,
          text(row.tz ?? "Europe/Vilnius"),
          text(row.policy ?? "fixed_slots_sum_double"),
          text(row.unit ?? "Wh"),
          "'electricity'",
          "'import'",
          text(row.label_at ?? "start"),
          text(row.time_format ?? "iso"),
          row.day_start_min ?? 0,
          `CAST(${row.max_kwh_per_hour ?? "NULL"} AS DECIMAL(18, 6))`,
          `CAST(${row.max_rollover_kwh_per_hour ?? "NULL"} AS DECIMAL(18, 6))`,
          `CAST(${micro[row.unit ?? "Wh"]} AS DECIMAL(18, 6))`,
          "CAST(NULL AS DECIMAL(18, 6))",
          `CAST(${text(row.decimal_mark)} AS VARCHAR)`
        ].join(", ")})`
    )}) AS source(source, client_id, tz, policy, unit, fuel, channel, label_at, time_format, day_start_min, max_kwh_per_hour, max_rollover_kwh_per_hour, micro_kwh_per_unit, calorific_value_mj_m3, decimal_mark)`
  );
  await connection.run(`CREATE OR REPLACE TABLE bronze.eliq_daily (client_id VARCHAR, date DATE, ext_dev_ref VARCHAR, energy_consumption BIGINT[],
    resolution VARCHAR, source VARCHAR, arrival BIGINT, file VARCHAR, sha256 VARCHAR, row_number BIGINT, ingested_at TIMESTAMPTZ)`);
  await insert(
    connection,
    "bronze.eliq_daily",
    days.map((row, index) => [
      row.client_id === undefined ? "client" : row.client_id,
      row.date,
      row.meter === undefined ? "meter" : row.meter,
      row.values && `[${row.values.map((value) => value ?? "NULL").join(", ")}]`,
      row.resolution === undefined ? "60min" : row.resolution,
      ...provenance(row, index)
    ])
  );
  await connection.run(`CREATE OR REPLACE TABLE bronze.interval_row (client_id VARCHAR, meter_id VARCHAR, label VARCHAR, value VARCHAR,
    resolution VARCHAR, source VARCHAR, arrival BIGINT, file VARCHAR, sha256 VARCHAR, row_number BIGINT, ingested_at TIMESTAMPTZ,
    ${others.map((name) => `${name} VARCHAR`)})`);
  await insert(
    connection,
    "bronze.interval_row",
    intervals.map((row, index) => [
      row.client_id === undefined ? "client" : row.client_id,
      row.meter === undefined ? "meter" : row.meter,
      row.label,
      row.value,
      row.resolution ?? null,
      ...provenance(row, index),
      ...others.map((name) => row.also?.[name] ?? null)
    ])
  );
  await connection.run("CREATE OR REPLACE TABLE bronze.smart_meter_reading (source VARCHAR, interval_start VARCHAR)");
}

/** What rows of `bronze.interval_row` may say besides. */
const others = [
  "location_id",
  "fuel",
  "channel",
  "interval_start",
  "interval_end",
  "unit",
  "quality",
  "kind",
  "calorific_value_mj_m3",
  "register_digits",
  "decimal_mark",
  "revised_at",
  "problem",
  "line"
] as const;

/** Inserts rows of texts, each cast to its column. */
async function insert(connection: Connection, table: string, rows: readonly (string | null)[][]): Promise<void> {
  if (rows.length === 0) return;
  const cells = rows[0]!.map((_, index) => `cells[${index + 1}]`);
  await connection.run(
    `INSERT INTO ${table} SELECT ${cells.join(", ")} FROM (SELECT unnest(from_json($1, '[["VARCHAR"]]')) AS cells)`,
    [JSON.stringify(rows)]
  );
}

function provenance({source, arrival = 1}: {source: string; arrival?: number}, index: number): string[] {
  return [source, String(arrival), `file ${arrival}`, `sha ${arrival}`, String(index + 1), "2022-01-01 00:00:00+00"];
}

function text(value: string | null | undefined): string {
  return value == null ? "NULL" : literal(value);
}

/** Builds every table from Bronze, or those named, and returns the milliseconds each took. */
export async function build(connection: Connection, only?: readonly string[]): Promise<Record<string, number>> {
  const took: Record<string, number> = {};
  for (const [table, ...files] of models) {
    if (only && !only.includes(table)) continue;
    const start = performance.now();
    const selects = await Promise.all(files.map((file) => readFile(`sql/${file}.sql`, "utf8")));
    try {
      await connection.run(
        `CREATE OR REPLACE TABLE ${table} AS ${selects.map((sql) => `(\n${sql}\n)`).join(" UNION ALL ")}`
      );
    } catch (error) {
      throw new Error(`${table}: ${(error as Error).message}`);
    }
    took[table] = Math.round(performance.now() - start);
  }
  return took;
}
