import type {Catalog} from "./catalog.js";
import {rowsOf} from "./relations.js";

/** What the series lack, in numbers. */
export interface Gaps {
  readonly gaps: number;
  /** How many series have one. */
  readonly series: number;
  readonly missing_intervals: number;
}

/** The whole of `quality.gap`, counted; undefined before it is built. */
export async function readGaps(catalog: Catalog): Promise<Gaps | undefined> {
  if (!(await catalog.snapshot("quality.gap"))) return undefined;
  const [row] = await catalog.database.rows<Record<keyof Gaps, bigint>>(
    `SELECT count(*) AS gaps, count(DISTINCT (client_id, meter_id, fuel, channel)) AS series,
       CAST(coalesce(sum(missing_intervals), 0) AS BIGINT) AS missing_intervals
     FROM (${await rowsOf(catalog, "quality.gap")})`
  );
  const {gaps, series, missing_intervals} = row!;
  return {gaps: Number(gaps), series: Number(series), missing_intervals: Number(missing_intervals)};
}
