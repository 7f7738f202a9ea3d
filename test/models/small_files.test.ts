import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {type Catalog, openCatalog} from "../../pipelines/models/catalog.js";
import {changeOf, versionOf} from "../../pipelines/models/change.js";
import {rowsOf} from "../../pipelines/models/relations.js";
import {writeRows} from "../../pipelines/models/rows.js";
import {foldSmallFiles} from "../../pipelines/models/small_files.js";

let folder: string;
let database: Connection;
let catalog: Catalog;
const table = "bronze.note";

/** Each commit leaves a file behind, as each run does that takes in one. */
async function commit(commits: number, rows = 1): Promise<void> {
  const shape = {number: "BIGINT"};
  for (let run = 1; run <= commits; run++)
    await writeRows(
      catalog,
      table,
      "Notes.",
      shape,
      [...Array(rows).keys()].map((number) => ({number})),
      {run}
    );
}

const rows = async () => catalog.database.rows(`FROM (${await rowsOf(catalog, table)}) ORDER BY ALL`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-small-files-"));
  database = await openDuckDB();
  catalog = openCatalog(database, folder, {models: [], inputs: new Map()});
  await commit(63);
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

it("many small files are folded, few are not, and nobody who reads what has changed sees a change", async () => {
  await foldSmallFiles(catalog, [table, "bronze.not_there"]);
  expect((await catalog.snapshot(table))!.files).toHaveLength(63);
  await commit(1, 10_001);
  await commit(2);
  const before = (await catalog.snapshot(table))!;
  const all = await rows();
  await foldSmallFiles(catalog, [table]);
  const after = (await catalog.snapshot(table))!;
  expect(after.version).toBe(before.version + 1);
  // The file of many rows stays as it is.
  expect(after.files.map(({numRecords}) => numRecords).sort((a, b) => a! - b!)).toEqual([65, 10_001]);
  expect(await rows()).toEqual(all);
  expect(await changeOf(catalog, table, versionOf(before))).toEqual({kind: "none"});
});

it("a table of many versions is read with two statements, as one of few", async () => {
  let statements = 0;
  const counting: Connection = {
    ...database,
    rows: (sql, parameters) => {
      statements++;
      return database.rows(sql, parameters);
    }
  };
  const {version} = (await catalog.snapshot(table))!;
  expect(version).toBeGreaterThan(60);
  await readSnapshot(counting, catalog.root(table));
  expect(statements).toBe(2);
});
