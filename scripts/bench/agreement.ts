import {existsSync} from "node:fs";
import {join} from "node:path";
import {identifier, literal} from "../../pipelines/engines/duckdb.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import {isView} from "../../pipelines/models/catalog.js";

/** A table as both wrote it. */
export interface Agreement {
  readonly table: string;
  readonly rows: number;
  readonly agrees: boolean;
}

// When a row came in is each one's own, and so are the settings, the records of runs and checks, and what the pipeline
// keeps to find a day's gaps without looking at the others; all else must be the same.
const own = [
  ...["ingested_at", "bronze.source", "ops.run", "quality.check_failure"],
  ...["silver.present_run", "silver.span_day", "quality.gap_day"]
];

/**
 * Compares the stored tables of a lake with those that the script by hand wrote: their columns, and their rows
 * whatever the order, by a digest of every value. A table that the script left out must be empty; `only` are the tables to compare, where not all are.
 */
export async function compareTables(lake: string, handwritten: string, only?: readonly string[]): Promise<Agreement[]> {
  const lakehouse = await openLakehouse(lake);
  const {connection} = lakehouse.workspace;
  // A partition's column stands last in files that no log describes.
  const columnsOf = async (rows: string) =>
    (
      await connection.rows<{name: string; type: string}>(
        `SELECT column_name AS name, column_type AS type FROM (DESCRIBE FROM ${rows}) ORDER BY name`
      )
    ).filter(({name}) => !own.includes(name));
  const digestOf = async (rows: string, columns: readonly string[]) => {
    const [row] = await connection.rows<{rows: bigint; digest: string}>(
      `SELECT count(*) AS rows, CAST(sum(CAST(hash(${columns.join(", ")}) AS HUGEINT)) AS VARCHAR) AS digest FROM ${rows}`
    );
    return row!;
  };
  try {
    const agreements: Agreement[] = [];
    for (const table of only ?? (await lakehouse.tables())) {
      if (own.includes(table) || isView(lakehouse.catalog, table)) continue;
      const folder = join(handwritten, ...table.split("."));
      const byHand = `read_parquet(${literal(join(folder, "**", "*.parquet"))}, hive_partitioning = true, hive_types_autocast = false)`;
      await lakehouse.define([table]);
      const columns = await columnsOf(table);
      const names = columns.map(({name}) => identifier(name));
      const ours = await digestOf(table, names);
      if (!existsSync(folder)) {
        agreements.push({table, rows: Number(ours.rows), agrees: ours.rows === 0n});
        continue;
      }
      const isAlike = JSON.stringify(columns) === JSON.stringify(await columnsOf(byHand));
      const theirs = isAlike ? await digestOf(byHand, names) : undefined;
      agreements.push({
        table,
        rows: Number(ours.rows),
        agrees: ours.rows === theirs?.rows && ours.digest === theirs.digest
      });
    }
    return agreements;
  } finally {
    await lakehouse.close();
  }
}
