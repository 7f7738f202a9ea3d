/**
 * Our side of the tests that others write in: does to Delta tables what it is asked, a JSON object a line on its
 * standard input, and answers each with a line. Rows come and go in Parquet files, so that their types are exact.
 */

import {createInterface} from "node:readline";
import {optimize} from "../../pipelines/delta/optimize.js";
import {restore} from "../../pipelines/delta/restore.js";
import {scan} from "../../pipelines/delta/scan.js";
import {readSnapshot, type Snapshot} from "../../pipelines/delta/snapshot.js";
import {discardFiles, stageRows} from "../../pipelines/delta/stage.js";
import {vacuum} from "../../pipelines/delta/vacuum.js";
import {append, replace, type Target} from "../../pipelines/delta/write.js";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {warningsOf} from "../../pipelines/observe/run_report.js";
import {runPipeline} from "../../pipelines/pipeline.js";

interface Request {
  readonly do: string;
  /** Where the table, or the lake, is. */
  readonly root: string;
  /** A Parquet file of rows: to write, or to be written. */
  readonly rows: string;
  readonly partition?: readonly string[];
  readonly column: string;
  readonly values: readonly string[];
  readonly by: readonly string[];
  readonly version?: number;
  readonly landing?: string;
}

const duckdb = await openDuckDB();
const note = {info: {reason: "asked"}};
const standing = async ({root, version}: Request) =>
  (await readSnapshot(duckdb, root, version === undefined ? {} : {version}))!;

/** What is staged, and on top of what it is to be committed. */
interface Waiting {
  readonly snapshot: Snapshot | undefined;
  readonly target: Target;
  readonly files: Awaited<ReturnType<typeof stageRows>>;
}
let waiting: Waiting;

async function stage({root, rows, partition}: Request): Promise<Waiting> {
  const snapshot = await readSnapshot(duckdb, root);
  const select = `SELECT * FROM read_parquet(${literal(rows)})`;
  const described = await duckdb.rows<{column_name: string; column_type: string}>(`DESCRIBE ${select}`);
  const columns = described.map(({column_name, column_type}) => ({name: column_name, type: column_type}));
  const partitionColumns = partition ?? snapshot?.partitionColumns ?? [];
  const target = {root, columns, partitionColumns, description: "Rows of many writers."};
  return {snapshot, target, files: await stageRows(duckdb, select, target)};
}

const deeds: Readonly<Record<string, (request: Request) => Promise<unknown>>> = {
  async stage(request) {
    waiting = await stage(request);
  },
  /** Commits what was staged on top of what stood then; false, and nothing is left of it, when it no longer does. */
  async publish() {
    const {snapshot, target, files} = waiting;
    const done = await append(duckdb, snapshot, target, files, note);
    if (!done) await discardFiles(files.map(({file}) => file));
    return done;
  },
  async append(request) {
    const {snapshot, target, files} = await stage(request);
    return append(duckdb, snapshot, target, files, note);
  },
  async replace(request) {
    const {snapshot, target, files} = await stage(request);
    return replace(duckdb, snapshot!, target, files, {column: request.column, values: request.values}, note);
  },
  optimize: ({root, by}) => optimize(duckdb, root, {order: by}),
  async vacuum({root}) {
    return (await vacuum(duckdb, root, {retainMilliseconds: 0, dryRun: false})).files.length;
  },
  restore: ({root, version}) => restore(duckdb, root, version!, note.info),
  async read(request) {
    const snapshot = await standing(request);
    await duckdb.run(`COPY (SELECT * FROM ${scan(snapshot)}) TO ${literal(request.rows)} (FORMAT parquet)`);
    const {version, columns, partitionColumns, files} = snapshot;
    return {version, columns, partitionColumns, files: files.length, counts: files.map(({numRecords}) => numRecords)};
  },
  async run({root, landing}) {
    const result = await runPipeline({lake: root, landing});
    const touched = result.tables.filter(({scope}) => scope !== "nothing");
    return {
      complete: result.complete,
      scopes: Object.fromEntries(touched.map(({table, scope}) => [table, scope])),
      warnings: warningsOf(result)
    };
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const request: Request = JSON.parse(line);
  const answer = await deeds[request.do]!(request).then(
    (done) => ({done}),
    (error: Error) => ({error: error.message})
  );
  console.log(JSON.stringify(answer));
}
duckdb.close();
