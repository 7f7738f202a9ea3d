import {createHash} from "node:crypto";
import {appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openProject} from "../../pipelines/models/project.js";
import {land} from "../../pipelines/sources/arrivals.js";
import {type Dock, deliver} from "../../pipelines/sources/delivery.js";
import {readLanded, readRefused} from "../../pipelines/sources/landed.js";
import {sources} from "../../pipelines/sources/sources.js";
import {command, start} from "../support/command.js";

const sample = "lake/landing/eliq/home_assignment_raw_data.parquet";
const eliq = sources.find(({name}) => name === "eliq")!;
const smartMeter = sources.find(({name}) => name === "smart_meter")!;
const weather = sources.find(({name}) => name === "weather")!;
const stations = '{"station_code": "a", "name": "A", "latitude": 1, "longitude": 2}\n';

let database: Connection;
let models: Dock["models"];
let inbox: string;
let landing: string;
let dock: Dock;
beforeAll(async () => {
  database = await openDuckDB();
  const project = await openProject(database);
  models = new Map(project.models.map((model) => [model.name, model]));
  inbox = await mkdtemp(join(tmpdir(), "wattlake-inbox-"));
});
afterAll(async () => {
  database.close();
  await rm(inbox, {recursive: true, force: true});
});
beforeEach(async () => {
  landing = await mkdtemp(join(inbox, "landing-"));
  dock = {landing, database, models};
});

async function given(name: string, text: string): Promise<string> {
  const file = join(inbox, name);
  await writeFile(file, text);
  return file;
}

const hashOf = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const datePath = () => new Date().toISOString().slice(0, 10).replaceAll("-", "/");

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries.filter((entry) => entry.isFile()).map(({name}) => name);
}

