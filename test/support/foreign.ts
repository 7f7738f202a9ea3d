import {randomUUID} from "node:crypto";
import {readdirSync, statSync, writeFileSync} from "node:fs";
import {mkdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {logFolder, padded} from "../../pipelines/delta/log.js";
import {scan} from "../../pipelines/delta/scan.js";
import {type DataFile, readSnapshot} from "../../pipelines/delta/snapshot.js";
import {identifier, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";

/** What another program does to a table. */
interface Foreign {
  /** As that program calls it: `DELETE`. */
  readonly operation: string;
  /** SQL of the rows that are to stay, in files written anew; all files stay as they are by default. */
  readonly keep?: string;
  /** A SELECT of rows to add, all in one partition; `standing` in it is the table. */
  readonly add?: string;
  /** Whether rows come or go, as they do unless the table is only laid out anew. */
  readonly dataChange?: boolean;
  /** Properties to set. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** Features to ask of writers from now on. */
  readonly writerFeatures?: readonly string[];
}

/** Writes a table's data files as another program does: no statistics, no tags, names of its own. Returns its commit. */
export async function foreignWrite(root: string, work: Foreign): Promise<() => void> {
  const duckdb = await openDuckDB();
  try {
    const snapshot = (await readSnapshot(duckdb, root))!;
    const {partitionColumns, metadata} = snapshot;
    const dataChange = work.dataChange ?? true;
    const actions: object[] = [];
    await duckdb.run(`CREATE TEMP VIEW standing AS SELECT * FROM ${scan(snapshot)}`);
    const write = async (select: string, partitionValues: DataFile["partitionValues"]) => {
      const folders = partitionColumns.map((name) => `${name}=${encodeURIComponent(partitionValues[name] ?? "")}`);
      const file = join(root, ...folders, `part-00000-${randomUUID()}.c000.snappy.parquet`);
      await mkdir(dirname(file), {recursive: true});
      const columns = partitionColumns.length > 0 ? `* EXCLUDE (${partitionColumns.map(identifier).join(", ")})` : "*";
      await duckdb.run(`COPY (SELECT ${columns} FROM (${select})) TO ${literal(file)} (FORMAT parquet)`);
      const path = file
        .slice(root.length + 1)
        .split("/")
        .map(encodeURIComponent)
        .join("/");
      const {size, mtimeMs} = statSync(file);
      actions.push({add: {path, partitionValues, size, modificationTime: Math.trunc(mtimeMs), dataChange}});
    };
    if (work.configuration) {
      actions.push({metaData: {...metadata, configuration: {...metadata.configuration, ...work.configuration}}});
    }
    if (work.writerFeatures) {
      const {writerFeatures} = work;
      actions.push({protocol: {minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [], writerFeatures}});
    }
    for (const file of work.keep === undefined ? [] : snapshot.files) {
      const {path, partitionValues} = file;
      actions.push({remove: {path, deletionTimestamp: Date.now(), dataChange}});
      await write(`SELECT * FROM ${scan(snapshot, {files: [file]})} WHERE ${work.keep}`, partitionValues);
    }
    if (work.add !== undefined) {
      const names = ["NULL", ...partitionColumns.map(identifier)].join(", ");
      const [row] = await duckdb.rows<Record<string, string | null>>(`SELECT ${names} FROM (${work.add}) LIMIT 1`);
      await write(work.add, Object.fromEntries(partitionColumns.map((name) => [name, row![name]!])));
    }
    const commitInfo = {
      timestamp: Date.now(),
      operation: work.operation,
      engineInfo: "Apache-Spark/4.2.1 Delta-Lake/4.4.0"
    };
    return () => {
      const version = readdirSync(logFolder(root)).filter((name) => /^\d{20}\.json$/.test(name)).length;
      const lines = [{commitInfo}, ...actions].map((action) => `${JSON.stringify(action)}\n`);
      writeFileSync(join(logFolder(root), `${padded(version)}.json`), lines.join(""), {flag: "wx"});
    };
  } finally {
    duckdb.close();
  }
}
