import {existsSync} from "node:fs";
import {readdir, readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Lake, openLake} from "../../pipelines/index.js";
import {command, start} from "../support/command.js";
import {type TestLake, testLake} from "../support/lake.js";

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake();
  await lake.land("eliq/1.parquet", [
    ["2022-05-01", 1],
    ["2022-05-02", 2]
  ]);
  await lake.run();
});
afterAll(async () => {
  await rm(`${lake.folder}-out`, {recursive: true, force: true});
  await lake.remove();
});

async function within<T>(limits: Parameters<typeof openLake>[1], work: (opened: Lake) => Promise<T>): Promise<T> {
  const opened = await openLake(lake.folder, limits);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** The processes that this one has started and that run. */
async function children(): Promise<string[]> {
  if (!existsSync("/proc/self/stat")) return [];
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(parent) !== process.pid || state === "Z") continue;
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (/limits\/reader/.test(line)) found.push(pid);
  }
  return found;
}

const tooLong = "query stopped after 1 second: read fewer rows, or give it more time with --timeout (timeoutSeconds)";
const tooMuch =
  "query stopped: it took more memory than 200MB; read fewer rows or columns, or give it more with --memory (memory)";

describe("a query within limits", () => {
  it("is stopped after its time, whether it can be interrupted or not, and its process with it", async () => {
    await within({timeoutSeconds: 1}, async (opened) => {
      const bombs = {
        rows: "SELECT count(*) FROM range(100000000000)",
        "one expression": "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))"
      };
      for (const [name, sql] of Object.entries(bombs)) {
        const started = performance.now();
        await expect(opened.query(sql), name).rejects.toThrow(tooLong);
        expect(performance.now() - started, name).toBeLessThan(20_000);
      }
      expect(await opened.query("SELECT count(*) AS n FROM gold.energy_day")).toEqual([{n: 2}]);
    });
    expect(await children()).toEqual([]);
    expect(await readdir(join(lake.folder, ".tmp"))).toEqual([]);
  }, 120_000);

  it("is stopped above its memory, also where the engine doesn't count", async () => {
    await within({memory: "200MB"}, async (opened) => {
      for (const sql of ["SELECT length(repeat('x', 2000000000))", "SELECT len(range(2000000000))"])
        await expect(opened.query(sql)).rejects.toThrow(tooMuch);
      await expect(opened.query("SELECT len(string_agg(repeat('x', 1000), '')) FROM range(10000000)")).rejects.toThrow(
        "not enough memory: the query needs more than it is given"
      );
      expect(
        await opened.query("SELECT max(hash(i)) > 0 AS done FROM (FROM range(3000000) AS t(i) ORDER BY hash(i))")
      ).toEqual([{done: true}]);
    });
  }, 120_000);

  it("hurts no other: those beside it are answered as without limits", async () => {
    const queries = Array.from(
      {length: 12},
      (_, index) => `SELECT * FROM silver.reading ORDER BY ALL LIMIT ${index + 1}`
    );
    const expected = await within({}, (opened) => Promise.all(queries.map((sql) => opened.query(sql))));
    await within({timeoutSeconds: 2, memory: "400MB"}, async (opened) => {
      const bomb = expect(opened.query("SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))")).rejects.toThrow(
        "query stopped after 2 seconds"
      );
      expect(await Promise.all(queries.map((sql) => opened.query(sql)))).toEqual(expected);
      await bomb;
      const table = await opened.arrow(queries[11]!);
      const plain = await within({}, (without) => without.arrow(queries[11]!));
      expect(String(table.schema)).toBe(String(plain.schema));
      expect(String(table)).toBe(String(plain));
    });
  }, 120_000);

  it("is refused like any other, for one client as well", async () => {
    await within({timeoutSeconds: 30, client: "c1"}, async (opened) => {
      await expect(opened.query("FROM read_text('/etc/passwd')")).rejects.toThrow("function not allowed: read_text");
      await expect(opened.query("FROM quality.check_failure")).rejects.toThrow("table not shown to one client");
      await expect(opened.query("SELEC 1")).rejects.toThrow("SQL not understood near SELEC");
      await expect(opened.query("SELECT CAST('x' AS INTEGER)")).rejects.toThrow("value is no INTEGER: x");
      expect(await opened.query("SELECT DISTINCT client_id FROM gold.energy_day")).toEqual([{client_id: "c1"}]);
    });
  }, 60_000);

  it("can be asked for on the command line, and of an export", async () => {
    const at = ["--lake", lake.folder];
    const sql = "SELECT meter_id, local_date FROM gold.energy_day ORDER BY ALL";
    const plain = await command("lake", "query", sql, ...at);
    expect(await command("lake", "query", sql, ...at, "--timeout", "60", "--memory", "400MB")).toEqual(plain);
    const bomb = await start("lake", "query", "SELECT length(lpad('x', 2000000000, 'y'))", ...at, "--timeout", "0.5");
    expect(bomb).toMatchObject({code: 1, out: ""});
    expect(bomb.err).toContain("query stopped after 0.5 seconds");
    const to = ["--to", `${lake.folder}-out`, "--format", "csv", "--tables", "gold.energy_day"];
    const exported = await command("lake", "export", ...at, ...to, "--timeout", "60");
    expect(exported).toMatchObject({code: 0, err: ""});
    expect(exported.out).toContain("gold.energy_day: 2 rows");
  }, 120_000);

  it.each([
    ["--timeout", "0", "not a time limit: 0; write seconds, more than 0 and at most 1000000"],
    ["--timeout", "soon", "not a time limit: NaN"],
    ["--timeout", "1e9", "not a time limit: 1000000000"],
    ["--memory", "500", "not a memory limit: 500; write 500MB or 2GB, at least 100MB"],
    ["--memory", "1MB", "not a memory limit: 1MB"]
  ])("is refused with %s %s, as wrong usage", async (option, value, sentence) => {
    const {code, out, err} = await command("lake", "query", "SELECT 1", "--lake", lake.folder, option, value);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });
});
