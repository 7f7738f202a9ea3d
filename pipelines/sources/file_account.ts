import {rowsOfFiles} from "../delta/stage.js";
import type {NewFile} from "../delta/stats.js";
import type {Connection} from "../engines/duckdb.js";
import type {Catalog} from "../models/catalog.js";
import type {Model} from "../models/model.js";
import {rowsOf} from "../models/relations.js";
import {type ProgramTable, writeRows} from "../models/rows.js";
import type {Arrival} from "./arrivals.js";
import type {ControlCharacters} from "./control_character.js";
import type {FileAccount} from "./formats/account.js";
import type {Readable} from "./inspect.js";

/** What became of the records of a text file that a Bronze table was read from. */
export interface ArrivalAccount {
  readonly arrival: Arrival;
  readonly table: string;
  readonly account: FileAccount;
  /** How many rows of the file are in the Bronze table. */
  readonly kept: number;
}

const ofArrival = {source: "VARCHAR", arrival: "BIGINT", file: "VARCHAR", sha256: "VARCHAR", table_name: "VARCHAR"};

/** `bronze.file_account`, as it is written. */
export const fileAccountTable: ProgramTable = {
  table: "bronze.file_account",
  description:
    "What became of the records of each file of text and each database, and of any other file with rejected records, for each Bronze table that was read from it: a record is a row, rejected, a header, blank, or a line above or below the table that its format knows. note says what may be missing from the file.",
  shape: {
    ...ofArrival,
    encoding: "VARCHAR",
    records_in: "BIGINT",
    kept: "BIGINT",
    rejected: "BIGINT",
    blank: "BIGINT",
    header: "BIGINT",
    preamble: "BIGINT",
    footer: "BIGINT",
    note: "VARCHAR",
    ingested_at: "TIMESTAMP WITH TIME ZONE"
  }
};

/** `bronze.record_reject`, as it is written. */
export const recordRejectTable: ProgramTable = {
  table: "bronze.record_reject",
  description:
    "Records of files that are no rows, while others of their file are: the line as an editor counts it, the number as a row, its text as far as it is kept, and why.",
  shape: {
    ...ofArrival,
    line_number: "BIGINT",
    row_number: "BIGINT",
    text: "VARCHAR",
    reason: "VARCHAR",
    ingested_at: "TIMESTAMP WITH TIME ZONE"
  }
};

/** The rows of a Bronze table that are staged. */
interface Staged {
  readonly columns: readonly {name: string; type: string}[];
  readonly files: readonly NewFile[];
}

/**
 * The accounts of the files that have one, or of which records were rejected since they were read. Each has the number of its
 * rows that were staged: they are counted here, not taken from what was found in the file, so that the account shows it if a
 * row is lost on the way.
 */
export async function accountsOf(
  connection: Connection,
  {name, partition}: Model,
  {columns, files}: Staged,
  readable: readonly Readable[],
  odd: ReadonlyMap<number, ControlCharacters>
): Promise<ArrivalAccount[]> {
  const counted = readable.filter(({arrival, columns: {account}}) => account !== undefined || odd.has(arrival.arrival));
  if (counted.length === 0) return [];
  const staged = files.length === 0 ? undefined : rowsOfFiles(columns, partition, files);
  const counts = staged === undefined ? new Map<number, number>() : await countRows(connection, staged, columns);
  return counted.map(({arrival, columns: {account}}) => {
    const kept = counts.get(arrival.arrival) ?? 0;
    return {arrival, table: name, account: without(account, odd.get(arrival.arrival), kept), kept};
  });
}

/** An account in which records with control characters are rejected; of a file that has none, an account of its rows. */
function without(account: FileAccount | undefined, odd: ControlCharacters | undefined, kept: number): FileAccount {
  const {records, rejects} = odd ?? {records: 0, rejects: []};
  const all = kept + records;
  const of = account ?? {...noRecords, records: all, rows: all};
  return {
    ...of,
    rows: of.rows - records,
    rejected: of.rejected + records,
    rejects: [...of.rejects, ...rejects]
  };
}

