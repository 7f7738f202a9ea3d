import {execFile, spawn} from "node:child_process";
import {once} from "node:events";
import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {promisify} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type CheckList, listChecks} from "../pipelines/check_list.js";
import {openLakehouse} from "../pipelines/lakehouse.js";
import {runPipeline} from "../pipelines/pipeline.js";
import {command, start} from "./support/command.js";

let lake: string;
beforeAll(async () => {
  lake = await mkdtemp(join(tmpdir(), "wattlake-commands-"));
  await cp("lake/landing/eliq", join(lake, "landing", "eliq"), {recursive: true});
});
afterAll(async () => {
  for (const folder of [lake, `${lake}-out`]) await rm(folder, {recursive: true, force: true});
});

async function checksOfRun(run?: number): Promise<CheckList> {
  const lakehouse = await openLakehouse(lake, "latest");
  try {
    return await listChecks(lakehouse, run);
  } finally {
    await lakehouse.close();
  }
}

describe("npm run pipeline", () => {
  it("says before the first run that there is no lake", async () => {
    const {code, err} = await command("lake", "tables", "--lake", join(lake, "nothing"));
    expect([code, err]).toEqual([
      1,
      `no lake at ${join(lake, "nothing")}: run npm run pipeline -- --lake ${join(lake, "nothing")} first\n`
    ]);
  });

  it.each([
    ["a folder that the system denies", "/proc/nothing", "run npm run pipeline -- --lake /proc/nothing first"],
    ["a file", "package.json", "a part of its path is a file; name a folder there"],
    ["a name with a NUL", "lake\0", "its name holds a zero byte; rename it"]
  ])("says at once that %s is no lake, and makes nothing there", async (_, folder, reason) => {
    await expect(openLakehouse(folder)).rejects.toThrow(`no lake at ${folder}: ${reason}`);
  });

  it("previews, runs and tells what it did", async () => {
    const preview = await command("run", "--lake", lake, "--plan", "--json");
    expect(JSON.parse(preview.out).files).toEqual(["eliq/home_assignment_raw_data.parquet"]);
    const first = await start("run", "--lake", lake);
    expect(first.code).toBe(0);
    const ends = first.err.trimEnd().split("\n");
    expect(ends[0]).toBe("bronze.eliq_daily: 365 rows from 1 new file");
    expect(ends).toContainEqual(expect.stringMatching(/^silver\.reading: 8,760 rows built in \d+\.\d s$/));
    for (const line of ends) expect(line).toMatch(/: [\d,]+ rows (from 1 new file|built in \d+\.\d s)$/);
    expect(first.out).toContain("876,000 Wh in = 876,000 placed + 0 rejected + 0 superseded  balanced");
    const second = await command("run", "--lake", lake, "--quiet");
    expect(second).toMatchObject({code: 0, out: "", err: ""});
    // Log lines go to the file descriptor itself.
    const third = await start("run", "--lake", lake, "--json", "--log-level", "debug");
    expect(JSON.parse(third.out)).toMatchObject({run: 3, complete: true, balanced: true, arrivals: []});
    const log = third.err
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(log[0]).toMatchObject({level: "info", run: 3, msg: "run started"});
    expect(log).toContainEqual(
      expect.objectContaining({level: "debug", run: 3, table: "silver.reading", scope: "nothing", msg: "table planned"})
    );
  });

  it("says on Ctrl-C what is kept and how to go on, and goes on", async () => {
    const other = join(lake, "other");
    await cp("lake/landing/eliq", join(other, "landing", "eliq"), {recursive: true});
    const run = spawn(process.execPath, ["dist/run.js", "--lake", other], {stdio: ["ignore", "ignore", "pipe"]});
    let err = "";
    run.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
      if (text.includes("silver.meter_day: ")) run.kill("SIGINT");
    });
    expect(await once(run, "close")).toEqual([null, "SIGINT"]);
    expect(err).toMatch(
      /\nstopped: what is built so far is kept \(\d+ tables\)(, silver\.\w+ is as it was before)?, and readers stay on the last complete run\nto go on, give the same command again: it does what is left\n$/
    );
    const next = await command("run", "--lake", other, "--json", "--quiet");
    expect(next.code).toBe(0);
    const {complete, tables} = JSON.parse((await command("run", "--lake", other, "--json")).out);
    expect(complete).toBe(true);
    expect(tables.every(({outcome}: {outcome: string}) => outcome === "unchanged")).toBe(true);
  });

  it.each([
    ["an option that isn't there", ["--fast"], "unknown option '--fast'"],
    ["a date that isn't one", ["--from", "2022-02-30"], "not a date: 2022-02-30"],
    [
      "a range that ends before it starts",
      ["--from", "2022-02-01", "--to", "2022-01-01"],
      "--from 2022-02-01 is after --to 2022-01-01"
    ],
    ["a parameter without a value", ["--param", "as_of"], "not a parameter: as_of; write it as as_of=2021-06-01"],
    ["a parameter that no model has", ["--param", "unheard_of=1"], "parameter not found: unheard_of"],
    ["a parameter named as what every object has", ["--param", "constructor=1"], "parameter not found: constructor"],
    ["a word too many", ["gold"], "too many arguments"]
  ])("ends with 2 for %s", async (_, words, sentence) => {
    const {code, err} = await command("run", "--lake", lake, ...words);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it("ends with 1 where there is no landing folder", async () => {
    const {code, err} = await command("run", "--lake", join(lake, "nothing"), "--landing", join(lake, "no"));
    expect([code, err]).toEqual([
      1,
      `landing folder not found: ${join(lake, "no")}; make it, or name another with --landing\n`
    ]);
  });
});

