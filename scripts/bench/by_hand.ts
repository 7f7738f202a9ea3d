import {rm} from "node:fs/promises";
import {join} from "node:path";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {writeEliqDays} from "../generate/eliq.js";
import {measure} from "./measure.js";
import {median} from "./numbers.js";

/** Seconds of all cores that the script by hand takes, in the middle. */
export async function scriptByHand(folder: string, rows: number, repeat: number): Promise<number> {
  const [landing, to] = [join(folder, "eliq"), join(folder, "handwritten")];
  const database = await openDuckDB();
  try {
    const meters = Math.max(1, Math.round(rows / 365));
    await writeEliqDays(database, {meters, days: 365, start: "2022-01-01", seed: 1, to: join(landing, "eliq")});
  } finally {
    database.close();
  }
  const seconds: number[] = [];
  for (let index = 0; index < repeat; index++) {
    await rm(to, {recursive: true, force: true});
    seconds.push(
      (await measure(folder, ["scripts/bench/handwritten.ts", "--landing", landing, "--to", to])).cpuSeconds
    );
  }
  await rm(landing, {recursive: true});
  await rm(to, {recursive: true});
  return median(seconds);
}
