import type {Catalog} from "./catalog.js";
import {rowsOf} from "./relations.js";

/** What registers did other than go forward, in numbers. */
export interface RegisterEvents {
  readonly events: number;
  /** How many series have one. */
  readonly series: number;
}

/** The whole of `quality.register_event`, counted; undefined before it is built. */
export async function readRegisterEvents(catalog: Catalog): Promise<RegisterEvents | undefined> {
  if (!(await catalog.snapshot("quality.register_event"))) return undefined;
  const [row] = await catalog.database.rows<Record<keyof RegisterEvents, bigint>>(
    `SELECT count(*) AS events, count(DISTINCT (client_id, meter_id, fuel, channel)) AS series
     FROM (${await rowsOf(catalog, "quality.register_event")})`
  );
  return {events: Number(row!.events), series: Number(row!.series)};
}