describe("npm run lake", () => {
  it("queries", async () => {
    const sql =
      "SELECT local_date, energy_kwh, present_intervals FROM gold.energy_day WHERE present_intervals <> 24 ORDER BY 1";
    const {out} = await command("lake", "query", sql, "--lake", lake, "--format", "json");
    expect(out).toBe(
      '[\n{"local_date":"2022-03-27","energy_kwh":2.300000,"present_intervals":23},\n{"local_date":"2022-10-30","energy_kwh":2.500000,"present_intervals":25}\n]\n'
    );
    expect((await start("lake", "query", "SELECT 1 AS n", "--lake", lake, "--format", "csv")).out).toBe("n\r\n1\r\n");
    expect(
      (await command("lake", "query", "SELECT count(*) AS n FROM ops.run", "--lake", lake, "--as-of", "1")).out
    ).toContain("1 row");
  });

  it("erases nobody where it isn't said whom, and ends with 2", async () => {
    const {code, err} = await command("lake", "erase", "--lake", lake, "--client", "111111");
    expect([code, err]).toEqual([
      2,
      "whom to erase isn't said: write --client ID --location ID, or --meter ID; or --resume alone\n"
    ]);
  });

  it("names a table that isn't there", async () => {
    const {code, err} = await command("lake", "query", "SELECT * FROM gold.nothing", "--lake", lake);
    expect([code, err]).toEqual([
      1,
      "table not found: gold.nothing; npm run -s lake -- tables lists those there are (line 1, column 15)\n"
    ]);
  });

  it.each([
    ["rows", ["query", "SELECT range FROM range(1000000)"]],
    ["tables", ["tables", "--wide"]],
    ["checks", ["checks"]]
  ])("ends in peace when the reader of its %s goes", async (_, words) => {
    const program = [process.execPath, "dist/lake.js", ...words, "--lake", lake].map((word) => `'${word}'`).join(" ");
    const {stdout, stderr} = await promisify(execFile)("sh", [
      "-c",
      `{ ${program}; echo "ended $?" >&2; } | head -n 2`
    ]);
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stderr).toBe("ended 0\n");
  });

  it("lists tables, tells their history and digests them", async () => {
    const tables = JSON.parse((await command("lake", "tables", "--lake", lake, "--format", "json")).out);
    expect(tables.find(({table}: {table: string}) => table === "silver.reading")).toMatchObject({
      kind: "table",
      rows: 8760,
      newest: "2022-12-31",
      run: 1,
      fresh_hours: 34,
      freshness: "late"
    });
    expect(tables.find(({table}: {table: string}) => table === "ops.run")).toMatchObject({run: 3, freshness: null});
    const history = JSON.parse(
      (await command("lake", "history", "silver.reading", "--lake", lake, "--format", "json")).out
    );
    expect(history).toMatchObject([{version: 0, run: 1, rows: 8760, reason: "not built yet"}]);
    const lines = (await command("lake", "tables", "--lake", lake)).out.split("\n");
    expect(Math.max(...lines.map(({length}) => length))).toBeLessThanOrEqual(100);
    expect((await command("lake", "tables", "--wide", "--lake", lake)).out).toContain("description");
    const digest = await command("lake", "digest", "--lake", lake);
    expect(digest.out).toMatch(/gold\.energy_day +365:\d+/);
  });

  it("explains a row, and ends with 2 for a wrong column, with 1 for no row", async () => {
    const day = ["gold.energy_day", "111111", "ext_device_1"];
    const [right, wrong, none] = await Promise.all(
      [["2022-10-30", "--as-of", "1", "--json"], ["colour=red"], ["2023-01-01"]].map((words) =>
        command("lake", "explain", ...day, ...words, "--lake", lake)
      )
    );
    const {tables, ...told} = JSON.parse(right!.out);
    expect(told).toMatchObject({table: "gold.energy_day", run: 1, oddHours: [{label: "03:00", value_kwh: "0.200000"}]});
    expect(tables.find(({table}: {table: string}) => table === "bronze.eliq_daily").rows).toMatchObject([
      {file: "eliq/home_assignment_raw_data.parquet", row_number: 303}
    ]);
    expect([right!.code, wrong!.code, none!.code]).toEqual([0, 2, 1]);
    expect(wrong!.err).toContain("column not found: colour");
    expect(none!.err).toContain("local_date is 2022-01-01 to 2022-12-31");
  });

  it("describes a table", async () => {
    const {code, out} = await command("lake", "describe", "gold.energy_day", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      table: "gold.energy_day",
      made_into: expect.arrayContaining(["gold.energy_hour", "gold.energy_month"])
    });
  });

  it("shows what came of the checks in the last run, and in one before it", async () => {
    const {code, out} = await command("lake", "checks", "--lake", lake);
    expect(code).toBe(0);
    expect(out).toMatch(/^silver\.reading +key +error +not run, nothing to publish; in run 1 held$/m);
    expect(out).toMatch(/^run 3: 0 held, 0 failed, \d+ not run$/m);
    const {checks} = await checksOfRun(1);
    expect(new Set(checks.map(({outcome}) => outcome))).toEqual(new Set(["held"]));
    await expect(checksOfRun(9)).rejects.toThrow("run not found: 9; the last is 3");
  });

  it("ends with 1 where a check failed that keeps rows from being published, and shows one of them", async () => {
    const sql = join(lake, "sql");
    await cp("sql", sql, {recursive: true});
    await mkdir(join(sql, "checks", "gold.energy_month"), {recursive: true});
    const check =
      "-- No month has as much.\n-- column: energy_kwh\nSELECT * FROM gold.energy_month WHERE energy_kwh > 70";
    await writeFile(join(sql, "checks", "gold.energy_month", "small.sql"), check);
    const model = join(sql, "gold", "energy_month.sql");
    const text = await readFile(model, "utf8");
    await writeFile(model, text.replace("CAST(complete_days AS", "CAST(complete_days + 1 AS"));
    const {run} = await runPipeline({lake, sql, select: ["gold.energy_month"]});
    const {code, out} = await command("lake", "checks", "--lake", lake);
    expect(code).toBe(1);
    expect(out).toMatch(/^gold\.energy_month +small +error +failed: \d+ rows\n {2}such as \{"client_id"/m);
    const ofMonth = (await checksOfRun()).checks.filter(({table}) => table === "gold.energy_month");
    expect(ofMonth.map(({check, outcome, last_run}) => [check, outcome, last_run])).toEqual([
      ["key_not_null", "held", run],
      ["key", "held", run],
      ["small", "failed", run]
    ]);
  });

  it("exports", async () => {
    const {out, code} = await command(
      "lake",
      "export",
      "--lake",
      lake,
      "--to",
      `${lake}-out`,
      "--tables",
      "gold.energy_day,gold.energy_month"
    );
    expect([code, out.split("\n").length]).toEqual([0, 3]);
    expect(out).toContain("gold.energy_day: 365 rows");
  });
});

it("gains a verb of the lake by one file", async () => {
  const copy = await mkdtemp(join(tmpdir(), "wattlake-verb-"));
  try {
    for (const part of ["dist", "sql"]) await cp(part, join(copy, part), {recursive: true});
    await cp("package.json", join(copy, "package.json"));
    await symlink(resolve("node_modules"), join(copy, "node_modules"), "junction");
    await writeFile(
      join(copy, "dist", "commands", "lake", "count.js"),
      `import {say} from "../../observe/terminal.js";
       import {withLake} from "../open.js";
       import {lakeCommand} from "../options.js";
       export default lakeCommand("count", "Counts tables.").action((options) =>
         withLake(options, async (lake) => say(String((await lake.tables()).length))));`
    );
    const run = (...words: string[]) =>
      promisify(execFile)(process.execPath, [join(copy, "dist", "lake.js"), ...words]);
    expect((await run("--help")).stdout).toMatch(/^ {2}count .*Counts tables\.$/m);
    expect(Number((await run("count", "--lake", lake)).stdout)).toBeGreaterThan(20);
  } finally {
    await rm(copy, {recursive: true});
  }
});
