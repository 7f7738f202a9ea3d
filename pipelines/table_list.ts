import {firstSentence} from "./describe/words.js";
import {quoteName} from "./engines/workspace.js";
import type {Lakehouse} from "./lakehouse.js";
import {isView} from "./models/catalog.js";
import {lastRunOf} from "./models/history.js";
import type {RowShape} from "./models/rows.js";
import {ageHours, isLate, stateOf} from "./models/table_state.js";

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
  /** The last run that wrote to it. */
  readonly run: number | null;
  /** Whole hours since the time of the newest value was over: of a date, since its midnight in UTC. */
  readonly age_hours: number | null;
  /** How old the newest value may become: the promise in the model's header. */
  readonly fresh_hours: number | null;
  /** Whether the promise is kept; null where there is none. */
  readonly freshness: "fresh" | "late" | null;
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
  run: "BIGINT",
  age_hours: "BIGINT",
  fresh_hours: "BIGINT",
  freshness: "VARCHAR",
  description: "VARCHAR"
};

/** The columns that fit a terminal of 100 characters. */
export const narrowShape: RowShape = Object.fromEntries(
  ["table", "kind", "rows", "files", "newest", "run", "freshness"].map((name) => [name, listingShape[name]!])
);

const unstored = {
  rows: null,
  files: null,
  bytes: null,
  version: null,
  newest: null,
  run: null,
  age_hours: null,
  fresh_hours: null,
  freshness: null
};

/**
 * Lists a lake's tables as of now, from their logs alone: no row is read. For one client, its rows are counted, and what
 * the logs say is left out: it is of all clients.
 */
export async function listTables(lake: Lakehouse, now = new Date()): Promise<TableListing[]> {
  const listings: TableListing[] = [];
  for (const table of await lake.tables()) {
    const model = lake.catalog.models.get(table);
    if (isView(lake.catalog, table)) {
      listings.push({table, kind: "view", ...unstored, description: firstSentence(model!.description)});
      continue;
    }
    const snapshot = (await lake.catalog.snapshot(table))!;
    const description = firstSentence(model?.description ?? snapshot.metadata.description ?? "");
    if (lake.client !== undefined) {
      listings.push({table, kind: "table", ...unstored, rows: await rowsSeen(lake, table), description});
      continue;
    }
    const state = stateOf(table, snapshot, model);
    const {rows, files, bytes, version, newest, freshHours} = state;
    const [age, late] = [ageHours(state, now), isLate(state, now)];
    listings.push({
      table,
      kind: "table",
      rows,
      files,
      bytes,
      version,
      newest,
      run: await lastRunOf(snapshot),
      age_hours: age === null ? null : Math.floor(age),
      fresh_hours: freshHours,
      freshness: late === null ? null : late ? "late" : "fresh",
      description
    });
  }
  return listings;
}

/** The rows of a table that the lake was opened for. */
async function rowsSeen(lake: Lakehouse, table: string): Promise<number> {
  await lake.define([table]);
  const {connection} = lake.workspace;
  const [row] = await connection.rows<{count: bigint}>(`SELECT count(*) AS count FROM ${quoteName(table)}`);
  return Number(row!.count);
}
