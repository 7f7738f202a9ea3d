import {bounds} from "./delta/scan.js";
import type {Snapshot} from "./delta/snapshot.js";
import type {Lakehouse} from "./lakehouse.js";
import {isView} from "./models/catalog.js";
import type {RowShape} from "./models/rows.js";

/** A table at a glance. */
export interface TableListing {
  readonly table: string;
  readonly kind: "table" | "view";
  readonly rows: number | null;
  readonly files: number | null;
  readonly bytes: number | null;
  readonly version: number | null;
  /** The newest value of the increment column, such as the last local date. */
  readonly newest: string | null;
  readonly description: string;
}

export const listingShape: RowShape = {
  table: "VARCHAR",
  kind: "VARCHAR",
  rows: "BIGINT",
  files: "BIGINT",
  bytes: "BIGINT",
  version: "BIGINT",
  newest: "VARCHAR",
  description: "VARCHAR"
};

/** Lists a lake's tables, from their logs alone: no row is read. */
export async function listTables(lake: Lakehouse): Promise<TableListing[]> {
  const listings: TableListing[] = [];
  for (const table of await lake.tables()) {
    const model = lake.catalog.models.get(table);
    if (isView(lake.catalog, table)) {
      const nothing = {rows: null, files: null, bytes: null, version: null, newest: null};
      listings.push({table, kind: "view", ...nothing, description: firstSentence(model!.description)});
      continue;
    }
    const snapshot = (await lake.catalog.snapshot(table))!;
    const increment = model?.increment;
    const newest = increment
      ? snapshot.files
          .map((file) => bounds(snapshot, file, increment)?.max ?? "")
          .sort()
          .at(-1)
      : "";
    listings.push({
      table,
      kind: "table",
      rows: rowCount(snapshot),
      files: snapshot.files.length,
      bytes: snapshot.files.reduce((sum, file) => sum + file.size, 0),
      version: snapshot.version,
      newest: newest || null,
      description: firstSentence(model?.description ?? snapshot.metadata.description ?? "")
    });
  }
  return listings;
}

/** How many rows a table has; null when another writer has left the count of a file out. */
function rowCount({files}: Snapshot): number | null {
  let rows = 0;
  for (const {numRecords} of files) {
    if (numRecords === undefined) return null;
    rows += numRecords;
  }
  return rows;
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0] ?? text;
}
