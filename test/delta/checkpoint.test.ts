import {existsSync} from "node:fs";
import {cp, mkdtemp, readdir, rename, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {checkpointsIn} from "../../pipelines/delta/checkpoint.js";
import {logFiles} from "../../pipelines/delta/log.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const tables = join(import.meta.dirname, "..", "golden", "delta-tables");
const temporary = await mkdtemp(join(tmpdir(), "wattlake-checkpoint-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

/** A copy of a table of others, its log free to be changed. */
async function copyOf(name: string): Promise<{root: string; log: string}> {
  const root = join(await mkdtemp(join(temporary, "it's [a] ")), name);
  await cp(join(tables, name, "_delta_log"), join(root, "_delta_log"), {recursive: true});
  return {root, log: join(root, "_delta_log")};
}

/** Removes all commits up to a version, as a clean-up of the log does. */
async function forget(log: string, version: number): Promise<void> {
  for (const name of await readdir(log)) {
    if (/^\d{20}\.json$/.test(name) && Number(name.slice(0, 20)) <= version) await rm(join(log, name));
  }
}

/** What a snapshot comes to, less what a checkpoint needn't keep. */
async function contentOf(root: string): Promise<unknown> {
  const {version, columns, files, transactions} = (await readSnapshot(duckdb, root))!;
  return [
    version,
    columns,
    files.map(({path, partitionValues, size, numRecords}) => [path, partitionValues, size, numRecords]),
    transactions
  ];
}

const classic = "simple_table_with_checkpoint";
const whole = "00000000000000000010.checkpoint.parquet";

describe("a checkpoint", () => {
  it.each([
    ["of Spark", classic],
    ["of an old Spark", "delta-0.2.0"],
    ["of delta-rs", "python-0.25.5-checkpoint"],
    ["with partitions", "issue_1374"],
    ["with statistics as columns only", "delta-1.2.1-only-struct-stats"],
    ["that `_last_checkpoint` doesn't know of", "table_failed_last_checkpoint_update"],
    ["without a `_last_checkpoint`", "with_checkpoint_no_last_checkpoint"],
    ["of the second kind, with its files aside", "checkpoint-v2-table"]
  ])("%s tells the same as the log before it", async (_, name) => {
    const {root, log} = await copyOf(name);
    for (const file of await readdir(log)) if (file.includes(".checkpoint.")) await rm(join(log, file));
    const told = await contentOf(root);
    await cp(join(tables, name, "_delta_log"), log, {recursive: true});
    await forget(log, Math.max(...checkpointsIn(await readdir(log)).keys()));
    expect(await contentOf(root)).toEqual(told);
  });

  it("may come in parts, and counts only when all are there", async () => {
    const {root, log} = await copyOf(classic);
    const told = await contentOf(root);
    for (const part of [1, 2]) {
      const name = `00000000000000000010.checkpoint.000000000${part}.0000000002.parquet`;
      const half = `${part === 1 ? "" : "NOT"} coalesce(add.size % 2 = 0 OR metaData IS NOT NULL, false)`;
      await duckdb.run(
        `COPY (SELECT * FROM read_parquet(${literal(join(log, whole).replaceAll("[", "[[]"))}) WHERE ${half})
         TO ${literal(join(log, name))} (FORMAT parquet)`
      );
    }
    await rm(join(log, whole));
    await forget(log, 10);
    expect(checkpointsIn(await logFiles(root)).get(10)).toHaveLength(2);
    expect(await contentOf(root)).toEqual(told);

    await rm(join(log, "00000000000000000010.checkpoint.0000000002.0000000002.parquet"));
    expect(checkpointsIn(await logFiles(root)).size).toBe(0);
  });

  it("that is torn is passed over while the log can stand in for it, and named when it can't", async () => {
    const {root, log} = await copyOf(classic);
    const told = await contentOf(root);
    await writeFile(join(log, whole), "PAR1 torn");
    expect(await contentOf(root)).toEqual(told);
    await forget(log, 9);
    await expect(readSnapshot(duckdb, root)).rejects.toThrow(whole);
  });

  it("isn't taken for another version's", async () => {
    const {root, log} = await copyOf(classic);
    await rename(join(log, whole), join(log, `.${whole}.tmp`));
    expect(checkpointsIn(await logFiles(root)).size).toBe(0);
    expect(existsSync(join(log, "_last_checkpoint")), "a hint that is no longer true").toBe(true);
    expect(await contentOf(root)).toEqual(await contentOf(join(tables, classic)));
  });
});
