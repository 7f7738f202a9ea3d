import {literal} from "../engines/duckdb.js";
import type {Catalog} from "../models/catalog.js";
import {rowsOf} from "../models/relations.js";
import type {CustomerMeter, ErasureOrder} from "../sources/erasure_request.js";
import {recordRejectTable} from "../sources/file_account.js";
import {type Customer, clientOf, isOfCustomer, mentionsField, spellings} from "./customer.js";
import {type Identities, idColumns} from "./identity.js";

/** The customer's rows in a file, as a Bronze table has them. */
export interface FoundRows {
  readonly table: string;
  readonly source: string;
  readonly arrival: number;
  readonly sha256: string;
  /** As they are numbered in the file. */
  readonly rows: readonly number[];
  /** How many rows of the table they are: a row of the file may hold several values. */
  readonly row_count: number;
}

/** A customer as the tables know him. */
export interface Known {
  readonly customer: Customer;
  /** Every meter of which rows go. */
  readonly touchedMeters: readonly string[];
  /** Every location of which rows go. */
  readonly touchedLocations: readonly string[];
  /** Of his location, and of those meters of which no row is another location's. */
  readonly ids: readonly string[];
  /** Those of the ids that another client has, too. */
  readonly sharedIds: readonly string[];
  /** Ids that were asked for, and that no row has. */
  readonly unknown: readonly string[];
}

/** The Bronze tables there are, with their columns. */
export async function bronzeTables(catalog: Catalog): Promise<{table: string; columns: string[]}[]> {
  const tables: {table: string; columns: string[]}[] = [];
  for (const table of catalog.models.keys()) {
    const snapshot = table.startsWith("bronze.") ? await catalog.snapshot(table) : undefined;
    if (snapshot) tables.push({table, columns: snapshot.columns.map(({name}) => name)});
  }
  return tables;
}

/** Finds out which meters are the customer's, and whether another client has the same ids. */
export async function identifyCustomer(catalog: Catalog, order: ErasureOrder, identities: Identities): Promise<Known> {
  const {client, location} = order;
  const meters: CustomerMeter[] = order.meters.map((meter_id) => ({meter_id, fuel: null, anywhere: true}));
  if (location !== undefined && (await catalog.snapshot("silver.meter").catch(() => undefined))) {
    const at = await catalog.database.rows<{meter_id: string; fuel: string}>(
      `SELECT trim(meter_id) AS meter_id, fuel FROM (${await rowsOf(catalog, "silver.meter")})
       WHERE trim(client_id) = ${literal(client)} AND trim(location_id) = ${literal(location)} ORDER BY ALL`
    );
    meters.push(...at.map((meter) => ({...meter, anywhere: false})));
  }
  const customer: Customer = {client, location, meters};
  const asked = [...(location === undefined ? [] : [location]), ...order.meters];
  const [found, left, others] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const tables = await bronzeTables(catalog);
  const touchedMeters = await idsOf(catalog, customer, identities, tables, identities.meters);
  const touchedLocations = await idsOf(catalog, customer, identities, tables, identities.locations);
  const wanted = new Set([...asked, ...touchedMeters]);
  for (const {table, columns} of tables) {
    const rows = await rowsOf(catalog, table);
    const whose = clientOf(columns, identities) ?? "NULL";
    for (const column of idColumns(columns, identities)) {
      const isMeter = identities.meters.includes(column);
      const his = isOfCustomer(customer, columns, identities);
      const told = await catalog.database.rows<{id: string; whose: string; row_count: bigint; his_count: bigint}>(
        `SELECT trim(${column}) AS id, ${whose} AS whose, count(*) AS row_count, count(*) FILTER (WHERE ${his}) AS his_count
         FROM (${rows}) WHERE trim(${column}) IN (${[...wanted].map(literal).join(", ")}) GROUP BY ALL`
      );
      for (const row of told) {
        if (row.whose !== null && row.whose !== client) others.add(row.id);
        else if (row.whose === client) {
          // A location's id in the column of meters is another thing's.
          if (isMeter ? order.meters.includes(row.id) : row.id === location) found.add(row.id);
          if (row.his_count < row.row_count) left.add(row.id);
          if (isMeter && row.his_count > 0n) found.add(row.id);
        }
      }
    }
  }
  const ids = [...wanted].filter((id) => found.has(id) && !left.has(id));
  return {
    customer,
    touchedMeters,
    touchedLocations,
    ids,
    sharedIds: ids.filter((id) => others.has(id)),
    unknown: asked.filter((id) => !found.has(id))
  };
}

