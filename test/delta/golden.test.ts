import {readdir, readFile} from "node:fs/promises";
import {join, relative, sep} from "node:path";
import {describe, expect, it} from "vitest";
import {latestVersion} from "../../pipelines/delta/log.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot, type Snapshot} from "../../pipelines/delta/snapshot.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

/** What delta-rs says of a table: see `scripts/golden_delta.py`. */
interface Expected {
  readonly versions?: Readonly<Record<string, Version>>;
  /** The table breaks the protocol, so nobody need read it. */
  readonly invalid?: string;
}

type Version =
  | {readonly columns: readonly string[]; readonly rows: readonly unknown[][]}
  | {readonly files: readonly string[]}
  | {readonly refused: readonly string[]};

const duckdb = await openDuckDB();
const folder = join(import.meta.dirname, "..", "golden", "delta-tables");
const entries = await readdir(folder, {withFileTypes: true});
const tables = entries.filter((entry) => entry.isDirectory()).map(({name}) => name);

it("has the tables", () => expect(tables).toHaveLength(47));

describe.each(tables)("the table %s of others", async (name) => {
  const root = join(folder, name);
  const expected: Expected = JSON.parse(await readFile(join(root, "expected.json"), "utf8"));
  const latest = await latestVersion(root);

  for (let version = 0; version <= latest; version++) {
    const wanted = expected.versions?.[version];
    if (!wanted) {
      it(`can't be read at version ${version}`, async () => {
        await expect(readSnapshot(duckdb, root, {version})).rejects.toThrow(
          /^(table not (supported|readable)|version not found): /
        );
      });
    } else if ("refused" in wanted) {
      it(`is refused at version ${version} for ${wanted.refused}`, async () => {
        await expect(readSnapshot(duckdb, root, {version})).rejects.toThrow(/^table not supported: /);
        for (const feature of wanted.refused) {
          await expect(readSnapshot(duckdb, root, {version})).rejects.toThrow(feature);
        }
      });
    } else if ("files" in wanted) {
      it(`has the same files at version ${version}`, async () => {
        const {files} = (await readSnapshot(duckdb, root, {version}))!;
        expect(files.map(({file}) => relative(root, file).split(sep).join("/")).sort()).toEqual(wanted.files);
      });
    } else {
      it(`has the same rows at version ${version}`, async () => {
        const snapshot = (await readSnapshot(duckdb, root, {version}))!;
        expect(snapshot.columns.map((column) => column.name)).toEqual(wanted.columns);
        expect((await rowsOf(snapshot)).sort()).toEqual(wanted.rows.map((row) => JSON.stringify(row)).sort());
      });
    }
  }

  it("is read as its newest version when none is asked for", async () => {
    expect(expected.versions ? Object.keys(expected.versions).at(-1) : String(latest)).toBe(String(latest));
    const [newest, last] = await Promise.all(
      [{}, {version: latest}].map((at) => readSnapshot(duckdb, root, at).catch(String))
    );
    expect(newest).toEqual(last);
  });
});

/** The rows as JSON, a text each. */
async function rowsOf(snapshot: Snapshot): Promise<string[]> {
  const reader = await duckdb.native.runAndReadAll(`SELECT * FROM ${scan(snapshot)}`);
  expect(reader.columnTypes().map(String)).toEqual(snapshot.columns.map(({type}) => type));
  return reader.getRowsJson().map((row) => JSON.stringify(row));
}
