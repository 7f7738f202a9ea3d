import {mkdir, readdir} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import sqlite from "node-sqlite3-wasm";
import {runCommand} from "../../pipelines/command.js";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {selectOf} from "../../pipelines/models/rows.js";

// The Gold tables of smart meters by nothing but read_json and an aggregate for each: no file is checked, no reading
// kept, nothing told twice is noticed, and the newest database is right about every day.

await runCommand(
  new Command("smart-meter-bare")
    .description("Writes the Gold tables that the pipeline makes of half-hourly readings, as plain Parquet.")
    .requiredOption("--landing <dir>", "where smart-meter/ lies")
    .requiredOption("--to <dir>", "where the tables go: nothing may be there yet")
    .action(async ({landing, to}: {landing: string; to: string}) => {
      const database = await openDuckDB();
      try {
        await writeTables(database, join(landing, "smart-meter"), to);
      } finally {
        database.close();
      }
    })
);

async function writeTables(database: Connection, folder: string, to: string): Promise<void> {
  await loadAgreements(database, folder);
  await database.run(`
    CREATE TABLE half_hour AS
    SELECT CAST(landed[1] || 'Z' AS TIMESTAMPTZ) AS interval_start, CAST(landed[2] AS DECIMAL(18, 6)) AS energy_kwh, landed[3] AS meterpoint_id
    FROM (
      SELECT unnest(data) AS landed
      FROM read_json(${literal(join(folder, "readings", "*.json"))}, columns = {data: 'VARCHAR[][]'}, format = 'unstructured')
    )`);
  await database.run(`
    CREATE TABLE instant AS
    SELECT interval_start, CAST(clock AS DATE) AS local_date, strftime(clock, '%Y-%m') AS month
    FROM (SELECT DISTINCT interval_start, timezone('Europe/London', interval_start) AS clock FROM half_hour)`);
  await database.run(`
    CREATE TABLE supplied AS
    SELECT meterpoint_id, local_date, arg_max(display_name, agreement_valid_from) AS product
    FROM agreement
    JOIN product USING (product_id)
    JOIN (SELECT DISTINCT local_date FROM instant)
      ON agreement_valid_from <= local_date AND (agreement_valid_to IS NULL OR local_date < agreement_valid_to)
    GROUP BY ALL`);
  await database.run(`
    CREATE TABLE product_half_hour AS
    SELECT interval_start, product, local_date, month, sum(energy_kwh) AS total_kwh, count(*) AS meterpoint_count
    FROM half_hour JOIN instant USING (interval_start) LEFT JOIN supplied USING (meterpoint_id, local_date)
    GROUP BY ALL`);
  await copy(
    database,
    to,
    "gold.total_consumption_half_hour",
    `SELECT interval_start, sum(total_kwh)::DECIMAL(18, 6) AS total_kwh, sum(meterpoint_count)::BIGINT AS meterpoint_count, local_date, month
     FROM product_half_hour GROUP BY ALL`
  );
  await copy(
    database,
    to,
    "gold.avg_half_hour_by_product",
    `SELECT interval_start, product, (((2 * (total_kwh * 1000000)::BIGINT + meterpoint_count) // (2 * meterpoint_count))::DECIMAL(18, 0) * 0.000001)::DECIMAL(18, 6) AS avg_kwh, meterpoint_count, local_date, month
     FROM product_half_hour WHERE product IS NOT NULL`
  );
  await copy(
    database,
    to,
    "gold.consumption_per_product_per_day",
    `SELECT local_date, product, sum(total_kwh)::DECIMAL(18, 6) AS total_kwh, max(meterpoint_count) AS meterpoint_count, month
     FROM product_half_hour WHERE product IS NOT NULL GROUP BY ALL`
  );
  await copy(
    database,
    to,
    "gold.active_agreements",
    `SELECT agreement_id, meterpoint_id, account_id, region, display_name AS product, is_variable = 1 AS is_variable,
       agreement_valid_from AS valid_from, agreement_valid_to AS valid_to
     FROM agreement JOIN product USING (product_id) JOIN meterpoint USING (meterpoint_id)
     WHERE agreement_valid_from <= DATE '2021-01-01' AND (agreement_valid_to IS NULL OR DATE '2021-01-01' < agreement_valid_to)`
  );
}

/** Copies the newest database's three tables. */
async function loadAgreements(database: Connection, folder: string): Promise<void> {
  const newest = (await readdir(folder))
    .filter((name) => name.endsWith(".db"))
    .sort()
    .at(-1)!;
  const file = new sqlite.Database(join(folder, newest), {readOnly: true});
  const shapes = {
    agreement: {
      ...{agreement_id: "BIGINT", agreement_valid_from: "DATE", agreement_valid_to: "DATE"},
      ...{product_id: "VARCHAR", meterpoint_id: "VARCHAR", account_id: "VARCHAR"}
    },
    product: {display_name: "VARCHAR", is_variable: "INTEGER", product_id: "VARCHAR"},
    meterpoint: {region: "VARCHAR", meterpoint_id: "VARCHAR"}
  };
  try {
    for (const [table, shape] of Object.entries(shapes)) {
      const rows = file.all(`SELECT ${Object.keys(shape).join(", ")} FROM ${table}`);
      await database.run(`CREATE TABLE ${table} AS ${selectOf(shape, rows)}`);
    }
  } finally {
    file.close();
  }
}

async function copy(database: Connection, to: string, table: string, select: string): Promise<void> {
  const folder = join(to, ...table.split("."));
  await mkdir(folder, {recursive: true});
  await database.run(`COPY (${select}) TO ${literal(join(folder, "part.parquet"))} (FORMAT parquet, COMPRESSION zstd)`);
}
