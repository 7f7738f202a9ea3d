import {execFile} from "node:child_process";
import {cp, mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {afterAll, describe, expect, it} from "vitest";
import {commit, createTable} from "../../pipelines/delta/commit.js";
import {latestVersion} from "../../pipelines/delta/log.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const tables = join(import.meta.dirname, "..", "golden", "delta-tables");
const temporary = await mkdtemp(join(tmpdir(), "wattlake-commit-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

const nothing = {adds: [], removes: [], info: {}, operation: "WRITE"};
const definition = {columns: [{name: "kwh", type: "DECIMAL(18,6)"}], partitionColumns: [], description: "Test."};

describe("commit", () => {
  it("loses nothing when 8 processes make 25 commits each to one table", {timeout: 120_000}, async () => {
    const root = join(temporary, "many writers");
    const appender = join(import.meta.dirname, "appender.ts");
    const run = (writer: number) =>
      promisify(execFile)(process.execPath, ["--import", "tsx", appender, root, String(writer), "25"]);
    await Promise.all(Array.from({length: 8}, (_, writer) => run(writer)));

    expect(await latestVersion(root)).toBe(199);
    const [row] = await duckdb.rows(
      `SELECT count(*)::INTEGER AS rows, count(DISTINCT (writer, commit))::INTEGER AS distinct_rows
       FROM ${scan((await readSnapshot(duckdb, root))!)}`
    );
    expect(row).toEqual({rows: 200, distinct_rows: 200});
    const left = (await readdir(join(root, "_delta_log"))).filter((name) => name.startsWith("."));
    expect(left, "no drafts are left behind").toEqual([]);
  });

  it("says first who made it, when and why", async () => {
    const root = join(temporary, "info");
    await createTable(root, definition, {...nothing, info: {run: 7}, transactions: [{appId: "a", version: 3}]});
    const text = await readFile(join(root, "_delta_log", "00000000000000000000.json"), "utf8");
    const actions = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(actions[0].commitInfo).toMatchObject({
      run: 7,
      operation: "WRITE",
      isBlindAppend: true,
      timestamp: expect.any(Number),
      engineInfo: expect.stringMatching(/^wattlake\/\d/)
    });
    expect(actions.find(({protocol}) => protocol)).toEqual({protocol: {minReaderVersion: 1, minWriterVersion: 2}});
    expect((await readSnapshot(duckdb, root))!.transactions.get("a")).toBe(3);
  });

  it.each([
    ["cdf-table", "asks for writer version 4"],
    ["checkpoint-v2-table", "asks for writer version 7 (v2Checkpoint, identityColumns, appendOnly, invariants)"]
  ])("refuses to write to %s, whose writers owe more", async (name, why) => {
    const root = join(temporary, name);
    await cp(join(tables, name), root, {recursive: true});
    const before = await latestVersion(root);
    const snapshot = (await readSnapshot(duckdb, root))!;
    await expect(commit(snapshot, nothing)).rejects.toThrow(`table not writable: ${root} ${why}`);
    expect(await latestVersion(root)).toBe(before);
  });

  it("takes nothing from a table that only grows", async () => {
    const root = join(temporary, "append-only");
    await createTable(root, definition, nothing);
    const snapshot = (await readSnapshot(duckdb, root))!;
    const metadata = {...snapshot.metadata, configuration: {"delta.appendOnly": "true"}};
    expect(await commit(snapshot, {...nothing, metadata})).toBe(1);
    const grown = (await readSnapshot(duckdb, root))!;
    const file = {path: "a", file: "a", partitionValues: {}, size: 1, modificationTime: 0, dataChange: true};
    await expect(commit(grown, {...nothing, removes: [file]})).rejects.toThrow("is append-only");
    expect(await commit(grown, {...nothing, adds: [file]})).toBe(2);
  });
});
