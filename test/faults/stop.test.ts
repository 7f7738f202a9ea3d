import {spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {gzipSync} from "node:zlib";
import sqlite from "node-sqlite3-wasm";
import {expect, it} from "vitest";
import {testLake} from "../support/lake.js";

const rows = gzipSync("a,m,l,electricity,import,2022-01-01T00:00:00Z,1.5,kWh\n".repeat(600_000));
const header = gzipSync("client_id,meter_id,location_id,fuel,channel,start,value,unit\n");
const document = (content: string) => `<Publication_MarketDocument>${content}</Publication_MarketDocument>`;

function endless(file: string): void {
  const database = new sqlite.Database(file);
  database.exec(
    "CREATE VIEW product AS WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) AS product_id FROM c"
  );
  database.close();
}

/** Files that take long to be read, and how each is made. */
const slow: readonly (readonly [path: string, make: (file: string) => unknown])[] = [
  ["smart-meter/endless.db", endless],
  ["intervals/packed.csv.gz", (file) => writeFile(file, Buffer.concat([header, ...new Array(200).fill(rows)]))],
  ["prices/elements.xml", (file) => writeFile(file, document("<a>1</a>".repeat(15_000_000)))]
];

it.each(slow)(
  "a run that reads %s ends within five seconds of SIGTERM, and leaves the lake as it was",
  async (path, make) => {
    const lake = await testLake("sql");
    try {
      await lake.land("eliq/good.parquet", [["2022-03-01", 100]]);
      await lake.run({select: ["bronze.eliq_daily"]});
      const digest = await lake.digest();
      const file = join(lake.folder, "landing", path);
      await mkdir(dirname(file), {recursive: true});
      await make(file);
      const run = spawn(process.execPath, ["dist/run.js", "--lake", lake.folder], {
        stdio: ["ignore", "ignore", "pipe"]
      });
      let err = "";
      run.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
      });
      // Under way once it has the lease.
      while (!existsSync(join(lake.folder, ".lease"))) await sleep(20);
      await sleep(1500);
      const stopped = Date.now();
      run.kill("SIGTERM");
      expect(await once(run, "close")).toEqual([null, "SIGTERM"]);
      expect(Date.now() - stopped).toBeLessThan(5000);
      expect(err).toContain("stopped: what is built so far is kept");
      expect(await lake.digest()).toEqual(digest);
      expect(existsSync(join(lake.folder, ".lease"))).toBe(false);
    } finally {
      await lake.remove();
    }
  }
);
