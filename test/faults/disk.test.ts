import {mkdir, mkdtemp, readdir, rm, statfs, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import {lakeAt, type TestLake, testLake} from "../support/lake.js";
import {canMount, canRun, type Mount, mountMemory} from "./mounts.js";
import {childRun} from "./verbs.js";

const total = "SELECT CAST(sum(energy_kwh) AS VARCHAR) FROM gold.energy_day";

describe.runIf(canMount)("on a file system of its own (where one may be mounted)", () => {
  let disk: Mount;
  let lake: TestLake;
  beforeEach(async () => {
    disk = await mountMemory("64m");
    lake = lakeAt(join(disk.folder, "lake"));
    await mkdir(join(lake.folder, "landing"), {recursive: true});
    await lake.land("eliq/1.parquet", [["2022-05-01", 1]]);
    await lake.run();
    await lake.land("eliq/2.parquet", [
      ["2022-05-01", 2],
      ["2022-06-01", 3]
    ]);
  });
  afterEach(() => disk.remove());

  it.each(Number(process.env.WATTLAKE_KILLS ?? 0) < 50 ? [24] : [0, 8, 16, 24, 32, 40, 48, 56, 64])(
    "a run fails by name where the disk is full but for %i kB, and is made up for",
    async (left) => {
      const ballast = join(disk.folder, "ballast");
      const {bavail, bsize} = await statfs(disk.folder);
      await writeFile(ballast, Buffer.alloc(bavail * bsize - left * 1024));
      const {error, complete, problems = []} = await childRun({lake: lake.folder});
      expect(complete ?? false).toBe(false);
      for (const sentence of error === undefined ? problems.slice(0, 1) : [error])
        expect(sentence).toMatch(/disk full: |No space left on device/);
      expect(error !== undefined || problems.length > 0).toBe(true);
      expect(await lake.query(total), "what is published is as it was").toEqual([["0.024000"]]);
      await rm(ballast);
      expect((await lake.run()).complete).toBe(true);
      await expectWhole(lake);
      for (const name of await readdir(lake.folder)) expect(name).not.toMatch(/^\.probe/);
    }
  );

  it("a run refuses a read-only lake by name, and readers read it", async () => {
    disk.remount("ro");
    expect((await childRun({lake: lake.folder})).error).toBe(
      `read-only file system: ${lake.folder}; mount it for writing, or put the lake elsewhere`
    );
    expect(await lake.query(total)).toEqual([["0.024000"]]);
    disk.remount("rw");
    await rm(join(lake.folder, ".tmp"), {recursive: true});
    disk.remount("ro");
    expect(await lake.query(total), "though there is nowhere to spill to").toEqual([["0.024000"]]);
    disk.remount("rw");
    await lake.run();
    await expectWhole(lake);
  });
});

const canRefuseLinks = canRun("python3", join("test", "faults", "without_links.py"), "true");

describe.runIf(canRefuseLinks)("without hard links (where python3 can have the kernel refuse them)", () => {
  let lake: TestLake;
  beforeEach(async () => {
    lake = await testLake();
  });
  afterEach(() => lake.remove());

  it.each([true, false])("a run is refused at its start, by name, lease %s", async (lease) => {
    await lake.land("eliq/1.parquet", [["2022-05-01", 1]]);
    const {error} = await childRun(
      {lake: lake.folder, lease},
      {under: ["python3", join("test", "faults", "without_links.py")]}
    );
    expect(error).toBe(
      `file system without hard links: ${lake.folder}; a lake can't be written there safely, put it on another disk`
    );
    expect(await readdir(lake.folder), "nothing was begun").toEqual(["landing"]);
  });
});

/** The lake is what it would be had nothing happened to it. */
async function expectWhole(lake: TestLake): Promise<void> {
  const fresh = lakeAt(await mkdtemp(join(tmpdir(), "wattlake-")));
  try {
    await fresh.run({landing: join(lake.folder, "landing")});
    expect(await lake.digest()).toEqual(await fresh.digest());
  } finally {
    await fresh.remove();
  }
}

describe("a lake's folder", () => {
  it("is refused by name where a file is in its place", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wattlake-"));
    const lake = lakeAt(join(folder, "file"));
    await writeFile(lake.folder, "");
    await expect(lake.run()).rejects.toThrow(/^not a folder: /);
    await expect(openLakehouse(lake.folder)).rejects.toThrow();
    await rm(folder, {recursive: true});
  });
});
