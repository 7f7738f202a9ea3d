import type {Catalog} from "./catalog.js";
import {rowsOf} from "./relations.js";

/** What became of everything that a source sent: counts of values, and energy in micro-kWh, exactly. */
export interface Reconciliation {
  readonly source: string;
  readonly unit: string;
  readonly micro_kwh_per_unit: bigint;
  readonly values_in: bigint;
  readonly placed_values: bigint;
  readonly readings: bigint;
  readonly split_values: bigint;
  readonly nonexistent: bigint;
  readonly missing: bigint;
  readonly rejected: bigint;
  readonly superseded: bigint;
  readonly energy_in: bigint;
  readonly energy_placed: bigint;
  readonly energy_rejected: bigint;
  readonly energy_superseded: bigint;
}

const counts = [
  "values_in",
  "placed_values",
  "readings",
  "split_values",
  "nonexistent",
  "missing",
  "rejected",
  "superseded"
];
const energies = ["energy_in", "energy_placed", "energy_rejected", "energy_superseded"];

/** The whole of `quality.reconciliation`, one row a source; none before it is built. */
export async function readReconciliation(catalog: Catalog): Promise<Reconciliation[]> {
  if (!(await catalog.snapshot("quality.reconciliation")) || !(await catalog.snapshot("bronze.source"))) return [];
  const sums = [
    ...counts.map((name) => `CAST(sum(${name}) AS HUGEINT) AS ${name}`),
    ...energies.map((name) => `CAST(sum(${name}_kwh) * 1000000 AS HUGEINT) AS ${name}`)
  ];
  return catalog.database.rows<Reconciliation>(
    `SELECT source, CASE WHEN micro_kwh_per_unit IS NULL THEN 'kWh' ELSE unit END AS unit,
       CAST(coalesce(micro_kwh_per_unit, 1000000) AS HUGEINT) AS micro_kwh_per_unit, ${sums.join(", ")}
     FROM (${await rowsOf(catalog, "quality.reconciliation")}) JOIN (${await rowsOf(catalog, "bronze.source")}) USING (source)
     GROUP BY ALL ORDER BY source`
  );
}

/** Whether everything that came in has one fate. */
export function balances(line: Reconciliation): boolean {
  return (
    line.values_in === line.placed_values + line.nonexistent + line.missing + line.rejected + line.superseded &&
    line.energy_in === line.energy_placed + line.energy_rejected + line.energy_superseded
  );
}
