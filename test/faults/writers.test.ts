import {execFile} from "node:child_process";
import {mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {afterAll, describe, expect, it} from "vitest";
import {latestVersion} from "../../pipelines/delta/log.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {count} from "./summary.js";

const duckdb = await openDuckDB();
const temporary = await mkdtemp(join(tmpdir(), "wattlake-writers-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

describe("a table", () => {
  it("loses nothing when 8 processes make 25 commits each to one table", {timeout: 120_000}, async ({task}) => {
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
    count(task, "commits", "8 processes, 25 each:", 200);
  });
});
