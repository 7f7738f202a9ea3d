import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {$} from "zx";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {runPipeline} from "../../pipelines/pipeline.js";
import {compareTables} from "../../scripts/bench/agreement.js";
import {writeEliqDays} from "../../scripts/generate/eliq.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-handwritten-"));
});
afterAll(() => rm(folder, {recursive: true}));

it("writes what the pipeline writes, rejected days and values included", async () => {
  const landing = join(folder, "landing");
  const eliq = join(landing, "eliq");
  const database = await openDuckDB();
  await writeEliqDays(database, {meters: 4, days: 365, start: "2022-01-01", seed: 1, to: eliq});
  // Autumn has a doubled hour with an odd number of Wh and one out of bounds; spring has energy in the hour that never was.
  const spoilt = (value: string) =>
    `list_transform(energy_consumption, lambda value, hour: CASE hour WHEN 4 THEN ${value} ELSE value END)`;
  await database.run(
    `COPY (
       SELECT 'other' AS client_id, date, ext_dev_ref, resolution,
         CASE ext_dev_ref
           WHEN 'ext_device_1' THEN ${spoilt("777")}
           WHEN 'ext_device_2' THEN ${spoilt("-5")}
           WHEN 'ext_device_3' THEN ${spoilt("150000000")}
           ELSE energy_consumption[1:23]
         END AS energy_consumption
       FROM read_parquet(${literal(join(eliq, "*.parquet"))})
       WHERE date IN ('2022-03-27', '2022-10-30', '2022-06-01')
     ) TO ${literal(join(eliq, "other.parquet"))} (FORMAT parquet)`
  );
  database.close();

  const lake = join(folder, "lake");
  const byHand = join(folder, "handwritten");
  await runPipeline({lake, landing});
  await $({
    cwd: root,
    quiet: true
  })`${process.execPath} --import tsx scripts/bench/handwritten.ts --landing ${landing} --to ${byHand}`;

  const tables = await compareTables(lake, byHand);
  expect(tables.filter(({agrees}) => !agrees)).toEqual([]);
  expect(tables.find(({table}) => table === "silver.reading_reject")!.rows).toBeGreaterThan(5);
});
