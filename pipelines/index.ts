import type {Table} from "apache-arrow";
import {toArrow} from "./exports/arrow.js";
import {plainRows, type Row} from "./exports/values.js";
import {type AsOf, openLakehouse} from "./lakehouse.js";
import {arrowWithin, rowsWithin} from "./limits/answers.js";
import {isLimited, type Limits, refuseUnfitLimits} from "./limits/limits.js";
import {openReaders} from "./limits/readers.js";
import {visible} from "./observe/terminal.js";
import {listTables, type TableListing} from "./table_list.js";

export type {Row} from "./exports/values.js";
export type {AsOf} from "./lakehouse.js";
export {type PlotOptions, plot} from "./plot.js";
export type {TableListing} from "./table_list.js";

/** A lake open for reading, for notebooks and scripts. */
export interface Lake {
  /** The run whose tables these are; undefined for each table's newest version. */
  readonly run: number | undefined;
  /**
   * The rows of a SELECT over the lake's tables by their dotted names, as plain objects: integers and DECIMAL as
   * number (exact up to 2^53, `arrow` is beyond), instants as Date, local dates as `2022-03-27`, lists as arrays.
   */
  query(sql: string): Promise<Row[]>;
  /** The same as an Arrow table with exact types: Decimal, Timestamp in UTC, Date. */
  arrow(sql: string): Promise<Table>;
  /** The tables there are: rows, files, bytes, newest date. */
  tables(): Promise<TableListing[]>;
  close(): Promise<void>;
}

/** Which of a lake to read, and what beside it. */
export interface LakeOptions extends Limits {
  /** A run's number, an ISO instant, or `latest`; as the last complete run left it by default. */
  readonly asOf?: AsOf;
  /** The client whose rows, and what is nobody's, are read alone. */
  readonly client?: string;
  /** Whether SELECTs may read files, as somebody does on their own machine; not with `client`. */
  readonly files?: boolean;
}

/**
 * Opens a lake. Its SELECTs use the lake's tables, and functions that make values of values: none that reads files,
 * runs other SQL or shows what the engine knows of itself. With a limit of time or memory, each SELECT runs in a process
 * of its own, which ends where the SELECT goes over a limit.
 *
 * @param folder the lake's folder; that in the environment's WATTLAKE_LAKE, or `lake`, by default
 * @throws Error when there is no lake there, no such run, or no such client; of `query` and `arrow`, when a SELECT goes over a limit
 */
export async function openLake(
  folder: string = process.env.WATTLAKE_LAKE ?? "lake",
  {asOf, client, files, ...limits}: LakeOptions = {}
): Promise<Lake> {
  refuseUnfitLimits(limits);
  const options = {...(client !== undefined && {client}), ...(files !== undefined && {files})};
  const lakehouse = await openLakehouse(folder, asOf, options);
  // Whenever a process opens the lake, it reads the same run.
  const opening = {folder, asOf: lakehouse.run ?? asOf, options};
  const readers = isLimited(limits) ? openReaders(opening, limits) : undefined;
  for (const notice of lakehouse.notices) console.error(visible(notice));
  return {
    run: lakehouse.run,
    query: (sql) => (readers ? rowsWithin(readers, sql) : lakehouse.read(sql, plainRows)),
    arrow: (sql) => (readers ? arrowWithin(readers, sql) : lakehouse.read(sql, toArrow)),
    tables: () => listTables(lakehouse),
    close: () => {
      readers?.close();
      return lakehouse.close();
    }
  };
}
