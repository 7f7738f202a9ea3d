import {chmod, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {exportTables} from "../../pipelines/exports/export.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import {command} from "../support/command.js";
import {collectedCsv, type GrowingLake, growingLake, randomFrom} from "./growing_lake.js";
import {canMount, canRun, type Mount, mountMemory} from "./mounts.js";
import {answering, type ServiceDouble, serviceDouble} from "./service_double.js";
import {count} from "./summary.js";
import {give, type Order, type Verb, verbs} from "./verbs.js";

/** Another user, whom permissions bind as they don't bind root. */
const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const canBeNobody = canRun(asNobody[0]!, ...asNobody.slice(1), process.execPath, "--check", "test/faults/verb.js");

describe.runIf(canMount)("a lake that can't be written (where a file system may be mounted)", () => {
  let service: ServiceDouble;
  let disk: Mount;
  let growing: GrowingLake;
  const orders = new Map<Verb, Order>();
  beforeAll(async () => {
    service = await serviceDouble(answering(collectedCsv));
    disk = await mountMemory("64m");
    growing = await growingLake(join(disk.folder, "lake"), service.url, randomFrom(11));
    await growing.orderOf("pipeline");
    await growing.settle();
    for (const verb of verbs) orders.set(verb, await growing.orderOf(verb));
    for (const folder of [disk.folder, growing.lake.sql]) await chmod(folder, 0o755);
  });
  afterAll(async () => {
    disk.remount("rw");
    await growing.remove();
    await disk.remove();
    await service.close();
  });

  const writing = verbs.filter((verb) => verb !== "export");

  it.for(writing)("is refused by %s by name, when it is mounted read-only", async (verb, {task}) => {
    disk.remount("ro");
    const {code, error} = await give(orders.get(verb)!);
    const place = ["land", "collect"].includes(verb) ? join(growing.lake.folder, "landing") : growing.lake.folder;
    expect([code, error]).toEqual([
      1,
      `read-only file system: ${place}; mount it for writing, or put the lake elsewhere`
    ]);
    count(task, "read-only", verb);
  });

  it.runIf(canBeNobody).for(writing)(
    "is refused by %s by name, when its folders are another's",
    async (verb, {task}) => {
      disk.remount("rw");
      const {code, error} = await give(orders.get(verb)!, {under: asNobody});
      expect([code, error]).toEqual([
        1,
        expect.stringMatching(
          /^folder not writable: [/]\S+; give yourself leave to write there, or put the lake elsewhere$/
        )
      ]);
      expect(error).toContain(growing.lake.folder);
      count(task, "read-only", verb);
    }
  );

  it("is read all the same, with and without a folder to spill to", async ({task}) => {
    const {folder} = growing.lake;
    disk.remount("ro");
    for (const words of [
      ["query", "SELECT count(*) FROM silver.reading UNION ALL SELECT 1"],
      ["tables"],
      ["history", "silver.reading"],
      ["digest"],
      ["checks"]
    ]) {
      const {code, err} = await command("lake", ...words, "--lake", folder);
      expect([words, code, err]).toEqual([words, 0, ""]);
      count(task, "read-only", words[0]!);
    }
  });

  it.each(["parquet", "csv", "duckdb"] as const)("is exported to %s elsewhere, and not into itself", async (format) => {
    disk.remount("ro");
    const lake = await openLakehouse(growing.lake.folder, undefined, {sql: growing.lake.sql});
    const order = orders.get("export") as Extract<Order, {verb: "export"}>;
    try {
      expect(await exportTables(lake, order.to, format, ["gold.energy_day"])).toMatchObject([
        {table: "gold.energy_day"}
      ]);
      for (const within of ["", "export", "gold/energy_day", "landing"])
        await expect(exportTables(lake, join(growing.lake.folder, within), format)).rejects.toThrow(
          /^export folder is in the lake: /
        );
      await expect(exportTables(lake, join(disk.folder, "export"), format)).rejects.toThrow(
        `read-only file system: ${join(disk.folder, "export")}; mount it for writing, or export elsewhere`
      );
      await writeFile(join(order.to, "file"), "");
      await expect(exportTables(lake, join(order.to, "file"), format)).rejects.toThrow(/^not a folder: /);
    } finally {
      await lake.close();
    }
    expect(await readdir(order.to)).not.toContainEqual(expect.stringMatching(/[.]tmp$/));
  });
});
