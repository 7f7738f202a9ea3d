import {mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeEach, describe, expect, it} from "vitest";
import {latestVersion, readCommits} from "../../pipelines/delta/log.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {stageRows} from "../../pipelines/delta/stage.js";
import {append, replace, type Target} from "../../pipelines/delta/write.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const temporary = await mkdtemp(join(tmpdir(), "wattlake-delta-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

let count = 0;
let target: Target;
beforeEach(() => {
  const columns = [
    {name: "month", type: "VARCHAR"},
    {name: "day", type: "DATE"},
    {name: "kwh", type: "DECIMAL(18,6)"}
  ];
  target = {
    root: join(temporary, `it's [a] 100% té#st ${count++}`),
    columns,
    partitionColumns: ["month"],
    description: "Test."
  };
});

const note = {info: {run: 1}};
const standing = () => readSnapshot(duckdb, target.root);
const stage = (rows: string) => stageRows(duckdb, `SELECT * FROM (${rows}) AS t(month, day, kwh)`, target);
const days = (...values: [string, number][]) =>
  `VALUES ${values.map(([day, kwh]) => `('${day.slice(0, 7)}', DATE '${day}', CAST(${kwh} AS DECIMAL(18,6)))`).join(", ")}`;
const rowsAt = async (version?: number) => {
  const snapshot = (await readSnapshot(duckdb, target.root, version === undefined ? {} : {version}))!;
  const rows = await duckdb.rows(
    `SELECT month, CAST(day AS VARCHAR) AS day, CAST(kwh AS DOUBLE) AS kwh FROM ${scan(snapshot)} ORDER BY day, kwh`
  );
  return rows.map(({day, kwh}) => [day, kwh]);
};

describe("a table", () => {
  it("isn't there before it is made", async () => {
    expect(await standing()).toBeUndefined();
    expect(await latestVersion(target.root)).toBe(-1);
  });

  it("is made, grows, and is read as any of its versions left it", async () => {
    expect(await append(duckdb, undefined, target, await stage(days(["2022-01-01", 1], ["2022-02-01", 2])), note)).toBe(
      true
    );
    expect(await append(duckdb, await standing(), target, await stage(days(["2022-01-02", 3])), note)).toBe(true);
    expect(await rowsAt(0)).toEqual([
      ["2022-01-01", 1],
      ["2022-02-01", 2]
    ]);
    expect(await rowsAt()).toEqual([
      ["2022-01-01", 1],
      ["2022-01-02", 3],
      ["2022-02-01", 2]
    ]);
    await expect(rowsAt(7)).rejects.toThrow(/^version not found: 7 of .*; the first is 0, the last is 1$/);
  });

  it("lets only the slice be replaced, and keeps the rows that lie in the same file", async () => {
    await append(
      duckdb,
      undefined,
      target,
      await stage(days(["2022-01-01", 1], ["2022-01-02", 2], ["2022-02-01", 3])),
      note
    );
    const slice = {column: "day", values: ["2022-01-02"]};
    expect(await replace(duckdb, (await standing())!, target, await stage(days(["2022-01-02", 9])), slice, note)).toBe(
      true
    );
    expect(await rowsAt()).toEqual([
      ["2022-01-01", 1],
      ["2022-01-02", 9],
      ["2022-02-01", 3]
    ]);
    const [commit] = await readCommits(target.root, 0, 1);
    expect([commit!.adds.length, commit!.removes.length], "February's file is left alone").toEqual([2, 1]);
  });

  it("loses the slice's rows when nothing stands in for them", async () => {
    await append(duckdb, undefined, target, await stage(days(["2022-01-01", 1], ["2022-01-02", 2])), note);
    await replace(duckdb, (await standing())!, target, [], {column: "day", values: ["2022-01-01"]}, note);
    expect(await rowsAt()).toEqual([["2022-01-02", 2]]);
  });

  it("refuses a commit that another one was faster than, and leaves that one alone", async () => {
    await append(duckdb, undefined, target, await stage(days(["2022-01-01", 1])), note);
    const before = await standing();
    expect(await append(duckdb, before, target, await stage(days(["2022-01-02", 2])), note)).toBe(true);
    expect(await append(duckdb, before, target, await stage(days(["2022-01-03", 3])), note)).toBe(false);
    expect(await append(duckdb, undefined, target, await stage(days(["2022-01-03", 3])), note)).toBe(false);
    expect(await rowsAt()).toEqual([
      ["2022-01-01", 1],
      ["2022-01-02", 2]
    ]);
  });

  it("has a checkpoint every ten versions, from which it reads the same", async () => {
    const transaction = (version: number) => ({...note, transaction: {appId: "test", version}});
    for (let version = 0; version <= 12; version++) {
      const files = await stage(days([`2022-01-${String(version + 1).padStart(2, "0")}`, version]));
      await append(duckdb, await standing(), target, files, transaction(version));
    }
    const log = join(target.root, "_delta_log");
    expect((await readdir(log)).filter((name) => name.includes("checkpoint")).sort()).toEqual([
      "00000000000000000010.checkpoint.parquet",
      "_last_checkpoint"
    ]);
    const whole = await standing();
    for (let version = 0; version < 10; version++) await rm(join(log, `${String(version).padStart(20, "0")}.json`));
    const resumed = await standing();
    expect(resumed!.files).toEqual(whole!.files.map((file) => ({...file, dataChange: expect.any(Boolean)})));
    expect([...resumed!.transactions]).toEqual([["test", 12]]);
    expect(await rowsAt()).toHaveLength(13);
    expect(await rowsAt(10)).toHaveLength(11);
    await expect(rowsAt(5)).rejects.toThrow(/^version not found: 5 of .*; the first is 10, the last is 12$/);
  });

  it("names the log entry that can't be read, and its line", async () => {
    await append(duckdb, undefined, target, await stage(days(["2022-01-01", 1])), note);
    await writeFile(join(target.root, "_delta_log", "00000000000000000001.json"), '{"commitInfo":{}}\n{"add":{"path"');
    await expect(standing()).rejects.toThrow(/^log entry not readable: .*00000000000000000001\.json:2 is no JSON/);
  });
});
