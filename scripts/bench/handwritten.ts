import {createHash} from "node:crypto";
import {mkdir, readdir, readFile} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {basename, join} from "node:path";
import {Command} from "commander";
import {runCommand} from "../../pipelines/command.js";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {absentLabel, dayLength, hourly, slot, unevenDays} from "./calendar.js";
import {gap, gapsOfMonth, gapTables} from "./gaps.js";
import {monthDays, monthSteps, monthTables, repeatedDays, unbalancedDays, words} from "./month.js";

// The pipeline's tables, by hand: what somebody writes who knows DuckDB well and needs exactly this, once. One
// source, one zone, one resolution, no day that comes twice, no date that isn't one; nothing is incremental, nothing
// is committed. The tables are the pipeline's to the last digit, as plain Parquet in the same folders.

await runCommand(
  new Command("handwritten")
    .description("Writes the tables that the pipeline makes of Eliq's files, as plain Parquet.")
    .requiredOption("--landing <dir>", "where eliq/ lies")
    .requiredOption("--to <dir>", "where the tables go: nothing may be there yet")
    .action(async ({landing, to}: {landing: string; to: string}) => {
      const database = await openDuckDB({tempDirectory: join(to, ".tmp")});
      try {
        await writeTables(database, landing, to);
      } finally {
        database.close();
      }
    })
);

async function writeTables(database: Connection, landing: string, to: string): Promise<void> {
  const bronze = await writeBronze(database, landing, to);
  await writeCalendar(database, bronze, to);
  const months = await database.rows<{month: string}>(
    `SELECT DISTINCT strftime(date, '%Y-%m') AS month FROM read_parquet(${literal(bronze)}) ORDER BY month`
  );
  for (const statement of gapTables) await database.run(statement);
  // A month's COPY keeps no more than one core busy.
  const queue = months.map(({month}) => month);
  await Promise.all(
    Array.from({length: availableParallelism()}, async () => {
      const connection = await database.fork();
      for (let month = queue.shift(); month !== undefined; month = queue.shift()) {
        await writeMonth(connection, bronze, month, to);
      }
      connection.close();
    })
  );
  await copy(database, to, "quality.gap", gap);
}

/** Writes Bronze as it came, and the types of its ids. */
async function writeBronze(database: Connection, landing: string, to: string): Promise<string> {
  const names = (await readdir(join(landing, "eliq"))).sort();
  const files = names.map((name) => join(landing, "eliq", name));
  const hashes = await Promise.all(
    files.map(async (file) =>
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex")
    )
  );
  const list = (texts: readonly string[]) => texts.map(literal).join(", ");
  await database.run(`CREATE TYPE word AS ENUM (${list(words)})`);
  await database.run(`CREATE TYPE landing_file AS ENUM (${list(names.map((name) => `eliq/${name}`))})`);
  await database.run(`CREATE TYPE landing_sha256 AS ENUM (${list(hashes)})`);
  await database.run(
    `CREATE TABLE arrival AS
     SELECT path, arrival::BIGINT AS arrival, file::landing_file AS file, sha256::landing_sha256 AS sha256, now() AS ingested_at
     FROM (VALUES ${files.map((path, index) => `(${list([path])}, ${index + 1}, ${list([`eliq/${basename(path)}`, hashes[index]!])})`).join(", ")})
       AS landed(path, arrival, file, sha256)`
  );
  const bronze = await copy(
    database,
    to,
    "bronze.eliq_daily",
    `SELECT client_id, date, ext_dev_ref, energy_consumption, resolution, ${literal("eliq")}::word AS source, arrival, file, sha256,
       file_row_number + 1 AS row_number, ingested_at
     FROM read_parquet([${list(files)}], filename = 'path', file_row_number = true)
     JOIN arrival USING (path)`
  );
  await database.run(`CREATE TYPE client AS ENUM (SELECT DISTINCT client_id FROM read_parquet(${literal(bronze)}))`);
  await database.run(`CREATE TYPE meter AS ENUM (SELECT DISTINCT ext_dev_ref FROM read_parquet(${literal(bronze)}))`);
  return bronze;
}

async function writeCalendar(database: Connection, bronze: string, to: string): Promise<void> {
  const years = `SELECT DISTINCT 'Europe/Vilnius' AS tz, 0::INTEGER AS day_start_min, year(date)::INTEGER AS year FROM read_parquet(${literal(bronze)})`;
  for (const [table, select] of Object.entries({
    calendar_year: years,
    slot,
    day_length: dayLength,
    absent_label: absentLabel
  })) {
    await database.run(`CREATE TABLE ${table} AS ${select}`);
    await copy(database, to, `silver.${table}`, `FROM ${table}`);
  }
  await expectNone(database, unevenDays, "day whose slots don't add up");
  for (const statement of hourly) await database.run(statement);
}

async function writeMonth(connection: Connection, bronze: string, month: string, to: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE day AS ${monthDays(bronze, month)}`);
  for (const {name, select} of monthSteps) await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${select}`);
  await expectNone(connection, repeatedDays, "day that came twice");
  await expectNone(connection, unbalancedDays, "day that doesn't balance");
  for (const statement of gapsOfMonth) await connection.run(statement);
  for (const [table, select] of Object.entries(monthTables)) await copy(connection, to, table, select, month);
}

async function copy(
  connection: Connection,
  to: string,
  table: string,
  select: string,
  month?: string
): Promise<string> {
  const folder = join(to, ...table.split("."), ...(month ? [`month=${month}`] : []));
  await mkdir(folder, {recursive: true});
  const file = join(folder, "part.parquet");
  await connection.run(`COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
  return file;
}

async function expectNone(connection: Connection, select: string, what: string): Promise<void> {
  const [row] = await connection.rows(select);
  if (row) throw new Error(`${what}: ${Object.values(row).map(String).join(", ")}`);
}
