import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {warningsOf} from "../../pipelines/observe/run_report.js";
import type {RunResult} from "../../pipelines/pipeline.js";
import {type TestLake, testLake} from "../support/lake.js";
import {type BrokenFile, brokenFiles} from "./broken_files.js";
import {foreignWords} from "./foreign_words.js";
import {samples} from "./samples.js";

let lake: TestLake;
let broken: readonly BrokenFile[];
let result: RunResult;
beforeAll(async () => {
  lake = await testLake("sql");
  broken = brokenFiles(await samples());
  for (const {path, bytes} of broken) {
    const file = join(lake.folder, "landing", path);
    await mkdir(dirname(file), {recursive: true});
    await writeFile(file, bytes);
  }
  result = await lake.run({select: ["silver.price"]});
});
afterAll(() => lake.remove());

/** Kinds of files, by what a sentence calls them and how their names end. */
const kinds: readonly (readonly [RegExp, RegExp])[] = [
  [/Parquet/, /\.parquet$/],
  [/SQLite/, /\.db$/],
  [/JSON/, /\.jsonl?(\.gz)?$/],
  [/XML|element/, /\.xml$/],
  [/header|\bfields\b|quote/, /\.csv(\.gz)?$/],
  [/compressed/, /\.gz$/]
];

/** What is printed of a file that is refused, or of records of one. */
const refusal =
  /^(?:file rejected|\d+ records? rejected): ([^:]+): ((?:not readable: |the file is empty$|columns? .* is missing|not a |line \d+: ).*)$/;

describe("more than forty broken files of each source", () => {
  it("are read, or refused one by one", () => {
    const kindOf = (path: string) => `${path.slice(0, path.lastIndexOf("/"))} ${/\.(\w+)(\.gz)?$/.exec(path)![1]}`;
    const counts = (paths: readonly string[]) => {
      const found = new Map<string, number>();
      for (const kind of paths.map(kindOf)) found.set(kind, (found.get(kind) ?? 0) + 1);
      return found;
    };
    const refused = counts(result.intake.rejected.map(({arrival}) => arrival.path));
    for (const [kind, files] of counts(broken.map(({path}) => path))) {
      expect(files, kind).toBeGreaterThan(40);
      expect(refused.get(kind) ?? 0, kind).toBeGreaterThan(5);
    }
    expect(result.tables.filter(({outcome}) => outcome === "failed" || outcome === "blocked")).toEqual([]);
  });

  it("are refused in words of their sender's", () => {
    const printed = warningsOf(result);
    expect(printed.length).toBeGreaterThan(500);
    for (const line of printed) {
      expect(line).not.toMatch(foreignWords);
      expect(line).not.toContain(lake.folder);
      if (/^(source rejected by|file not whole: )/.test(line)) continue;
      expect(line).toMatch(refusal);
      // What is wrong is of the file's own kind, unless its content is that of another one.
      const [, path, reason] = refusal.exec(line)!;
      if (/ its first bytes are those of /.test(reason!)) continue;
      for (const [word, ending] of kinds) if (word.test(reason!)) expect(path).toMatch(ending);
    }
  });

  it("would be noticed if DuckDB's own words were printed", async () => {
    const duckdb = await openDuckDB();
    let noticed = 0;
    for (const {path} of broken.filter(({path}) =>
      /^(weather|intervals)\/.*\.(csv|jsonl|parquet)(\.gz)?$/.test(path)
    )) {
      const [, kind] = /\.(csv|jsonl|parquet)(?:\.gz)?$/.exec(path)!;
      const read = {csv: "read_csv", jsonl: "read_json", parquet: "read_parquet"}[kind as "csv"];
      await duckdb.rows(`FROM ${read}(${literal(join(lake.folder, "landing", path))})`).catch(({message}: Error) => {
        // The driver's own, of what is read here as one value of 5,000 levels.
        if (/call stack/.test(message)) return;
        noticed++;
        expect(message).toMatch(foreignWords);
      });
    }
    duckdb.close();
    expect(noticed).toBeGreaterThan(60);
  });
});
