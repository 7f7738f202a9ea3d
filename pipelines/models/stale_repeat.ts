import type {Arrival, Landing} from "../sources/arrivals.js";
import type {Catalog} from "./catalog.js";
import {rowsOf} from "./relations.js";

/** A file whose content came in before under another name. */
export interface StaleRepeat {
  readonly path: string;
  readonly arrival: Arrival;
  /** How many of that arrival's rows a newer one has superseded. */
  readonly superseded: number;
}

/** Which repeated files brought what has been superseded since. */
export async function staleRepeats(catalog: Catalog, {repeats}: Landing): Promise<StaleRepeat[]> {
  const stale: StaleRepeat[] = [];
  for (const {path, arrival} of repeats) {
    const superseded =
      (await countRows(catalog, "silver.day_fate", `fate = 'superseded' AND arrival = ${arrival.arrival}`)) +
      (await countRows(catalog, "silver.interval_fate", `fate = 'superseded' AND arrival = ${arrival.arrival}`));
    if (superseded > 0) stale.push({path, arrival, superseded});
  }
  return stale;
}

/** How many rows of a stored table there are, of a condition or all; none where it isn't there. */
export async function countRows(catalog: Catalog, table: string, where = "true"): Promise<number> {
  const snapshot = await catalog.snapshot(table);
  if (!snapshot) return 0;
  const counts = snapshot.files.map(({numRecords}) => numRecords);
  if (where === "true" && !counts.includes(undefined))
    return (counts as number[]).reduce((total, count) => total + count, 0);
  const [row] = await catalog.database.rows<{count: bigint}>(
    `SELECT count(*) AS count FROM (${await rowsOf(catalog, table)}) WHERE ${where}`
  );
  return Number(row!.count);
}
