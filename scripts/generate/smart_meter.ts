import {mkdir, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {Command} from "commander";
import sqlite from "node-sqlite3-wasm";
import {localDate} from "../../pipelines/command.js";
import {count, seed} from "./options.js";
import {answersOf} from "./smart_meter/answers.js";
import {makeSupply, type Snapshot, type Supply, type SupplyOptions} from "./smart_meter/supply.js";

/** What to make up, and where to put it. */
interface Options extends SupplyOptions {
  /** The source's folder: files of readings, and of the supplier's database. */
  readonly to: string;
  readonly asOf: string;
}

/** Where the answers go, in the source's folder: a name that a run takes no file from. */
const answersFolder = "_answers";

/** `generate smart-meter`: half-hourly readings, the agreements they are supplied under, and what must come of them. */
export function smartMeterCommand(): Command {
  return new Command("smart-meter")
    .description("half-hourly readings as JSON, agreements as SQLite, odd ones of every kind, and the right answers")
    .option("--meters <count>", "how many meter points", count, 50)
    .option("--days <count>", "how many days of each", count, 30)
    .option("--start <date>", "the first day", localDate, "2021-01-01")
    .option("--dst", "the days around both changes of the clock in that year as well", false)
    .option("--plain", "ordinary meter points alone, for measuring", false)
    .option("--seed <number>", "another seed, other values", seed, 1)
    .option("--as-of <date>", "the day of gold.active_agreements in the answers", localDate, "2021-01-01")
    .requiredOption("--to <dir>", "the folder for the files: lake/landing/smart-meter for example")
    .allowExcessArguments(false)
    .action(async (options: Options) => {
      const supply = makeSupply(options);
      const {files, rows} = await writeSupply(supply, options.to);
      const folder = join(options.to, answersFolder);
      await mkdir(folder, {recursive: true});
      for (const [table, answer] of Object.entries(answersOf(supply, options.asOf))) {
        const lines = answer.map((row: object) => `${JSON.stringify(row)}\n`).join("");
        await writeFile(join(folder, `${table}.jsonl`), lines);
      }
      console.log(
        `${rows.toLocaleString("en")} half hours in ${files} files, ${supply.snapshots.length} snapshots: ${options.to}; the right answers: ${folder}`
      );
    });
}

/** Writes a supplier's files as they would come: a JSON file a meter point, a SQLite file a snapshot. */
export async function writeSupply(supply: Supply, to: string): Promise<{files: number; rows: number}> {
  await mkdir(join(to, "readings"), {recursive: true});
  let files = 0;
  let total = 0;
  for (const {path, rows} of supply.files()) {
    const columns = ["interval_start", "consumption_delta", "meterpoint_id"];
    await writeFile(join(to, path), JSON.stringify({columns, data: rows}));
    files++;
    total += rows.length;
  }
  for (const snapshot of supply.snapshots) await writeSnapshot(snapshot, join(to, snapshot.path));
  return {files, rows: total};
}

/** Writes what a supplier's database holds as a SQLite file. */
export async function writeSnapshot(snapshot: Omit<Snapshot, "path">, file: string): Promise<void> {
  await mkdir(dirname(file), {recursive: true});
  await rm(file, {force: true});
  const database = new sqlite.Database(file);
  try {
    database.exec(
      `CREATE TABLE agreement (agreement_id INTEGER, agreement_valid_from DATE, agreement_valid_to DATE, product_id TEXT, meterpoint_id TEXT, account_id TEXT);
       CREATE TABLE product (display_name TEXT, is_variable INTEGER, id INTEGER, product_id TEXT);
       CREATE TABLE meterpoint (region TEXT, meterpoint_id TEXT);
       BEGIN`
    );
    const insert = (table: string, rows: readonly object[]) => {
      for (const row of rows) {
        const columns = Object.keys(row);
        const marks = columns.map(() => "?").join(", ");
        database.run(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`, Object.values(row));
      }
    };
    insert("agreement", snapshot.agreements);
    insert("product", snapshot.products);
    insert("meterpoint", snapshot.meterpoints);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}
