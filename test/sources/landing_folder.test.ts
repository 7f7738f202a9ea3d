import {execFileSync} from "node:child_process";
import {appendFile, chmod, mkdir, mkdtemp, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {hasFailed} from "../../pipelines/failure.js";
import {openProject} from "../../pipelines/models/project.js";
import {warningsOf} from "../../pipelines/observe/run_report.js";
import {land} from "../../pipelines/sources/arrivals.js";
import {inspectFiles, intakeOf} from "../../pipelines/sources/inspect.js";
import {landingEntries} from "../../pipelines/sources/landing_folder.js";
import type {Source} from "../../pipelines/sources/source.js";
import {testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

const source: Source = {name: "a", folder: "a", format: "interval_row"} as Source;

let folder: string;
let landing: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-landing-"));
  landing = join(folder, "landing");
  await mkdir(join(landing, "a", "folder.csv"), {recursive: true});
  await mkdir(join(landing, "a", "parts.csv"));
  await writeFile(join(landing, "a", "good.csv"), "x\n1\n");
  await writeFile(join(landing, "a", "parts.csv", "part.csv"), "x\n2\n");
  await writeFile(join(folder, "outside.csv"), "x\n3\n");
  await symlink("good.csv", join(landing, "a", "inner.csv"));
  await symlink("nowhere.csv", join(landing, "a", "dangling.csv"));
  await symlink("loop.csv", join(landing, "a", "loop.csv"));
  await symlink(join(folder, "outside.csv"), join(landing, "a", "outside.csv"));
  await symlink(folder, join(landing, "a", "linked folder"));
  await symlink("/dev/zero", join(landing, "a", "zero.csv"));
  execFileSync("mkfifo", [join(landing, "a", "pipe.csv")]);
  await writeFile(
    Buffer.concat([Buffer.from(join(landing, "a", "latin ")), Buffer.from([0xe9]), Buffer.from(".csv")]),
    "x\n"
  );
  await writeFile(join(landing, "a", "escape \u001b[31m.csv"), "x\n");
  await writeFile(join(landing, "a", "closed.csv"), "x\n4\n");
  await chmod(join(landing, "a", "closed.csv"), 0);
});
afterAll(() => rm(folder, {recursive: true, force: true}));

const expected = [
  ["a/dangling.csv", "a link to nothing; put the file itself there"],
  ["a/escape \uFFFD[31m.csv", "its name has control characters; rename it"],
  ["a/folder.csv", "a folder with nothing in it, though its name is that of a file"],
  ["a/latin \uFFFD.csv", "its name isn't UTF-8; rename it"],
  ["a/linked folder", "a link to a folder; put the folder itself there"],
  ["a/loop.csv", "a link that leads to itself; put the file itself there"],
  ["a/outside.csv", "a link out of the landing folder; put the file itself there"],
  ["a/pipe.csv", "a pipe, no file"],
  ["a/zero.csv", "a link to something that is no file"]
];

it("what is no file is listed with its reason, and the files beside it are found", async () => {
  const {files, misfits} = await landingEntries(landing);
  expect(files).toEqual(["a/closed.csv", "a/good.csv", "a/inner.csv", "a/parts.csv/part.csv"]);
  expect(misfits.map(({path, reason}) => [path, reason])).toEqual(expected);
});

it("a file without permission is listed, and the others come in", async () => {
  const {fresh, misfits} = await land(landing, [source]);
  // Nothing is closed to root.
  const isRoot = process.getuid?.() === 0;
  const closed = isRoot ? [] : [["a/closed.csv", "no permission to read it"]];
  expect(misfits.map(({path, reason}) => [path, reason])).toEqual([...expected, ...closed]);
  expect(fresh.map(({path}) => path)).toEqual([
    ...(isRoot ? ["a/closed.csv"] : []),
    "a/good.csv",
    "a/parts.csv/part.csv"
  ]);
});

it("a run lists each once, fails, and takes the good files in", async () => {
  const lake = await testLake(modelsOf("interval_row"));
  const at = join(lake.folder, "landing", "a");
  await mkdir(at, {recursive: true});
  await symlink("nowhere.csv", join(at, "dangling.csv"));
  await writeFile(
    join(at, "good.csv"),
    "client_id,meter_id,fuel,channel,start,resolution,value,unit\nc,m,electricity,import,2025-05-05T00:00Z,60min,1,kWh\n"
  );
  const result = await lake.run({sources: [{...source, timeZone: "UTC", policy: "label_in_order"} as Source]});
  expect(hasFailed(result)).toBe(true);
  expect(warningsOf(result)).toContain("file rejected: a/dangling.csv: a link to nothing; put the file itself there");
  const again = await lake.run({sources: [{...source, timeZone: "UTC", policy: "label_in_order"} as Source]});
  expect(warningsOf(again).filter((line) => line.includes("earlier runs"))).toEqual([]);
  expect(await lake.query("SELECT source, arrival, file, reason FROM bronze.file_reject")).toEqual([
    ["a", null, "a/dangling.csv", "a link to nothing; put the file itself there"]
  ]);
  expect(await lake.query("SELECT count(*) FROM bronze.interval_row")).toEqual([["1"]]);
  await lake.remove();
}, 120_000);

it("a file that grows while it is taken in is refused as it was, and comes in as it is at the next run", async () => {
  const lake = await testLake(modelsOf("interval_row"));
  const place = join(lake.folder, "landing");
  await mkdir(join(place, "a"), {recursive: true});
  const file = join(place, "a", "grows.csv");
  const row = (hour: number) => `c,m,electricity,import,2025-05-05T0${hour}:00Z,60min,1,kWh\n`;
  await writeFile(file, `client_id,meter_id,fuel,channel,start,resolution,value,unit\n${row(1)}`);
  const found = await land(place, [source]);
  await appendFile(file, row(2));
  const database = await openDuckDB();
  const {models} = await openProject(database, {sql: lake.sql});
  const intake = intakeOf(models.find(({name}) => name === "bronze.interval_row")!, source);
  const {readable, rejected} = await inspectFiles(database, found.fresh, found, place, intake);
  database.close();
  expect(readable).toEqual([]);
  expect(rejected.map(({arrival, reason}) => [arrival.path, reason])).toEqual([
    ["a/grows.csv", "it changed while it was taken in; the next run takes it in as it is then"]
  ]);
  await lake.run({sources: [{...source, timeZone: "UTC", policy: "label_in_order"} as Source]});
  expect(await lake.query("SELECT count(*) FROM bronze.interval_row")).toEqual([["2"]]);
  await lake.remove();
}, 120_000);
