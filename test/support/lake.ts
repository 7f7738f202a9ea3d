import {cp, mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import {lakeDigest, type TableDigest} from "../../pipelines/models/lake_digest.js";
import {type PipelineOptions, type RunResult, runPipeline} from "../../pipelines/pipeline.js";
import {type Preview, previewPipeline} from "../../pipelines/preview.js";
import {modelsOf} from "./models_of.js";

/** A day's array to land: so many watt-hours in each of its hours. */
export type Day = readonly [date: string, wattHours: number, meter?: string];

/** A lake of its own, in a temporary folder. */
export interface TestLake {
  readonly folder: string;
  /** The folder of its models. */
  readonly sql: string;
  run(options?: PipelineOptions): Promise<RunResult>;
  preview(options?: PipelineOptions): Promise<Preview>;
  /** Lands a file of the home assignment's schema, by its path under the landing folder. */
  land(path: string, days: readonly Day[], hours?: number): Promise<void>;
  query(sql: string, asOf?: string | number): Promise<unknown[][]>;
  digest(): Promise<TableDigest[]>;
  /** Takes the tables away; what landed stays. */
  empty(): Promise<void>;
  /** Another lake, with all that is in this one. */
  copy(): Promise<TestLake>;
  remove(): Promise<void>;
}

/** An empty lake of the models in a folder: those of energy alone where none is given. */
export async function testLake(sql?: string): Promise<TestLake> {
  const folder = await mkdtemp(join(tmpdir(), "wattlake-"));
  await mkdir(join(folder, "landing"));
  return lakeAt(folder, sql);
}

/** A lake in a folder that is there. */
export function lakeAt(folder: string, sql: string = modelsOf()): TestLake {
  return {
    folder,
    sql,
    run: (options) => runPipeline({lake: folder, sql, ...options}),
    preview: (options) => previewPipeline({lake: folder, sql, ...options}),
    async land(path, days, hours = 24) {
      const file = join(folder, "landing", path);
      await mkdir(dirname(file), {recursive: true});
      const duckdb = await openDuckDB();
      const rows = days.map(([date, wattHours, meter = "m1"]) => `('c1', DATE '${date}', '${meter}', ${wattHours})`);
      await duckdb.run(
        `COPY (SELECT client_id, date, ext_dev_ref, list_transform(range(${hours}), lambda hour: CAST(wh AS BIGINT)) AS energy_consumption, '60min' AS resolution
               FROM (VALUES ${rows.join(", ")}) AS t(client_id, date, ext_dev_ref, wh)) TO ${literal(file)} (FORMAT parquet)`
      );
      duckdb.close();
    },
    async query(sql, asOf) {
      const lakehouse = await openLakehouse(folder, asOf);
      try {
        return await (await lakehouse.stream(sql)).getRowsJson();
      } finally {
        await lakehouse.close();
      }
    },
    async digest() {
      const lakehouse = await openLakehouse(folder);
      try {
        return await lakeDigest(lakehouse.catalog, await lakehouse.tables());
      } finally {
        await lakehouse.close();
      }
    },
    async empty() {
      for (const name of await readdir(folder)) if (name !== "landing") await rm(join(folder, name), {recursive: true});
    },
    async copy() {
      const other = await mkdtemp(join(tmpdir(), "wattlake-"));
      await cp(folder, other, {recursive: true});
      return lakeAt(other, sql);
    },
    remove: () => rm(folder, {recursive: true, force: true})
  };
}
