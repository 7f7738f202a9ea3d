import {existsSync} from "node:fs";
import {cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import {hasFailed} from "../pipelines/failure.js";
import {openLakehouse} from "../pipelines/lakehouse.js";
import {parse} from "../pipelines/models/parse.js";
import {openProject} from "../pipelines/models/project.js";
import {referencesOf} from "../pipelines/models/references.js";
import {warningsOf} from "../pipelines/observe/run_report.js";
import {runPipeline} from "../pipelines/pipeline.js";
import {knownFormats} from "../pipelines/sources/catalogue/catalogue.js";
import {landFormat, type Said} from "../pipelines/sources/catalogue/land_format.js";
import {sourcesOf} from "../pipelines/sources/lake_sources.js";
import type {Source} from "../pipelines/sources/source.js";
import {modelsBehind, modelsOf} from "./support/models_of.js";
import {writeFiles} from "./support/script.js";

/**
 * A case is a folder. `landing/` holds files as they come, `1.sql`, `2.sql`, … write files to the landing folder
 * before the first, second, … run; `files/` holds those that `land` names, which are handed over before the first run by the known
 * format that they are of; `expected/` holds queries, each beside the rows it must give afterwards.
 *
 * A case builds only the tables that its queries read or its warnings name, what these are made from, and the
 * account of every value. So `warnings` are those of the checks of these tables: a case about gaps reads `quality.gap`.
 * `UPDATE_GOLDEN=1 npx vitest run test/golden.test.ts` writes what they give now.
 */
interface Case {
  readonly about: string;
  /** The formats whose models to build: those of energy by default. */
  readonly formats?: readonly string[];
  readonly sources?: readonly Source[];
  readonly land?: readonly (Said & {readonly format: string; readonly files: readonly string[]})[];
  readonly runs: readonly {readonly fails: boolean; readonly warnings: readonly string[]}[];
}

const folder = join(import.meta.dirname, "golden");
const temporary = await mkdtemp(join(tmpdir(), "wattlake-golden-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

const cases = (await readdir(folder)).filter((name) => existsSync(join(folder, name, "case.json")));

describe.each(cases)("golden case %s", async (name) => {
  const about: Case = JSON.parse(await readFile(join(folder, name, "case.json"), "utf8"));

  it(about.about, async () => {
    const lake = join(temporary, name);
    const landing = join(lake, "landing");
    await mkdir(landing, {recursive: true});
    if (existsSync(join(folder, name, "landing")))
      await cp(join(folder, name, "landing"), landing, {recursive: true, dereference: true});
    const named = [...(await tablesRead(join(folder, name, "expected"))), ...tablesWarnedOf(about), account];
    const sql = await modelsBehind(named, modelsOf(...(about.formats ?? [])));
    if (about.land) await handOver(about.land, join(folder, name, "files"), {landing, sql});
    const own = about.sources ?? (about.land && (await sourcesOf(lake)).filter(isOfFormat));
    const options = {...(own && {sources: own}), sql};
    const runs: Case["runs"][number][] = [];
    for (let run = 1; run <= about.runs.length; run++) {
      await writeFiles(join(folder, name, `${run}.sql`), landing);
      const result = await runPipeline({lake, ...options});
      runs.push({fails: hasFailed(result), warnings: warningsOf(result)});
    }
    if (process.env.UPDATE_GOLDEN)
      await writeFile(join(folder, name, "case.json"), `${JSON.stringify({...about, runs}, null, 2)}\n`);
    else expect(runs).toEqual(about.runs);
    await compare(join(folder, name, "expected"), lake);
    // A case may have files of many senders, and a machine other things to do.
  }, 240_000);
});

async function handOver(
  parcels: NonNullable<Case["land"]>,
  files: string,
  {landing, sql}: {readonly landing: string; readonly sql: string}
): Promise<void> {
  const database = await openDuckDB();
  const {models} = await openProject(database, {sql});
  const dock = {landing, database, models: new Map(models.map((model) => [model.name, model]))};
  for (const {format: name, files: names, ...said} of parcels) {
    const format = knownFormats.find((one) => one.name === name)!;
    for (const file of names)
      expect(await landFormat(dock, format, join(files, file), said), file).toMatchObject({outcome: "landed"});
  }
  database.close();
}

function isOfFormat({folder}: Source): boolean {
  return knownFormats.some(({name}) => folder.split(/[./]/)[0] === name);
}

/** What becomes of every value: each run's account is made from it, so that no case loses a value unseen. */
const account = "quality.reconciliation";

/** The tables that the queries of a case read. */
async function tablesRead(expected: string): Promise<string[]> {
  const duckdb = await openDuckDB({threads: 1});
  const tables: string[] = [];
  for (const file of await queriesIn(expected)) {
    tables.push(...referencesOf(await parse(duckdb, await readFile(join(expected, file), "utf8"))).tables);
  }
  duckdb.close();
  return tables;
}

/** The tables whose checks a case expects to warn. */
function tablesWarnedOf({runs}: Case): string[] {
  return runs.flatMap(({warnings}) =>
    warnings.flatMap((warning) => /^check \w+: (\w+\.\w+):/.exec(warning)?.[1] ?? [])
  );
}

async function queriesIn(expected: string): Promise<string[]> {
  return (await readdir(expected)).filter((name) => name.endsWith(".sql"));
}

async function compare(expected: string, lake: string): Promise<void> {
  const lakehouse = await openLakehouse(lake, "latest");
  for (const file of await queriesIn(expected)) {
    const result = await lakehouse.stream(await readFile(join(expected, file), "utf8"));
    const lines = (await result.getRowsJson()).map((row) => `${JSON.stringify(row)}\n`).join("");
    const rows = join(expected, file.replace(/sql$/, "jsonl"));
    if (process.env.UPDATE_GOLDEN) await writeFile(rows, lines);
    else expect(lines, file).toBe(await readFile(rows, "utf8"));
  }
  await lakehouse.close();
}
