import {cp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {Ajv2020} from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import parsePrometheus from "parse-prometheus-text-format";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {RunEvent} from "../../pipelines/observe/events.js";
import {folderFor} from "../models/folder.js";
import {type TestLake, testLake} from "../support/lake.js";

/** A table that warns, one that fails while there are two days, and one that waits for it. */
const models = {
  "silver/day.sql": `-- One row a meter and day.
-- key: meter_id, local_date
-- partition: month
-- increment: local_date
-- fresh: 34 hours
SELECT ext_dev_ref AS meter_id, date AS local_date, CAST(month_of(date) AS STRING) AS month
FROM bronze.eliq_daily`,
  "silver/later_day.sql": `-- A day of this century.
-- stored: no
SELECT meter_id, local_date FROM silver.day WHERE local_date >= DATE '2000-01-01'`,
  "gold/day_count.sql": `-- One row a meter: its days.
-- key: meter_id
SELECT meter_id, CAST(count(*) AS BIGINT) AS day_count FROM silver.later_day GROUP BY meter_id`,
  "gold/most.sql": `-- One row: the most days that a meter has.
SELECT CAST(max(day_count) AS BIGINT) AS day_count FROM gold.day_count`,
  "checks/silver.day/later.sql": `-- Days are of 2023 and later.
-- severity: warn
-- column: local_date
SELECT meter_id, local_date FROM silver.day WHERE local_date < DATE '2023-01-01'`,
  "checks/gold.day_count/three.sql": `-- A meter has three days.
SELECT meter_id, day_count FROM gold.day_count WHERE day_count < 3`
};

let lake: TestLake;
let sql: string;
const events: RunEvent[] = [];
beforeAll(async () => {
  lake = await testLake("sql");
  sql = await folderFor(models);
  await cp("sql/functions", join(sql, "functions"), {recursive: true});
  await cp("sql/bronze/eliq_daily.sql", join(sql, "bronze/eliq_daily.sql"));
  await lake.land("eliq/1.parquet", [
    ["2022-05-01", 100],
    ["2022-05-02", 100]
  ]);
  await writeFile(join(lake.folder, "landing/eliq/2.parquet"), "torn");
  await lake.run({sql, listener: (event) => void events.push(event)});
  await lake.land("eliq/3.parquet", [["2022-06-03", 100]]);
  await lake.run({sql});
});
afterAll(async () => {
  await lake.remove();
  await rm(sql, {recursive: true});
});

async function lines(kind: string, run: number): Promise<Record<string, any>[]> {
  const text = await readFile(join(lake.folder, kind, `${run}.jsonl`), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("a run's events", () => {
  it("tell of each table, from its plan to what became of it", () => {
    const told = (table: string) =>
      events.flatMap((event) => ("table" in event && event.table === table ? [event.kind] : []));
    expect(new Set(told("silver.day"))).toEqual(
      new Set(["table planned", "table progress", "table staged", "table checked", "table committed", "table finished"])
    );
    expect(told("gold.day_count").slice(-2)).toEqual(["table checked", "table finished"]);
    expect(told("gold.most")).toEqual(["table finished"]);
    expect(events.at(-1)).toMatchObject({kind: "run finished", run: 1, complete: false, filesRejected: 1});
  });
});

describe("a run's log", () => {
  it("has a line for all that was done and all that went wrong, with the run and the table", async () => {
    const log = await lines("logs", 1);
    expect(log.map(({level, msg, table}) => [level, msg, table])).toEqual([
      ["info", "run started", undefined],
      ["warn", "file rejected", undefined],
      ["info", "table committed", "bronze.eliq_daily"],
      ["info", "table ingested", "bronze.eliq_daily"],
      ["info", "table planned", "silver.day"],
      ["warn", "table checked", "silver.day"],
      ["info", "table committed", "silver.day"],
      ["info", "table finished", "silver.day"],
      ["info", "table planned", "gold.day_count"],
      ["error", "table checked", "gold.day_count"],
      ["error", "table finished", "gold.day_count"],
      ["warn", "table finished", "gold.most"],
      ["warn", "run finished", undefined]
    ]);
    for (const {run, time} of log) expect([run, new Date(time).toISOString()]).toEqual([1, time]);
    expect(log[1]).toMatchObject({file: {path: "eliq/2.parquet"}, reason: expect.stringContaining("Parquet")});
    expect(log[9]!.failures).toEqual([{check: "three", severity: "error", violations: 1}]);
    expect(log[11]).toMatchObject({outcome: "blocked", reason: "waits for gold.day_count"});
  });

  it("tells which values are rebuilt, and why", async () => {
    const plan = (await lines("logs", 2)).find(({msg, table}) => msg === "table planned" && table === "silver.day");
    expect(plan).toMatchObject({
      scope: "some",
      values: 1,
      first: "2022-06-03",
      inputs: [{table: "bronze.eliq_daily", version: 1}]
    });
  });
});

describe("a run's metrics", () => {
  it("are text in Prometheus's format, of the last run", async () => {
    const text = await readFile(join(lake.folder, "metrics/wattlake.prom"), "utf8");
    const families = new Map(parsePrometheus(text).map((family) => [family.name, family]));
    const value = (name: string, labels: Record<string, string> = {}) =>
      families
        .get(`wattlake_${name}`)!
        .metrics.filter((metric) => Object.entries(labels).every(([label, is]) => metric.labels?.[label] === is))
        .map((metric) => Number(metric.value));
    for (const {type, help} of families.values()) expect([type, help]).toEqual(["GAUGE", expect.stringMatching(/\.$/)]);
    expect(value("run_number")).toEqual([2]);
    expect(value("run_outcome", {outcome: "complete"})).toEqual([1]);
    expect(value("run_outcome", {outcome: "partial"})).toEqual([0]);
    expect(value("run_files_taken")).toEqual([1]);
    expect(value("files_unreadable")).toEqual([1]);
    expect(value("table_rows", {table: "silver.day"})).toEqual([3]);
    expect(value("table_files", {table: "silver.day"})).toEqual([2]);
    expect(value("table_version", {table: "silver.day"})).toEqual([1]);
    expect(value("table_newest_timestamp_seconds")).toEqual([Date.UTC(2022, 5, 4) / 1000]);
    expect(value("table_fresh_promise_seconds")).toEqual([34 * 3600]);
    expect(value("table_late")).toEqual([1]);
    expect(value("check_violations", {table: "silver.day", check: "later"})).toEqual([1]);
    expect(value("check_violations", {check: "three"})).toEqual([0]);
    expect(await readdir(join(lake.folder, "metrics"))).toEqual(["wattlake.prom"]);
  });
});

describe("a run's lineage", () => {
  it("is events of OpenLineage: they and their facets follow its schemas", async () => {
    const schemas = "test/golden/openlineage";
    const ajv = new Ajv2020({strict: false});
    addFormats.default(ajv);
    const core = JSON.parse(await readFile(join(schemas, "OpenLineage.json"), "utf8"));
    ajv.addSchema(core);
    // Facets point at the core of their own time.
    for (const version of ["1-0-1", "1-0-2", "1-0-3"])
      ajv.addSchema({...core, $id: `https://openlineage.io/spec/${version}/OpenLineage.json`});
    for (const name of await readdir(join(schemas, "facets")))
      ajv.addSchema(JSON.parse(await readFile(join(schemas, "facets", name), "utf8")));
    const used = new Set<string>();
    const validate = (schema: string, value: unknown) => {
      used.add(schema);
      const check = ajv.getSchema(schema)!;
      expect(check(value), `${schema}: ${ajv.errorsText(check.errors)}`).toBe(true);
    };
    for (const event of [...(await lines("lineage", 1)), ...(await lines("lineage", 2))]) {
      validate(event.schemaURL, event);
      const holders = [event.run, event.job, ...event.inputs, ...event.outputs];
      for (const {facets = {}, outputFacets = {}} of holders)
        for (const facet of Object.values<any>({...facets, ...outputFacets})) validate(facet._schemaURL, facet);
    }
    expect(used.size).toBe((await readdir(join(schemas, "facets"))).length + 1);
    expect(ajv.validate({$ref: "https://openlineage.io/spec/2-0-2/OpenLineage.json"}, {eventType: "START"})).toBe(
      false
    );
  });

  it("begins and ends each job once, below the pipeline's", async () => {
    const happened = (await lines("lineage", 1)).map(({eventType, job}) => [eventType, job.name]);
    expect(happened).toEqual([
      ["START", "pipeline"],
      ["START", "bronze.eliq_daily"],
      ["COMPLETE", "bronze.eliq_daily"],
      ["START", "silver.day"],
      ["COMPLETE", "silver.day"],
      ["START", "gold.day_count"],
      ["FAIL", "gold.day_count"],
      ["FAIL", "pipeline"]
    ]);
    const [parent, ...children] = await lines("lineage", 1);
    for (const {run} of children.slice(0, -1)) expect(run.facets.parent.run.runId).toBe(parent!.run.runId);
    const starts = new Set(children.map(({run}) => run.runId));
    expect(starts.size).toBe(4);
  });

  it("tells what was made from which versions, and what came out", async () => {
    const events = await lines("lineage", 2);
    const {inputs, outputs, job} = events.find(
      (event) => event.job.name === "silver.day" && event.eventType === "COMPLETE"
    )!;
    const folder = (table: string) => join(lake.folder, ...table.split("."));
    expect(inputs).toMatchObject([
      {namespace: "file", name: folder("bronze.eliq_daily"), facets: {version: {datasetVersion: "1"}}}
    ]);
    expect(outputs).toMatchObject([
      {
        namespace: "file",
        name: folder("silver.day"),
        facets: {
          dataSource: {uri: pathToFileURL(lake.folder).href},
          documentation: {description: "One row a meter and day."},
          schema: {fields: [{name: "meter_id", type: "VARCHAR"}, {name: "local_date", type: "DATE"}, {name: "month"}]},
          columnLineage: {
            fields: {
              month: {
                inputFields: [
                  {
                    namespace: "file",
                    name: folder("bronze.eliq_daily"),
                    field: "date",
                    transformations: [{type: "DIRECT", subtype: "TRANSFORMATION"}]
                  }
                ]
              }
            }
          },
          version: {datasetVersion: "1"},
          dataQualityAssertions: {
            assertions: [
              {assertion: "key_not_null", success: true},
              {assertion: "later", success: false, column: "local_date"},
              {assertion: "key", success: true}
            ]
          }
        },
        outputFacets: {outputStatistics: {rowCount: 1, size: expect.any(Number)}}
      }
    ]);
    expect(job.facets.sql.query).toContain("FROM bronze.eliq_daily");
    const count = events.find((event) => event.job.name === "gold.day_count" && event.eventType === "COMPLETE")!;
    const {fields, dataset} = count.outputs[0].facets.columnLineage;
    const used = (inputFields: any[]) =>
      inputFields.flatMap(({name, field, transformations}) =>
        transformations.map(({subtype}: {subtype: string}) => [name, field, subtype])
      );
    expect(used(fields.meter_id.inputFields)).toEqual([[folder("silver.day"), "meter_id", "IDENTITY"]]);
    expect(used(fields.day_count.inputFields)).toEqual([]);
    expect(used(dataset)).toEqual([
      [folder("silver.day"), "local_date", "FILTER"],
      [folder("silver.day"), "meter_id", "GROUP_BY"]
    ]);
    const landed = events.find((event) => event.job.name === "bronze.eliq_daily" && event.eventType === "COMPLETE")!;
    expect(landed.inputs).toMatchObject([{name: join(lake.folder, "landing/eliq/3.parquet")}]);
  });
});

describe("what a run tells of itself", () => {
  it("fails no run that it can't be written for, and that is said", async () => {
    const other = await testLake("sql");
    await other.land("eliq/1.parquet", [["2022-05-01", 100]]);
    for (const folder of ["logs", "metrics", "lineage"]) await writeFile(join(other.folder, folder), "no folder");
    const result = await other.run({sql, select: ["silver.day"]});
    expect(result.tables.map(({outcome}) => outcome)).toEqual(["built"]);
    expect([...result.untold].sort()).toEqual([
      "lineage not written: file or folder not usable: lineage: something is there already; name another place",
      "log not written: file or folder not usable: logs: something is there already; name another place",
      "metrics not written: file or folder not usable: metrics: something is there already; name another place"
    ]);
    await other.remove();
  });

  it("says what ended it, where it couldn't be recorded", async () => {
    await expect(lake.run({sql, again: ["eliq/none.parquet"]})).rejects.toThrow("eliq/none.parquet");
    expect((await lines("logs", 3)).at(-1)).toMatchObject({level: "error", run: 3, msg: "run failed"});
    expect((await lines("lineage", 3)).map(({eventType}) => eventType)).toEqual(["START", "FAIL"]);
    const text = await readFile(join(lake.folder, "metrics/wattlake.prom"), "utf8");
    expect(text).toContain('wattlake_run_outcome{outcome="failed"} 1');
  });
});
