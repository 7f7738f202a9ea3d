import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {addSource} from "../../pipelines/inspect/add_source.js";
import {inspectFile} from "../../pipelines/inspect/inspection.js";
import {openProject} from "../../pipelines/models/project.js";
import {balances} from "../../pipelines/models/reconciliation.js";
import type {RunResult} from "../../pipelines/pipeline.js";
import {deliver} from "../../pipelines/sources/delivery.js";
import type {Delivery} from "../../pipelines/sources/handover.js";
import {sourcesOf} from "../../pipelines/sources/lake_sources.js";
import {type TestLake, testLake} from "../support/lake.js";
import {type Stranger, strangers} from "./strangers.js";

const all = strangers();

describe("a file that nobody has described", () => {
  let files: string;
  let lake: TestLake;
  let run: RunResult;
  const deliveries = new Map<string, Delivery>();
  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), "wattlake-strangers-"));
    lake = await testLake();
    await mkdir(join(lake.folder, "landing"), {recursive: true});
    for (const {name, extension, content, said} of all) {
      const file = join(files, `${name}.${extension}`);
      await writeFile(file, content);
      await addSource(lake.folder, await inspectFile(file, {...said, name}));
    }
    const database = await openDuckDB();
    const {models} = await openProject(database);
    const dock = {
      landing: join(lake.folder, "landing"),
      database,
      models: new Map(models.map((model) => [model.name, model]))
    };
    const sources = await sourcesOf(lake.folder);
    for (const {name, extension} of all) {
      const source = sources.find((one) => one.name === name)!;
      deliveries.set(name, await deliver(dock, source, {file: join(files, `${name}.${extension}`)}));
    }
    database.close();
    run = await lake.run();
  }, 300_000);
  afterAll(async () => {
    await lake.remove();
    await rm(files, {recursive: true});
  });

  it.each(all.map((stranger) => [stranger.name, stranger] as const))(
    "%s: is drafted, landed, and every value is in Silver at its instant",
    async (name, {source, values}: Stranger) => {
      const {sources} = JSON.parse(await readFile(join(lake.folder, "sources.json"), "utf8"));
      expect(sources.find((one: {name: string}) => one.name === name)).toMatchObject(source);
      expect(deliveries.get(name)).toMatchObject({outcome: "landed"});
      const rejected = await lake.query(
        `SELECT regexp_extract(reason, '^[^:]*') AS what, min(reason), count(*) FROM silver.reading_reject WHERE source = '${name}' GROUP BY what`
      );
      expect(rejected, "rejected").toEqual([]);
      const rows = await lake.query(
        `SELECT meter_id, channel, epoch_ms(interval_start), interval_minutes, CAST(round(energy_kwh * 1000000) AS BIGINT)
         FROM silver.reading WHERE source = '${name}'`
      );
      const found = rows.map((row) => row.join(" "));
      const wanted: string[] = values.map(({meter, channel, start, minutes, kwh}) =>
        [meter, channel, start, minutes, Math.round(kwh * 1_000_000)].join(" ")
      );
      expect(found.filter((row) => !wanted.includes(row)).slice(0, 5), "not as sent").toEqual([]);
      expect(found.length).toBe(wanted.length);
      const line = run.reconciliation.find((one) => one.source === name)!;
      expect(line.placed_values).toBe(BigInt(wanted.length));
      expect(balances(line)).toBe(true);
    }
  );
});