const noRecords: FileAccount = {
  encoding: "utf-8",
  records: 0,
  rows: 0,
  rejected: 0,
  blank: 0,
  header: 0,
  preamble: 0,
  footer: 0,
  rejects: []
};

/** By arrival, the rows of its file: where one holds several values, file_row numbers them; where several were joined, parts counts them. */
async function countRows(
  connection: Connection,
  staged: string,
  columns: readonly {name: string}[]
): Promise<Map<number, number>> {
  const has = (name: string) => columns.some((column) => column.name === name);
  const isOwn = has("file_row") ? `bool_and(file_row = row_number${has("parts") ? " AND parts IS NULL" : ""})` : "true";
  const rows = await connection.rows<{arrival: bigint; kept: bigint; is_own: boolean}>(
    `SELECT arrival, count(*) AS kept, ${isOwn} AS is_own FROM (${staged}) GROUP BY arrival`
  );
  const counts = new Map(rows.map(({arrival, kept}) => [Number(arrival), Number(kept)]));
  const others = rows.filter((row) => !row.is_own).map(({arrival}) => arrival);
  if (others.length === 0) return counts;
  const parts = has("parts") ? "coalesce(max(parts), 1)" : "1";
  const distinct = await connection.rows<{arrival: bigint; kept: bigint}>(
    `SELECT arrival, CAST(sum(parts) AS BIGINT) AS kept
     FROM (SELECT arrival, file_row, ${parts} AS parts FROM (${staged}) WHERE arrival IN (${others.join(", ")}) GROUP BY arrival, file_row)
     GROUP BY arrival`
  );
  for (const {arrival, kept} of distinct) counts.set(Number(arrival), Number(kept));
  return counts;
}

/** Writes the accounts, but for those that a run before this one wrote before it broke off. */
export async function recordAccounts(
  catalog: Catalog,
  accounts: readonly ArrivalAccount[],
  run: number
): Promise<void> {
  const rejects = accounts.flatMap(({account, ...of}) => account.rejects.map((reject) => ({...of, reject})));
  await writeMissing(catalog, recordRejectTable, run, rejects, ({reject: {line, row, text, reason}}) => ({
    line_number: line,
    row_number: row,
    text,
    reason
  }));
  await writeMissing(catalog, fileAccountTable, run, accounts, ({account, kept}) => ({
    encoding: account.encoding,
    records_in: account.records,
    kept,
    rejected: account.rejected,
    blank: account.blank,
    header: account.header,
    preamble: account.preamble,
    footer: account.footer,
    note: account.note ?? null
  }));
}

async function writeMissing<T extends Pick<ArrivalAccount, "arrival" | "table">>(
  catalog: Catalog,
  {table, description, shape}: ProgramTable,
  run: number,
  items: readonly T[],
  valuesOf: (item: T) => Record<string, unknown>
): Promise<void> {
  for (;;) {
    const written = items.length === 0 ? new Set<string>() : await writtenKeys(catalog, table, items);
    const rows = items
      .filter((item) => !written.has(keyOf(item.arrival.arrival, item.table)))
      .map((item) => ({
        source: item.arrival.source,
        arrival: item.arrival.arrival,
        file: item.arrival.path,
        sha256: item.arrival.sha256,
        table_name: item.table,
        ...valuesOf(item),
        ingested_at: item.arrival.arrived_at
      }));
    if (await writeRows(catalog, table, description, shape, rows, {run})) return;
  }
}

async function writtenKeys(
  catalog: Catalog,
  table: string,
  items: readonly Pick<ArrivalAccount, "arrival">[]
): Promise<Set<string>> {
  if (!(await catalog.snapshot(table))) return new Set();
  const first = items.reduce((least, {arrival}) => Math.min(least, arrival.arrival), Number.POSITIVE_INFINITY);
  const rows = await catalog.database.rows<{arrival: bigint; table_name: string}>(
    `SELECT DISTINCT arrival, table_name FROM (${await rowsOf(catalog, table)}) WHERE arrival >= ${first}`
  );
  return new Set(rows.map((row) => keyOf(Number(row.arrival), row.table_name)));
}

function keyOf(arrival: number, table: string): string {
  return `${arrival} ${table}`;
}
