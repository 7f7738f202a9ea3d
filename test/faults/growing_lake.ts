import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect} from "vitest";
import {isReadable} from "../../pipelines/delta/readable.js";
import {daysBetween, plusDays} from "../../pipelines/delta/slice.js";
import {eraseCustomer} from "../../pipelines/erasure/erase.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import type {TableDigest} from "../../pipelines/models/lake_digest.js";
import {isProven} from "../../pipelines/observe/erasure_report.js";
import {openErasure} from "../../pipelines/sources/erasure_request.js";
import type {Source} from "../../pipelines/sources/source.js";
import {lakeAt, type TestLake} from "../support/lake.js";
import {modelsBehind, modelsOf} from "../support/models_of.js";
import type {Order, Verb} from "./verbs.js";

const hub: Source = {
  name: "hub",
  folder: "hub",
  format: "interval_row",
  timeZone: "Europe/Vilnius",
  policy: "utc",
  unit: "kWh",
  fuel: "electricity",
  channel: "import"
};
const sources: readonly Source[] = [hub];

/** The lists of all that came in: with them, what one build makes stays the same. */
const lists = ["_arrivals.jsonl", "_erased.jsonl"];

/** What is built: readings, what is made of them, and the account of them. */
const tables = ["gold.energy_day", "silver.meter"];

/** A lake that more and more comes into: readings of customers, corrections, rejects. */
export interface GrowingLake {
  readonly lake: TestLake;
  /** A command that has something to do there. What it takes in is laid beside the lake, or into its landing folder. */
  orderOf(verb: Verb): Promise<Order>;
  /** Whether an erasure is open, which all other commands wait for. */
  isErasing(): Promise<boolean>;
  /** Finishes an erasure that is open, runs the pipeline, and expects what one build of all that arrived makes. */
  settle(): Promise<void>;
  /** What one build of all that arrived makes. */
  oneBuild(): Promise<TableDigest[]>;
  remove(): Promise<void>;
}

/** @param folder where the lake is to be; `scratch` lies beside it */
export async function growingLake(folder: string, url: string, random: () => number): Promise<GrowingLake> {
  const sql = await modelsBehind(tables, modelsOf());
  const lake = lakeAt(folder, sql);
  const landing = join(folder, "landing");
  const scratch = await mkdtemp(join(tmpdir(), "wattlake-beside-"));
  await mkdir(join(landing, "hub"), {recursive: true});
  const options = {lake: folder, sql, sources};
  let [files, day] = [0, "2022-03-25"];

  const write = async (into: string): Promise<string> => {
    const file = join(into, `${++files}.csv`);
    await writeFile(file, csvOf(files, random));
    return file;
  };
  const place = {lake: folder, sql};
  const orders: Record<Verb, () => Promise<Order>> = {
    async pipeline() {
      await write(join(landing, "hub"));
      return {verb: "pipeline", options};
    },
    backfill: async () => ({verb: "backfill", options: {...options, from: "2022-03-01", to: "2022-03-31"}}),
    land: async () => ({verb: "land", source: hub, file: await write(scratch), ...place}),
    async collect() {
      const days = {from: plusDays(day, 1), to: plusDays(day, 2)};
      day = days.to;
      return {verb: "collect", source: hub, url, days, ...place};
    },
    optimize: async () => ({verb: "optimize", lake: folder}),
    vacuum: async () => ({verb: "vacuum", lake: folder}),
    restore: async () => ({verb: "restore", lake: folder, ...(await olderVersion(folder, random))}),
    async export() {
      const format = (["parquet", "csv", "duckdb"] as const)[Math.floor(random() * 3)]!;
      return {verb: "export", to: join(scratch, "export"), format, ...place};
    },
    async erase() {
      const [client, location] = await customerOf(lake, random);
      return {verb: "erase", options, customer: {client, location, meters: [], by: "anna"}};
    }
  };
  const isErasing = async () => (await openErasure(landing)) !== undefined;
  let built: {readonly of: string; readonly digest: TableDigest[]} | undefined;
  const oneBuild = async () => {
    const of = (await Promise.all(lists.map((file) => readFile(join(landing, file), "utf8").catch(() => "")))).join();
    if (built?.of === of) return built.digest;
    const fresh = lakeAt(await mkdtemp(join(tmpdir(), "wattlake-")), sql);
    try {
      expect((await fresh.run({landing, sources})).complete).toBe(true);
      built = {of, digest: await fresh.digest()};
      return built.digest;
    } finally {
      await fresh.remove();
    }
  };
  return {
    lake,
    isErasing,
    oneBuild,
    orderOf: async (verb) => ((await isErasing()) ? {verb: "erase", options} : orders[verb]()),
    async settle() {
      if (await isErasing()) expect(isProven(await eraseCustomer(options)), "the erasure is proven").toBe(true);
      expect((await lake.run({sources, wait: true})).complete).toBe(true);
      expect(await lake.digest()).toEqual(await oneBuild());
    },
    async remove() {
      await lake.remove();
      await rm(scratch, {recursive: true, force: true});
    }
  };
}

const header = "client_id,meter_id,location_id,label,resolution,value,note";

/** Readings of three customers: new ones, corrections of earlier ones, and one that is rejected. */
function csvOf(number: number, random: () => number): string {
  const rows = Array.from({length: 12}, (_, row) => {
    const customer = Math.floor(random() * (2 + number / 2));
    const date = ["2022-03-26", "2022-03-27", "2022-04-01", "2022-05-01"][Math.floor(random() * 4)];
    const label = `${date}T${String(Math.floor(random() * 24)).padStart(2, "0")}:00Z`;
    // Two values for one hour of a meter in one file would be rejected, both.
    return `acme,home-${customer}/m${row % 3},home-${customer},${label},60min,${number}.${row + 10},`;
  });
  const distinct = new Map(rows.map((line) => [line.split(",").slice(1, 4).join(), line]));
  const rejected = `acme,home-0/m0,home-0,2022-06-01T00:00Z,60min,none of ${number},`;
  return [header, ...distinct.values(), rejected, ""].join("\n");
}

/** What a service has of the days asked for: a customer's readings of each. */
export function collectedCsv(questions: URLSearchParams): string {
  const days = daysBetween(questions.get("start_date")!, questions.get("end_date")!);
  const rows = days.map((day) => `acme,home-99/m0,home-99,${day}T12:00Z,60min,${day.slice(8)}.5,`);
  return [header, ...rows, ""].join("\n");
}

async function customerOf(lake: TestLake, random: () => number): Promise<[client: string, location: string]> {
  const known = (await lake.query(
    "SELECT DISTINCT client_id, location_id FROM silver.meter WHERE location_id IS NOT NULL ORDER BY ALL"
  )) as [string, string][];
  return known[Math.floor(random() * known.length)]!;
}

/** A table and an older version of it that can still be read; of one with none, the newest. */
async function olderVersion(folder: string, random: () => number): Promise<{table: string; version: number}> {
  const lakehouse = await openLakehouse(folder, "latest");
  try {
    const {catalog} = lakehouse;
    const tables = (await lakehouse.tables()).filter((table) => /^(silver|gold)/.test(table));
    const found: {table: string; version: number}[] = [];
    for (const table of tables) {
      const snapshot = await catalog.snapshot(table);
      if (!snapshot) continue;
      const version = Math.max(0, snapshot.version - 1);
      if (await isReadable(catalog.database, catalog.root(table), version)) found.push({table, version});
    }
    return found[Math.floor(random() * found.length)]!;
  } finally {
    await lakehouse.close();
  }
}

/** Numbers from 0 to 1 that look random, the same every time. */
export function randomFrom(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
