/** A process that appends so many rows to a table, one a commit, beside others that do the same. */

import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {stageRows} from "../../pipelines/delta/stage.js";
import {append} from "../../pipelines/delta/write.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const [root, writer, count] = process.argv.slice(2) as [string, string, string];
const duckdb = await openDuckDB({threads: 1});
const target = {
  root,
  columns: [
    {name: "writer", type: "INTEGER"},
    {name: "commit", type: "INTEGER"}
  ],
  partitionColumns: [],
  description: "Rows of many writers."
};
for (let commit = 0; commit < Number(count); commit++) {
  const files = await stageRows(duckdb, `SELECT ${writer}::INTEGER AS writer, ${commit}::INTEGER AS commit`, target);
  while (!(await append(duckdb, await readSnapshot(duckdb, root), target, files, {info: {writer}})));
}
