import {basename, dirname, join} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import type {Catalog} from "../models/catalog.js";
import {type Arrival, bytesIn, contentKey} from "./arrivals.js";
import {destinations} from "./destinations.js";
import type {Limits} from "./formats/limits.js";
import {incomingFolder} from "./incoming.js";
import {inspectFiles, intakeOf, readThrough} from "./inspect.js";
import type {Landed} from "./landed.js";
import type {Source} from "./source.js";

/** Where files are handed over: a lake's landing folder, and what it takes to look into them. */
export interface Dock {
  /** The landing folder. */
  readonly landing: string;
  readonly database: Connection;
  readonly models: Catalog["models"];
  /** How much of a file is read; as much as by default where nothing is said. */
  readonly limits?: Limits;
}

/** The copy of a file, and as what it is to land. */
export interface Draft {
  readonly draft: string;
  readonly source: Source;
  readonly landed: Landed;
}

/**
 * Why a source's Bronze tables can't be read from files of different contents, by draft, in one sentence of all that their
 * readers say. Files with the same columns are read together, and where that fails in smaller parts, down to the file that
 * it fails for.
 */
export async function faultsIn(dock: Dock, drafts: readonly Draft[]): Promise<ReadonlyMap<string, string>> {
  const sources = new Map(drafts.map(({source}) => [source.name, source]));
  const reasons = new Map<number, Set<string>>();
  for (const source of sources.values()) {
    const arrivals = drafts.flatMap(({draft, landed}, index): Arrival[] => {
      if (landed.source !== source.name) return [];
      const path = join(incomingFolder, basename(draft));
      return [{...landed, arrival: index, path, arrived_at: landed.landed_at}];
    });
    const paths = new Map(arrivals.map((arrival) => [contentKey(arrival), arrival.path]));
    for (const {table, arrivals: taken} of destinations(dock, [source], arrivals)) {
      if (taken.length === 0) continue;
      const intake = intakeOf(dock.models.get(table)!, source, dock.limits);
      const seen = await inspectFiles(dock.database, taken, {paths, refused: new Map()}, dock.landing, intake);
      const read = await readThrough(dock.database, seen.readable, intake);
      for (const {arrival, reason} of [...seen.rejected, ...read.rejected])
        reasons.set(arrival.arrival, (reasons.get(arrival.arrival) ?? new Set()).add(reason));
    }
  }
  return new Map([...reasons].map(([index, all]) => [drafts[index]!.draft, [...all].join("; ")]));
}

/** The first of several sources whose Bronze tables can be read from a file; undefined where none fits. */
export async function fitOf<T extends {readonly source: Source}>(
  dock: Dock,
  file: string,
  choices: readonly T[]
): Promise<T | undefined> {
  for (const choice of choices) {
    const arrival: Arrival = {
      ...{arrival: 1, source: choice.source.name, path: basename(file)},
      ...{sha256: "", bytes: bytesIn(file), arrived_at: ""}
    };
    const [table] = destinations(dock, [choice.source], [arrival]).filter(({arrivals}) => arrivals.length > 0);
    const intake = intakeOf(dock.models.get(table!.table)!, choice.source, dock.limits);
    const found = {paths: new Map([[contentKey(arrival), basename(file)]]), refused: new Map()};
    const seen = await inspectFiles(dock.database, [arrival], found, dirname(file), intake);
    if (seen.readable.length > 0) return choice;
  }
  return undefined;
}
