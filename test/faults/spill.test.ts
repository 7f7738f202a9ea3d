import {spawnSync} from "node:child_process";
import {mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {hostname, tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-spill-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

/** Sorts more rows than fit into memory. */
async function spill(seed: number): Promise<unknown> {
  const database = await openDuckDB({tempDirectory: folder, memoryLimit: "60MB", threads: 2});
  try {
    return await database.rows(
      `SELECT CAST(sum(a) AS VARCHAR) AS sum, CAST(sum(place) AS VARCHAR) AS places
       FROM (SELECT a, row_number() OVER (ORDER BY b) AS place FROM (SELECT i AS a, hash(i + ${seed}) AS b FROM range(4000000) AS t(i)))`
    );
  } finally {
    database.close();
  }
}

it("two that spill to one folder at once don't read each other's rows", async () => {
  expect(await Promise.all([spill(1), spill(2)])).toEqual([
    [{sum: "7999998000000", places: "8000002000000"}],
    [{sum: "7999998000000", places: "8000002000000"}]
  ]);
});

it("what a killed process spilled goes with the next that opens the folder, what others spill stays", async () => {
  const {pid: dead} = spawnSync(process.execPath, ["--version"]);
  const uuid = "00000000-0000-4000-8000-000000000000";
  const names = [
    `${process.pid}-${uuid}@${hostname()}`,
    `${dead}-${uuid}@another.host`,
    `${dead}-${uuid}@${hostname()}`
  ];
  for (const name of names) await mkdir(join(folder, name));
  (await openDuckDB({tempDirectory: folder})).close();
  expect((await readdir(folder)).sort()).toEqual(names.slice(0, 2).sort());
});
