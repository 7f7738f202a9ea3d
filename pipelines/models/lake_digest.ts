import {type Catalog, isView} from "./catalog.js";
import {digestOf} from "./digest.js";
import {rowsOf} from "./relations.js";
import type {RowShape} from "./rows.js";

/** Columns that tell how content came here, not what it is. */
const circumstances = new Set(["file", "ingested_at"]);

/** A table's content as one text: two builds from the same arrivals have the same. */
export interface TableDigest {
  readonly table: string;
  readonly digest: string;
}

export const digestShape: RowShape = {table: "VARCHAR", digest: "VARCHAR"};

/**
 * The digest of each table, whatever the order and the files of its rows. Left out: the columns that say from which
 * path and when a row came, and the program's own records, `ops` and `quality`.
 */
export async function lakeDigest(catalog: Catalog, tables: readonly string[]): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of tables) {
    if (isView(catalog, table) || /^(ops|quality)\./.test(table)) continue;
    const {columns} = (await catalog.snapshot(table))!;
    const names = columns.map(({name}) => name).filter((name) => !circumstances.has(name));
    const [row] = await catalog.database.rows<{digest: string}>(
      `SELECT ${digestOf(names)} AS digest FROM (${await rowsOf(catalog, table)})`
    );
    digests.push({table, digest: row!.digest});
  }
  return digests;
}
