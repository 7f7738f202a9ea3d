import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, beforeEach, describe, expect, it, vi} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openProject} from "../../pipelines/models/project.js";
import {land} from "../../pipelines/sources/arrivals.js";
import {deliver, deliverAll} from "../../pipelines/sources/delivery.js";
import type {Dock} from "../../pipelines/sources/fit.js";
import type {Delivery, Handover} from "../../pipelines/sources/handover.js";
import {readLanded, readRefused} from "../../pipelines/sources/landed.js";
import {LedgerReader} from "../../pipelines/sources/ledger.js";
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
  await writeFile(file, text, "latin1");
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

describe("many files handed over at once", () => {
  const station = (name: string | number) => stations.replace('"A"', `"${name}"`);
  const handovers = async (folder: string, texts: readonly string[]): Promise<Handover[]> => {
    await mkdir(join(inbox, folder), {recursive: true});
    const named = (index: number) => `${folder}/${String(index).padStart(4, "0")}.jsonl`;
    const files = await Promise.all(texts.map((text, index) => given(named(index), text)));
    return files.map((file) => ({source: weather, parcel: {file}}));
  };
  const delivered = async (given: Iterable<Handover | Delivery> | AsyncIterable<Handover | Delivery>, to = dock) => {
    const deliveries: Delivery[] = [];
    for await (const delivery of deliverAll(to, given)) deliveries.push(delivery);
    return deliveries;
  };

  it("are judged each alone, land and are listed in their order", async () => {
    const texts = [station("b"), "", station("a"), `${stations.repeat(9)}\xe9`, station("b"), station("c"), ""];
    const deliveries = await delivered(await handovers("mixed", texts));
    expect(deliveries.map(({name, outcome}) => `${name} ${outcome}`)).toEqual([
      "0000.jsonl landed",
      "0001.jsonl rejected",
      "0002.jsonl landed",
      "0003.jsonl rejected",
      "0004.jsonl known",
      "0005.jsonl landed",
      "0006.jsonl rejected"
    ]);
    expect((await readLanded(landing)).map(({name}) => name)).toEqual(["0000.jsonl", "0002.jsonl", "0005.jsonl"]);
    const refused = await readRefused(landing);
    expect(refused.map(({name, reason}) => [name, reason])).toEqual([
      ["0001.jsonl", "the file is empty"],
      ["0003.jsonl", deliveries[3]!.reason]
    ]);
    for (const [index, {path}] of deliveries.entries())
      expect(await readFile(join(landing, path!), "latin1"), texts[index]).toBe(texts[index]);
    expect(await readdir(join(landing, ".incoming"))).toEqual([]);
    expect((await land(landing, sources)).fresh.map(({path}) => path)).toEqual(
      [0, 2, 5].map((index) => deliveries[index]!.path)
    );
  });

  it("take as many statements and readings of the lists as a few", async () => {
    const work = async (files: number) => {
      const to = {...dock, landing: await mkdtemp(join(inbox, "landing-"))};
      const calls = [
        ...(["rows", "run"] as const).map((name) => vi.spyOn(database, name)),
        vi.spyOn(LedgerReader.prototype, "read")
      ];
      const texts = Array.from({length: files}, (_, index) => station(`${files} ${index}`));
      const deliveries = await delivered(await handovers(`work-${files}`, texts), to);
      expect(deliveries.filter(({outcome}) => outcome === "landed")).toHaveLength(files);
      const counts = calls.map((call) => call.mock.calls.length);
      for (const call of calls) call.mockRestore();
      return counts;
    };
    const few = await work(5);
    expect(few[0]! + few[1]!).toBeGreaterThan(0);
    expect(few[2]).toBeGreaterThan(0);
    expect(await work(400)).toEqual(few);
  });

  it("know what another process hands over between their batches", async () => {
    const many = await handovers(
      "between",
      Array.from({length: 510}, (_, index) => station(`other ${index}`))
    );
    async function* interrupted() {
      yield* many.slice(0, 505);
      // The first 500 have landed: another process brings one of those that are left.
      await deliver(dock, weather, {file: many[507]!.parcel.file});
      yield* many.slice(505);
    }
    const outcomes = (await delivered(interrupted())).map(({outcome}) => outcome);
    expect(outcomes.flatMap((outcome, index) => (outcome === "landed" ? [] : [`${index} ${outcome}`]))).toEqual([
      "507 known"
    ]);
    expect(await readLanded(landing)).toHaveLength(510);
  });

  it("have landed up to the one at which it can't go on", async () => {
    const [first, second, third] = await handovers("stuck", [station("s1"), station("s2"), station("s3")]);
    const {path} = await deliver(dock, weather, second!.parcel);
    await rm(join(landing, "_landed.jsonl"));
    await writeFile(join(landing, path!), "something else");
    const deliveries: Delivery[] = [];
    const all = (async () => {
      for await (const delivery of deliverAll(dock, [first!, second!, third!])) deliveries.push(delivery);
    })();
    await expect(all).rejects.toThrow(/^file changed since it landed: weather\//);
    expect(deliveries.map(({name, outcome}) => `${name} ${outcome}`)).toEqual(["0000.jsonl landed"]);
    expect((await readLanded(landing)).map(({name}) => name)).toEqual(["0000.jsonl"]);
    expect((await filesIn(join(landing, ".incoming"))).length).toBe(0);
  });

  it("one that the system can't read is unread, and the others land", async () => {
    const [first, last] = await handovers("unread", [station("u1"), station("u2")]);
    const deliveries = await delivered([first!, {source: weather, parcel: {file: "/proc/self/mem"}}, last!]);
    expect(deliveries.map(({outcome}) => outcome)).toEqual(["landed", "unread", "landed"]);
    expect(deliveries[1]!.reason).toBe(
      "/proc/self/mem: not readable: the disk can't read it; check the disk, and take the file from a copy"
    );
  });

  it.each(["after copy", "after landing"])("killed %s, come in in their order whatever runs first", async (step) => {
    const names = ["killed", ...Array.from({length: 8}, (_, index) => `k${index}`)];
    const files = (await handovers(`killed ${step}`, names.map(station))).map(({parcel}) => parcel.file);
    const killed = await start("land", "weather", ...files, "--landing", landing, {WATTLAKE_STOP_AT: step});
    expect(killed.signal).toBe("SIGKILL");
    expect(await readLanded(landing)).toEqual([]);
    const hashes = names.map((name) => hashOf(station(name)));
    const fresh = async () => (await land(landing, sources)).fresh.map(({sha256}) => sha256);
    expect(await fresh()).toEqual(step === "after copy" ? [] : hashes);
    expect(hashes).not.toEqual([...hashes].sort());
    const outcomes = (await delivered(files.map((file) => ({source: weather, parcel: {file}})))).map(
      ({outcome}) => outcome
    );
    expect(new Set(outcomes)).toEqual(new Set([step === "after copy" ? "landed" : "known"]));
    expect(await fresh()).toEqual(step === "after copy" ? hashes : []);
  });

  it("killed before they were listed, are listed when what was left is cleared a day later", async () => {
    const files = (await handovers("unlisted", ["u1", "u2", "u3"].map(station))).map(({parcel}) => parcel.file);
    await start("land", "weather", ...files, "--landing", landing, {WATTLAKE_STOP_AT: "after landing"});
    const incoming = join(landing, ".incoming");
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    for (const name of await readdir(incoming)) await utimes(join(incoming, name), twoDaysAgo, twoDaysAgo);
    await deliver(dock, weather, {file: await given("next.jsonl", station("u4"))});
    expect((await readLanded(landing)).map(({sha256}) => sha256)).toEqual(
      ["u1", "u2", "u3", "u4"].map((name) => hashOf(station(name)))
    );
    expect(await readdir(incoming)).toEqual([]);
  });
});

describe("npm run land", () => {
  it("of a folder lands all files below it, and names what is no file with the reason", async () => {
    const folder = await mkdtemp(join(inbox, "folder-"));
    await mkdir(join(folder, "2022"));
    await writeFile(join(folder, "2022", "b.jsonl"), stations.replace("A", "B"));
    await writeFile(join(folder, "a.jsonl"), stations);
    await writeFile(join(folder, "README.md"), "not data");
    await symlink("nowhere", join(folder, "2022", "dangling.csv"));
    await symlink("/etc/hostname", join(folder, "out.csv"));
    execFileSync("mkfifo", [join(folder, "pipe.csv")]);
    const ended = await command("land", "weather", folder, "--landing", landing);
    expect(ended.code).toBe(1);
    expect(ended.err.trim().split("\n")).toEqual([
      `${folder}/2022/dangling.csv: a link to nothing; put the file itself there`,
      `${folder}/out.csv: a link out of the folder; put the file itself there`,
      `${folder}/pipe.csv: a pipe, no file`
    ]);
    expect((await readLanded(landing)).map(({name}) => name)).toEqual(["2022/b.jsonl", "a.jsonl"]);
  });

  it("of a folder without files says so, and of one around the landing folder is refused", async () => {
    const empty = await mkdtemp(join(inbox, "empty-"));
    const ended = await command("land", "weather", empty, "--landing", landing);
    expect([ended.code, ended.err.trim()]).toEqual([1, `${empty}: no files in it`]);
    for (const folder of [inbox, landing]) {
      const refused = await command("land", "weather", folder, "--landing", landing);
      expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/^the landing folder can't be landed: /)]);
    }
  });

  it("lands the good files, keeps the bad one beside, and ends with 1", async () => {
    const bad = await given("bad.csv", "a,b\n1,2\n");
    const good = await given("good.jsonl", stations);
    const pipe = join(inbox, "pipe.csv");
    execFileSync("mkfifo", [pipe]);
    const ended = await command("land", "weather", bad, join(inbox, "none.csv"), good, pipe, "--landing", landing);
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^landed: good\.jsonl: 66 bytes in weather\/shared\/.*\n1 file landed: npm run pipeline/);
    expect(ended.err).toMatch(
      /file rejected: bad\.csv: column obs_time_utc is missing; .*; kept as _rejected\/weather/
    );
    expect(ended.err).toContain(`file not found: ${join(inbox, "none.csv")}`);
    expect(ended.err).toContain(`not a file: ${pipe}; name files, or the folder that they are in`);
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
