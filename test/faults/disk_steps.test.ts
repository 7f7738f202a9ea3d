import {readdir, rm, statfs, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {ExportFormat} from "../../pipelines/exports/export.js";
import {isThorough} from "./effort.js";
import {collectedCsv, type GrowingLake, growingLake, randomFrom} from "./growing_lake.js";
import {canMount, type Mount, mountMemory} from "./mounts.js";
import {answering, type ServiceDouble, serviceDouble} from "./service_double.js";
import {count} from "./summary.js";
import {type Ended, give, type Order, type Verb, verbs} from "./verbs.js";

/** How much room there is, step by step, until a command does with it. */
function more(kilobytes: number): number {
  return isThorough ? kilobytes + 4 : kilobytes < 24 ? kilobytes + 4 : Math.ceil((kilobytes * 2) / 8) * 8;
}

/** What is kept, by command: what each says of a disk that is full. */
const kept: Readonly<Record<Verb, RegExp>> = {
  pipeline: /what is published is as it was$/,
  backfill: /what is published is as it was$/,
  optimize: /what is published is as it was$/,
  vacuum: /what is published is as it was$/,
  restore: /what is published is as it was$/,
  land: /what has landed stays$/,
  collect: /what has landed stays$/,
  export: /each file there is whole, of this export or of one before$/,
  erase: /(nothing has been erased|the erasure is open and goes on then)$/
};

describe.runIf(canMount)("a disk that is full (where one may be mounted)", () => {
  let service: ServiceDouble;
  let disk: Mount;
  let growing: GrowingLake;
  beforeAll(async () => {
    service = await serviceDouble(answering(collectedCsv));
    disk = await mountMemory("64m");
    growing = await growingLake(join(disk.folder, "lake"), service.url, randomFrom(5));
    await growing.orderOf("pipeline");
    await growing.settle();
  });
  afterAll(async () => {
    await growing.remove();
    await disk.remove();
    await service.close();
  });

  /** Gives a command while there is so much room. */
  async function onlyWith(kilobytes: number, order: Order): Promise<Ended> {
    const ballast = join(disk.folder, "ballast");
    const {bavail, bsize} = await statfs(disk.folder);
    await writeFile(ballast, Buffer.alloc(bavail * bsize - kilobytes * 1024));
    try {
      return await give(order);
    } finally {
      await rm(ballast);
    }
  }

  const cases: readonly {verb: Verb; format?: ExportFormat}[] = [
    ...verbs.filter((verb) => verb !== "export").map((verb) => ({verb})),
    ...(["parquet", "csv", "duckdb"] as const).map((format) => ({verb: "export" as const, format}))
  ];

  it.for(cases)(
    "is named by $verb $format wherever it fills up, and the lake is then what one build makes",
    {
      timeout: 600_000
    },
    async ({verb, format}, {task}) => {
      const asked = await growing.orderOf(verb);
      const order = asked.verb === "export" ? {...asked, to: join(disk.folder, "export"), format: format!} : asked;
      const before = await growing.lake.digest();
      for (let kilobytes = 0; ; kilobytes = more(kilobytes)) {
        const {code, error, complete, problems = []} = await onlyWith(kilobytes, order);
        if (code === 0 && complete !== false) break;
        const said = error ?? problems[0]!.replace(/^[a-z_.]+: /, "");
        expect(said, `${kilobytes} kB`).toMatch(/^disk full: [/]\S+; make room and run again, /);
        expect(said).toMatch(kept[verb]);
        expect(said).toContain(disk.folder);
        if (verb !== "erase" && verb !== "restore") expect(await growing.lake.digest(), "readers").toEqual(before);
        count(task, "full disks", verb);
      }
      await growing.settle();
      const left = await readdir(disk.folder, {recursive: true});
      expect(left.filter((name) => /[.]probe|[.]draft|[.]tmp[/]|[.]incoming[/]/.test(name))).toEqual([]);
    }
  );

  it("rejects no file that there is no room to unpack", async ({task}) => {
    const order = await growing.orderOf("pipeline");
    const rows = Array.from({length: 9_999}, (_, row) => `acme,wide/m${row},wide,2022-05-01T00:00Z,60min,1,`);
    const text = ["client_id,meter_id,location_id,label,resolution,value,note", ...rows, ""].join("\r\n");
    await writeFile(join(growing.lake.folder, "landing", "hub", "wide.csv"), Buffer.from(`\ufeff${text}`, "utf16le"));
    expect(await onlyWith(200, order)).toMatchObject({code: 1, error: expect.stringMatching(/^disk full: /)});
    count(task, "full disks", "pipeline");
    expect(await growing.lake.query("SELECT file FROM bronze.file_reject", "latest")).toEqual([]);
    await growing.settle();
    expect(await growing.lake.query("SELECT count(*) FROM silver.reading WHERE meter_id LIKE 'wide/%'")).toEqual([
      ["9999"]
    ]);
  });
});
