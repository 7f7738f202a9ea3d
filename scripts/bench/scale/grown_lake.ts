import {cp, mkdir, rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {plusDays} from "../../../pipelines/delta/slice.js";
import {literal, openDuckDB} from "../../../pipelines/engines/duckdb.js";
import {openLake} from "../../../pipelines/index.js";
import {openLakehouse} from "../../../pipelines/lakehouse.js";
import {type EliqOptions, writeEliqDays} from "../../generate/eliq.js";
import type {Measured} from "../summary.js";
import {withoutDataFiles} from "./data_files.js";

/** How large a lake is to become, and how often each of its runs is measured. */
export interface GrownOptions {
  readonly meters: number;
  readonly years: number;
  readonly repeat: number;
}

/** Runs a program of ours, by its path in the project, and tells what it took. */
export type Run = (program: readonly string[]) => Promise<Measured>;

/** What was measured on a lake while it grew, in this order. */
export interface GrownLake extends GrownOptions {
  readonly readings: number;
  readonly landingBytes: number;
  /** A process that reads the program and does nothing: what every run takes before its work begins. */
  readonly startUp: readonly Measured[];
  readonly full: Measured;
  readonly newDay: readonly Measured[];
  readonly nothing: readonly Measured[];
  /** Whether a run with nothing to do came to its end while the tables' data files were somewhere else. */
  readonly readsNoData: boolean;
  readonly optimize: Measured;
  readonly correctedDay: readonly Measured[];
  /** The readings of one meter's last 365 days, from a lake that is open: milliseconds, once for each of some meters. */
  readonly meterYear: readonly number[];
}

/** A lake whose last day is in the middle of a month, so that a new day finds the month begun. */
const lastDay = "2023-01-15";
/** So many days come in files of their own, as each day would; those before, in a file a month. */
const daysOfTheirOwn = 15;
/** Correct days in so many different months at most, each folded by `optimize` before. */
const mostRepeats = 8;

/**
 * Builds a lake in a folder from made-up daily rows, then lets days arrive: new ones, then none, then corrected ones
 * of months that lie back, once the lake is optimized. Each run is measured by itself.
 */
export async function growLake(
  folder: string,
  {meters, years, repeat: asked}: GrownOptions,
  run: Run,
  say: (text: string) => void = () => {}
): Promise<GrownLake> {
  const repeat = Math.min(asked, mostRepeats);
  const lake = join(folder, "lake");
  const eliq = join(lake, "landing", "eliq");
  const days = years * 365;
  const take = async (what: string, ...program: readonly string[]) => {
    const measured = await run(program);
    say(`${what}: ${measured.seconds.toFixed(1)} s, ${measured.cpuSeconds.toFixed(1)} s of all cores`);
    return measured;
  };
  const pipeline = (what: string) => take(what, "scripts/start.js", "run", "--lake", lake, "--quiet");
  const repeated = async (work: (index: number) => Promise<Measured>) => {
    const measured: Measured[] = [];
    for (let index = 0; index < repeat; index++) measured.push(await work(index));
    return measured;
  };

  const first = plusDays(lastDay, 1 - days);
  const history = {meters, start: first, days: days - daysOfTheirOwn, seed: 1, to: eliq};
  const recent = {...history, start: plusDays(lastDay, 1 - daysOfTheirOwn), days: daysOfTheirOwn};
  const landingBytes = (await write(history)) + (await write({...recent, each: "day"}));
  say(`${meters.toLocaleString("en")} meters, ${days} days: ${Math.round(landingBytes / 1e6)} MB landed`);

  const startUp = await repeated(() => run(["scripts/start.js", "run", "--help"]));
  const full = await pipeline("full build");
  const newDay = await repeated(async (index) => {
    await write({...recent, start: plusDays(lastDay, index + 1), days: 1, each: "day"});
    return pipeline("new day");
  });
  const nothing = await repeated(() => pipeline("nothing to do"));
  const readsNoData = await withoutDataFiles(lake, () => pipeline("nothing to do, without data files")).then(
    () => true,
    () => false
  );
  const optimize = await take("optimize", "scripts/start.js", "lake", "optimize", "--lake", lake);
  const correctedDay = await repeated(async (index) => {
    const aside = join(folder, "corrected");
    const start = `2022-${String(3 + index).padStart(2, "0")}-16`;
    await write({...recent, start, days: 1, each: "day", seed: 2, to: aside});
    await rename(join(aside, `${start}.parquet`), join(eliq, `corrected-${start}.parquet`));
    return pipeline("corrected day");
  });
  await take("optimize", "scripts/start.js", "lake", "optimize", "--lake", lake);
  const {readings, meterYear} = await readMeters(lake, repeat * 3);
  say(`a meter's year: ${meterYear.map((milliseconds) => milliseconds.toFixed(0)).join(", ")} ms`);
  return {
    ...{meters, years, repeat, readings, landingBytes, startUp, full},
    ...{newDay, nothing, readsNoData, optimize, correctedDay, meterYear}
  };
}

/** The files that hold a meter's year in `silver.reading`, in the project's sample lake once it is optimized. */
export async function sampleFiles(folder: string, sample: string, run: Run): Promise<number> {
  const lake = join(folder, "sample");
  await mkdir(join(lake, "landing"), {recursive: true});
  await cp(sample, join(lake, "landing", "eliq"), {recursive: true});
  await run(["scripts/start.js", "run", "--lake", lake, "--quiet"]);
  await run(["scripts/start.js", "lake", "optimize", "--lake", lake]);
  const lakehouse = await openLakehouse(lake);
  try {
    return (await lakehouse.catalog.snapshot("silver.reading"))!.files.length;
  } finally {
    await lakehouse.close();
    await rm(lake, {recursive: true});
  }
}

async function write(options: EliqOptions): Promise<number> {
  const database = await openDuckDB();
  try {
    return (await writeEliqDays(database, options)).bytes;
  } finally {
    database.close();
  }
}

/** Reads the year before the last day of a few meters, as a notebook does: from a lake that is open, to Arrow. */
async function readMeters(folder: string, times: number): Promise<Pick<GrownLake, "readings" | "meterYear">> {
  const lake = await openLake(folder);
  try {
    const [counted] = await lake.query("SELECT count(*) AS readings FROM silver.reading");
    const meters = await lake.query(
      `SELECT client_id, meter_id FROM gold.energy_month WHERE month = '${lastDay.slice(0, 7)}' ORDER BY hash(meter_id) LIMIT ${times}`
    );
    const meterYear: number[] = [];
    for (const {client_id, meter_id} of meters) {
      const started = performance.now();
      await lake.arrow(
        `SELECT * FROM silver.reading
         WHERE client_id = ${literal(String(client_id))} AND meter_id = ${literal(String(meter_id))}
           AND local_date BETWEEN DATE '${plusDays(lastDay, -364)}' AND DATE '${lastDay}'`
      );
      meterYear.push(performance.now() - started);
    }
    return {readings: Number(counted!.readings), meterYear};
  } finally {
    await lake.close();
  }
}
