import type {Catalog} from "../models/catalog.js";
import type {Arrival} from "./arrivals.js";
import type {Reader} from "./formats/reader.js";
import {readerFor} from "./formats/readers.js";
import {suits} from "./inspect.js";
import {bronzeTables, isMetered, type Source} from "./source.js";

/**
 * By Bronze table, the arrivals that it is to take in: those of its sources' files that its reader is for by their
 * names. A file that no reader of its source is for goes to the source's first table, which says so.
 *
 * @throws Error when a source names a table that no model makes.
 */
export function destinations(
  catalog: Pick<Catalog, "models">,
  sources: readonly Source[],
  arrivals: readonly Arrival[]
): {table: string; arrivals: Arrival[]}[] {
  const taking = new Map<string, Arrival[]>();
  for (const name of catalog.models.keys()) if (name.startsWith("bronze.")) taking.set(name, []);
  const known = new Map<string, Destination[]>();
  for (const arrival of arrivals) {
    const source = sources.find(({name}) => name === arrival.source);
    const tables = known.get(arrival.source) ?? (source ? destinationsOf(catalog, source) : []);
    known.set(arrival.source, tables);
    const suitable = tables.filter(({reader}) => suits(reader, arrival.path));
    for (const {table} of suitable.length > 0 ? suitable : tables.slice(0, 1)) taking.get(table)!.push(arrival);
  }
  return [...taking].map(([table, taken]) => ({table, arrivals: taken}));
}

interface Destination {
  readonly table: string;
  readonly reader: Reader;
}

function destinationsOf({models}: Pick<Catalog, "models">, source: Source): Destination[] {
  return bronzeTables(source).map((table) => {
    const model = models.get(table);
    if (!model)
      throw new Error(
        `source ${source.name}: format not found: ${table}; it has no file sql/${table.replace(".", "/")}.sql`
      );
    return {table, reader: readerFor(model, source)};
  });
}

/**
 * Refuses a source of meters whose Bronze table no model reads: its values would come in and go nowhere.
 *
 * @throws Error that names the source, the table and the way out
 */
export function refuseUnread({models, inputs}: Pick<Catalog, "models" | "inputs">, sources: readonly Source[]): void {
  const isRead = new Set([...inputs].flatMap(([name, read]) => (name.startsWith("bronze.") ? [] : read)));
  for (const source of sources.filter(isMetered)) {
    const unread = bronzeTables(source).find((table) => models.has(table) && !isRead.has(table));
    if (unread !== undefined)
      throw new Error(
        `source ${source.name}: no model reads ${unread}, so its values would not reach silver.reading; ` +
          "add a SELECT under sql/silver/meter_interval or sql/silver/meter_day that reads it"
      );
  }
}
