import type {Slice} from "../delta/slice.js";
import type {Lakehouse} from "../lakehouse.js";
import {isView} from "../models/catalog.js";
import {accountsOf, type Beside, verdictsBeside} from "./beside.js";
import {nearest} from "./nearest.js";
import {type OddHour, oddHoursOf} from "./odd_hour.js";
import {understand} from "./question.js";
import {type Held, keepRows, type Rows, readHeld, relationOf, slicesOf} from "./rows.js";
import {type Traced, trace} from "./trace.js";
import {type Writer, writersOf} from "./writer.js";

/** Where rows of a table came from. */
export interface Explanation {
  readonly table: string;
  /** The values that they were asked for by. */
  readonly asked: Readonly<Record<string, string>>;
  /** The run as of which the lake was read; null for each table's newest version. */
  readonly run: number | null;
  /** The rows themselves first, then what they are made from, nearest first, up to the rows of files. */
  readonly tables: readonly ExplainedTable[];
  readonly oddHours: readonly OddHour[];
  /** What else came for the same key and found no place. */
  readonly beside: readonly Beside[];
  /** What quality tells of the same day. */
  readonly accounts: readonly Beside[];
}

/** Rows of one table on the way, and what wrote them. */
export interface ExplainedTable extends Rows, Pick<Traced, "table" | "depth" | "into" | "remade" | "notFollowed"> {
  readonly kind: "table" | "view";
  /** Of the table as it was read; null for a view. */
  readonly version: number | null;
  /** Of the model as its text is now; null for what no model makes. */
  readonly fingerprint: string | null;
  /** Newest first; none for a view, which is computed when it is read. */
  readonly writers: readonly Writer[];
}

/**
 * Explains rows of a table: what they are made from, down to the rows of the files that came; what wrote them; what
 * was superseded or rejected beside them.
 *
 * @param words values of the table's key, in its order, some left out, or `column=value`
 * @param limit how many rows of each table to read; all by default
 * @throws Error when no row has these values, with what there is instead; with `usage` as its cause when the words
 * can't be understood
 */
export async function explain(
  lake: Lakehouse,
  table: string,
  words: readonly string[],
  {limit}: {readonly limit?: number} = {}
): Promise<Explanation> {
  const {asked} = await understand(lake, table, words);
  const held = await keepRows(lake, table, await relationOf(lake, table, asked));
  if (held.count === 0) throw new Error(await nearest(lake, table, asked));
  const traced = await trace(lake, held);
  const known = await knownOf(lake, held, traced);
  const tables: ExplainedTable[] = [];
  for (const found of traced) {
    const {table: name, depth, into, remade, notFollowed} = found;
    const model = lake.catalog.models.get(name);
    tables.push({
      table: name,
      depth,
      into,
      kind: isView(lake.catalog, name) ? "view" : "table",
      version: (await lake.catalog.snapshot(name))?.version ?? null,
      fingerprint: model ? (lake.project.fingerprints.get(name) ?? null) : null,
      writers: await writersOf(lake, found),
      ...(remade && {remade}),
      ...(notFollowed !== undefined && {notFollowed}),
      ...(await readHeld(lake, found, model?.key ?? [], limit))
    });
  }
  return {
    table,
    asked: Object.fromEntries(asked.map(({column, values}) => [column, values[0]!])),
    run: lake.run ?? null,
    tables,
    oddHours: await oddHoursOf(lake, traced),
    beside: await verdictsBeside(lake, table, known, limit),
    accounts: await accountsOf(lake, table, known, limit)
  };
}

/** The values that identify the rows asked for, of the columns of their key, and the source they came from. */
async function knownOf(lake: Lakehouse, held: Held, traced: readonly Traced[]): Promise<Slice[]> {
  const {key = [], increment} = lake.catalog.models.get(held.table) ?? {};
  const names = key.length > 0 ? key : held.columns.map(({name}) => name);
  const known = await slicesOf(lake, held, [...names, ...(increment ? [increment] : [])]);
  if (known.some(({column}) => column === "source")) return known;
  for (const found of traced) {
    const [source] = await slicesOf(lake, found, ["source"]);
    if (source) return [...known, source];
  }
  return known;
}
