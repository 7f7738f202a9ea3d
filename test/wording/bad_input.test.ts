import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {RunResult} from "../../pipelines/pipeline.js";
import {type TestLake, testLake} from "../support/lake.js";
import type {RejectList} from "./bad_input/bad_file.js";
import {days} from "./bad_input/days.js";
import {documentFiles} from "./bad_input/document_files.js";
import {gridRecords} from "./bad_input/grid_records.js";
import {goodFiles, landAll, replaced} from "./bad_input/lake.js";
import {misfits} from "./bad_input/misfits.js";
import {ownFormats} from "./bad_input/own_formats.js";
import {pricesOfMarket} from "./bad_input/prices.js";
import {readings} from "./bad_input/readings.js";
import {agreements} from "./bad_input/snapshot.js";
import {tableFiles} from "./bad_input/table_files.js";
import {tableFormats} from "./bad_input/table_formats.js";
import {telemetryAndHomes} from "./bad_input/telemetry_and_homes.js";
import {timesOfReadings} from "./bad_input/times.js";
import {weather} from "./bad_input/weather.js";
import {foreignWords} from "./foreign_words.js";

const all = [
  ...[misfits, tableFiles, documentFiles, readings, timesOfReadings, [days, agreements, replaced]].flat(),
  ...[telemetryAndHomes, gridRecords, pricesOfMarket, weather, tableFormats, ownFormats].flat()
];
const kinds = all.flatMap((file) => file.kinds.map((kind) => ({file, ...kind})));

const byFile = (list: RejectList, from: string = list) =>
  `SELECT DISTINCT '${list}' AS list, file, reason FROM ${from}`;

/** Every list's lines by file; what is odd about agreements is said of the snapshot that has them. */
const listed = [
  byFile("bronze.file_reject"),
  byFile("bronze.record_reject"),
  byFile("silver.reading_reject"),
  byFile("silver.record_reject"),
  byFile("silver.telemetry_reject"),
  byFile(
    "quality.agreement_problem",
    `(SELECT file, problem AS reason FROM quality.agreement_problem AS odd
      JOIN (SELECT DISTINCT arrival, file FROM bronze.smart_meter_agreement) AS snapshot ON snapshot.arrival = odd.first_snapshot)`
  )
].join(" UNION ALL ");

const recordTables = ["home", "load", "outage", "interruption", "reliability", "weather", "price"];

/** The files of which a row came in as far as it should. */
const cameIn = [
  ...recordTables.map((name) => `SELECT file FROM silver.${name}_record WHERE fate = 'kept'`),
  ...["interval_row", "smart_meter_reading"].map(
    (name) =>
      `SELECT file FROM bronze.${name} JOIN (FROM silver.interval_fate WHERE fate = 'placed') USING (arrival, row_number)`
  ),
  "SELECT file FROM bronze.eliq_daily JOIN (FROM silver.day_fate WHERE fate = 'placed') USING (arrival, row_number)",
  "SELECT file FROM bronze.telemetry WHERE problem IS NULL",
  "SELECT file FROM bronze.weather_station",
  `SELECT file FROM bronze.smart_meter_agreement AS said JOIN silver.agreement AS agreement
   ON agreement.first_snapshot = said.arrival AND agreement.row_number = said.row_number WHERE agreement.problem IS NULL`
].join(" UNION ALL ");

let lake: TestLake;
let result: RunResult;
let places: Awaited<ReturnType<typeof landAll>>;
let lines: readonly {list: string; file: string; reason: string}[];
let good: ReadonlySet<string>;
beforeAll(async () => {
  lake = await testLake("sql");
  places = await landAll(lake, all);
  const tables = ["reading_reject", "record_reject", "telemetry_reject"].map((name) => `silver.${name}`);
  result = await lake.run({select: [...tables, "quality.agreement_problem"]});
  lines = (await lake.query(listed)).map(([list, file, reason]) => ({list, file, reason}) as (typeof lines)[number]);
  good = new Set((await lake.query(cameIn)).map(([file]) => String(file)));
}, 240_000);
afterAll(() => lake.remove());

const rootOf = (path: string) => path.split("/")[0]!;
const endingOf = (path: string) => /(\.[a-z]+)?\.[a-z]+$/.exec(path)?.[0] ?? "";

describe(`${kinds.length} kinds of bad input`, () => {
  it("are at least 200, each with a name of its own", () => {
    expect(kinds.length).toBeGreaterThanOrEqual(200);
    expect(new Set(kinds.map(({name}) => name)).size).toBe(kinds.length);
  });

  it.each(kinds.map((kind) => [kind.name, kind] as const))("%s has its line", (_, {file, list, reason}) => {
    const ofFile = lines.filter((line) => line.file === places.get(file));
    expect(ofFile.map((line) => `${line.list}: ${line.reason}`)).toContain(`${list}: ${reason}`);
    expect(reason).not.toMatch(foreignWords);
  });

  it("are all that is listed", () => {
    const wanted = new Set(kinds.map(({file, list, reason}) => `${places.get(file)}: ${list}: ${reason}`));
    expect(
      lines.map(({file, list, reason}) => `${file}: ${list}: ${reason}`).filter((line) => !wanted.has(line))
    ).toEqual([]);
  });

  it("hold up nothing that is good beside them", () => {
    expect(result.tables.filter(({outcome}) => outcome === "failed" || outcome === "blocked")).toEqual([]);
    const mixed = all.filter(({hasGood}) => hasGood).map((file) => places.get(file)!);
    expect([...goodFiles, ...mixed].filter((path) => !good.has(path))).toEqual([]);
    // Of each file that is refused whole, one of its folder and kind came in.
    const neighbours = new Set([...good].map((path) => `${rootOf(path)} ${endingOf(path)}`));
    const refused = all.filter(({path, hasGood}) => !hasGood && /\.(csv|jsonl?|parquet|xml|db)(\.gz)?$/.test(path));
    const alone = refused.filter(({path}) => !neighbours.has(`${rootOf(path)} ${endingOf(path)}`));
    expect(refused.length).toBeGreaterThan(60);
    expect(alone.map(({path}) => path)).toEqual([]);
  });
});
