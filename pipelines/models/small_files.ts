import {optimize} from "../delta/optimize.js";
import type {Catalog} from "./catalog.js";

/** A table has up to so many files of few rows: each costs its readers about a millisecond, and its log a line. */
const mostSmall = 64;

/** Few rows: files of more are left to `optimize`, so that what a run folds is bounded. */
const fewRows = 10_000;

/**
 * Folds the small files of tables that have many of them, as each run that takes in a file leaves one behind. Their rows, and what
 * was made of them, stay as they are.
 */
export async function foldSmallFiles(catalog: Catalog, tables: Iterable<string>): Promise<void> {
  for (const table of tables) {
    // One whose log can't be read is left to the build, which fails it by name.
    const snapshot = await catalog.snapshot(table).catch(() => undefined);
    if (!snapshot) continue;
    const small = snapshot.files.filter(({numRecords = Infinity}) => numRecords <= fewRows);
    const partitions = new Set(small.map(({partitionValues}) => JSON.stringify(partitionValues)));
    if (small.length - partitions.size < mostSmall) continue;
    const {key: order = [], increment: by} = catalog.models.get(table) ?? {};
    await optimize(catalog.database, catalog.root(table), {order, by, mostRows: fewRows});
    catalog.forget(table);
  }
}