describe("a file handed over", () => {
  it("that is a database lands with its write-ahead log, and both are one content", async () => {
    const draft = join(inbox, "live.db");
    const database = new sqlite.Database(draft);
    database.exec(
      "CREATE TABLE agreement(agreement_id, agreement_valid_from, agreement_valid_to, product_id, meterpoint_id, account_id)"
    );
    database.exec(
      "CREATE TABLE product(display_name, is_variable, id, product_id); CREATE TABLE meterpoint(region, meterpoint_id)"
    );
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    database.exec("INSERT INTO meterpoint VALUES ('R', 'm')");
    const [content, log] = await Promise.all([readFile(draft), readFile(`${draft}-wal`)]);
    const delivery = await deliver(dock, smartMeter, {file: draft}, "acme");
    database.close();
    const sha256 = hashOf(Buffer.concat([content, log]));
    const path = `smart-meter/acme/${datePath()}/${sha256}.db`;
    expect(delivery).toEqual({name: "live.db", outcome: "landed", path, sha256, bytes: content.length + log.length});
    expect((await readFile(join(landing, `${path}-wal`))).equals(log)).toBe(true);
    expect(await readdir(join(landing, ".incoming"))).toEqual([]);
    const {fresh, strangers} = await land(landing, sources);
    expect([fresh.map((arrival) => arrival.sha256), strangers]).toEqual([[sha256], []]);
  });

  it("lands whole under its client and date, named by content, and is listed", async () => {
    const content = await readFile(sample);
    const sha256 = hashOf(content);
    const path = `eliq/acme/${datePath()}/${sha256}.parquet`;
    const delivery = await deliver(dock, eliq, {file: sample}, "acme");
    expect(delivery).toEqual({
      ...{name: "home_assignment_raw_data.parquet", outcome: "landed"},
      ...{path, sha256, bytes: content.length}
    });
    expect((await readFile(join(landing, path))).equals(content)).toBe(true);
    const {landed_at, ...listed} = (await readLanded(landing))[0]!;
    expect(listed).toEqual({
      ...{source: "eliq", client: "acme", path, sha256, bytes: content.length},
      name: "home_assignment_raw_data.parquet"
    });
    expect(Date.now() - Date.parse(landed_at)).toBeLessThan(60_000);
    expect((await land(landing, sources)).fresh.map((arrival) => arrival.path)).toEqual([path]);
    expect(await readdir(join(landing, ".incoming"))).toEqual([]);
  });

  it("keeps both parts of a compressed file's extension, in lower case", async () => {
    await cp("lake/landing/weather/vilniaus-ams_2022.csv.gz", join(inbox, "Vilnius.2022.CSV.GZ"));
    const {path} = await deliver(dock, weather, {file: join(inbox, "Vilnius.2022.CSV.GZ")});
    expect(path).toMatch(/^weather\/shared\/\d{4}\/\d\d\/\d\d\/[0-9a-f]{64}\.csv\.gz$/);
  });

  it("does nothing the second time, whatever it is called then", async () => {
    const first = await deliver(dock, weather, {file: await given("stations.jsonl", stations)});
    const second = await deliver(dock, weather, {file: await given("copy.jsonl", stations)}, "other");
    expect([second.outcome, second.path]).toEqual(["known", first.path]);
    expect(await readLanded(landing)).toHaveLength(1);
  });

  it("does nothing when its content was put there by hand and a run has seen it", async () => {
    await mkdir(join(landing, "weather"));
    await writeFile(join(landing, "weather", "mine.jsonl"), stations);
    await land(landing, sources);
    const delivery = await deliver(dock, weather, {file: await given("stations.jsonl", stations)});
    expect([delivery.outcome, delivery.path]).toEqual(["known", "weather/mine.jsonl"]);
  });

  it("is put back where it has gone from", async () => {
    const file = await given("stations.jsonl", stations);
    const {path} = await deliver(dock, weather, {file});
    await land(landing, sources);
    await rm(join(landing, path!));
    expect((await deliver(dock, weather, {file})).outcome).toBe("landed");
    expect((await land(landing, sources)).fresh).toEqual([]);
    expect(await readFile(join(landing, path!), "utf8")).toBe(stations);
  });

  it("comes in in the order of handing over, before those put there by hand", async () => {
    await mkdir(join(landing, "weather"));
    await writeFile(join(landing, "weather", "0.jsonl"), stations);
    const paths: string[] = [];
    for (const number of [1, 2, 3, 4, 5]) {
      const file = await given(`${number}.jsonl`, stations.replace("A", String(number)));
      paths.push((await deliver(dock, weather, {file})).path!);
    }
    const {fresh} = await land(landing, sources);
    expect(fresh.map(({path}) => path)).toEqual([...paths, "weather/0.jsonl"]);
    expect(paths).not.toEqual([...paths].sort());
  });

  it.each([
    ["without a column", "header.csv", "time;value\n1;2\n", "column obs_time_utc is missing"],
    ["that no reader is for", "notes.txt", "hello", "not a .csv or .csv.gz file"],
    ["that is empty", "empty.jsonl", "", "the file is empty"],
    ["cut short", "cut.json", '[{"latitude": 54.6, "hourly": {"time": ["2022', "not readable: "],
    ["that breaks further in", "latin1.jsonl", `${stations.repeat(9)}\xe9`, "not readable: "]
  ])("%s is kept beside, with the reason, and not taken in", async (_, name, text, reason) => {
    const file = join(inbox, name);
    await writeFile(file, text, "latin1");
    const delivery = await deliver(dock, weather, {file});
    expect(delivery).toMatchObject({outcome: "rejected", reason: expect.stringContaining(reason)});
    expect(await readFile(join(landing, delivery.path!), "latin1")).toBe(text);
    expect(await readRefused(landing)).toMatchObject([{source: "weather", name, reason: delivery.reason}]);
    expect((await land(landing, sources)).arrivals).toEqual([]);
    expect(delivery.reason).not.toContain(landing);
    const again = await deliver(dock, weather, {file});
    expect([again.outcome, again.path]).toEqual(["rejected", delivery.path]);
    expect(await readRefused(landing)).toHaveLength(1);
  });

  it("that has changed where it landed is not written over", async () => {
    const file = await given("stations.jsonl", stations);
    const {path} = await deliver(dock, weather, {file});
    await writeFile(join(landing, path!), "something else");
    await rm(join(landing, "_landed.jsonl"));
    await expect(deliver(dock, weather, {file})).rejects.toThrow(/^file changed since it landed: weather\//);
    expect(await readFile(join(landing, path!), "utf8")).toBe("something else");
  });

  it("is listed after a line that a dead process left torn", async () => {
    await deliver(dock, weather, {file: await given("1.jsonl", stations)});
    await appendFile(join(landing, "_landed.jsonl"), '{"source":"wea');
    await deliver(dock, weather, {file: await given("2.jsonl", stations.replace("A", "B"))});
    expect((await readLanded(landing)).map(({name}) => name)).toEqual(["1.jsonl", "2.jsonl"]);
  });

  it.each(["../x", ".hidden", "_own", "a/b", "", "readme"])("is refused for a client named %j", async (client) => {
    await expect(deliver(dock, eliq, {file: sample}, client)).rejects.toThrow(/^not a client's name: /);
    expect(await readdir(landing)).toEqual([]);
  });
});

describe("npm run land", () => {
  it("lands the good files, keeps the bad one beside, and ends with 1", async () => {
    const bad = await given("bad.csv", "a,b\n1,2\n");
    const good = await given("good.jsonl", stations);
    const ended = await command("land", "weather", bad, join(inbox, "none.csv"), good, inbox, "--landing", landing);
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^landed: good\.jsonl: 66 bytes in weather\/shared\/.*\n1 file landed: npm run pipeline/);
    expect(ended.err).toMatch(
      /file rejected: bad\.csv: column obs_time_utc is missing; .*; kept as _rejected\/weather/
    );
    expect(ended.err).toContain(`file not found: ${join(inbox, "none.csv")}`);
    expect(ended.err).toContain(`not a file: ${inbox}; name the files in it`);
    const again = await command("land", "weather", good, "--landing", landing, "--json");
    expect([again.code, JSON.parse(again.out)]).toMatchObject([0, {name: "good.jsonl", outcome: "known"}]);
  });

  it("ends with 2 for a source that isn't there", async () => {
    const {code, err} = await command("land", "wether", sample, "--landing", landing);
    expect(code).toBe(2);
    expect(err).toMatch(/^source not found: wether; did you mean weather\?/);
  });

  it.each(["after copy", "after landing"])(
    "killed %s, leaves nothing half, and lists the file the next time",
    async (step) => {
      const file = await given("stations.jsonl", stations);
      const words = ["land", "weather", file, "--landing", landing] as const;
      const killed = await start(...words, {WATTLAKE_STOP_AT: step});
      expect(killed.signal).toBe("SIGKILL");
      expect(await readLanded(landing)).toEqual([]);
      const landed = (await filesIn(landing)).filter((name) => name === `${hashOf(stations)}.jsonl`);
      expect(landed).toHaveLength(step === "after copy" ? 0 : 1);
      expect((await deliver(dock, weather, {file})).outcome).toBe("landed");
      const [listed, ...others] = await readLanded(landing);
      expect([listed?.name, others]).toEqual(["stations.jsonl", []]);
      expect((await land(landing, sources)).fresh.map(({path}) => path)).toEqual([listed!.path]);
    }
  );
});