/** The ids that the customer's rows have in some columns. */
async function idsOf(
  catalog: Catalog,
  customer: Customer,
  identities: Identities,
  tables: readonly {table: string; columns: readonly string[]}[],
  names: readonly string[]
): Promise<string[]> {
  const selects: string[] = [];
  for (const {table, columns} of tables) {
    const own = isOfCustomer(customer, columns, identities);
    for (const column of columns.filter((name) => names.includes(name)))
      selects.push(`SELECT trim(${column}) AS id FROM (${await rowsOf(catalog, table)}) WHERE ${own}`);
  }
  if (selects.length === 0) return [];
  const rows = await catalog.database.rows<{id: string | null}>(`${selects.join(" UNION ")} ORDER BY ALL`);
  return rows.flatMap(({id}) => (id ? [id] : []));
}

/** The customer's rows in the Bronze tables, and the records of their files that were rejected and name him. */
export async function findRows(catalog: Catalog, known: Known, identities: Identities): Promise<FoundRows[]> {
  const found: FoundRows[] = [];
  const own = known.ids.filter((id) => !known.sharedIds.includes(id)).flatMap(spellings);
  for (const {table, columns} of await bronzeTables(catalog)) {
    if (idColumns(columns, identities).length === 0) continue;
    const number = columns.includes("file_row") ? "file_row" : "row_number";
    const rows = await catalog.database.rows<
      Omit<FoundRows, "table" | "arrival" | "row_count"> & {arrival: bigint; row_count: bigint}
    >(
      `SELECT source, arrival, sha256, list_sort(list(DISTINCT CAST(${number} AS DOUBLE))) AS rows, count(*) AS row_count
       FROM (${await rowsOf(catalog, table)}) WHERE ${isOfCustomer(known.customer, columns, identities, own)}
       GROUP BY ALL ORDER BY arrival`
    );
    found.push(...rows.map((row) => ({...row, table, arrival: Number(row.arrival), row_count: Number(row.row_count)})));
  }
  for (const rejects of await findRejects(catalog, known.customer.client, own, identities)) {
    const same = found.findIndex(({table, arrival}) => table === rejects.table && arrival === rejects.arrival);
    if (same < 0) found.push(rejects);
    else found[same] = {...found[same]!, rows: [...found[same]!.rows, ...rejects.rows].sort((a, b) => a - b)};
  }
  return found;
}

/** Rejected records of text files that have one of the ids in them; they are numbered in their file as rows are. */
async function findRejects(
  catalog: Catalog,
  client: string,
  ids: readonly string[],
  identities: Identities
): Promise<FoundRows[]> {
  if (ids.length === 0 || !(await catalog.snapshot(recordRejectTable.table))) return [];
  const whose = clientOf(["source"], identities)!;
  const rows = await catalog.database.rows<Omit<FoundRows, "arrival" | "row_count"> & {arrival: bigint}>(
    `SELECT table_name AS "table", source, arrival, sha256, list_sort(list(CAST(row_number AS DOUBLE))) AS rows
     FROM (${await rowsOf(catalog, recordRejectTable.table)})
     WHERE row_number IS NOT NULL AND coalesce(${whose}, ${literal(client)}) = ${literal(client)} AND ${mentionsField("text", ids)}
     GROUP BY ALL ORDER BY arrival`
  );
  return rows.map((row) => ({...row, arrival: Number(row.arrival), row_count: 0}));
}
