import {DateTime} from "luxon";
import {type Agreement, type Snapshot, type Supply, zone} from "./supply.js";

/** The tables that a supply must give, a row an object with its columns in order; kWh as text, with six decimals. */
export interface Answers {
  readonly active_agreements: readonly object[];
  readonly total_consumption_half_hour: readonly object[];
  readonly consumption_per_product_per_day: readonly object[];
  readonly aggregate_per_half_hour: readonly object[];
  readonly avg_half_hour_by_product: readonly object[];
}

/** Energy in whole micro-kWh, and the meter points that it is of. */
interface Sum {
  micro: bigint;
  readonly meterpoints: Set<string>;
}

/**
 * What the five Gold tables must hold, worked out the plain way: a loop over all readings, a loop over all agreements
 * for each of them. It shares nothing with the pipeline.
 */
export function answersOf(supply: Supply, asOf = "2021-01-01"): Answers {
  const newest = supply.snapshots.at(-1)!;
  const halfHours = new Map<string, Sum>();
  const productDays = new Map<string, Sum>();
  const productHalfHours = new Map<string, Sum>();
  const localDates = new Map<string, string>();
  for (const [meterpoint, values] of countedReadings(supply)) {
    for (const [start, micro] of values) {
      const date = localDates.get(start) ?? localDateOf(start);
      localDates.set(start, date);
      add(halfHours, [start], meterpoint, micro);
      const product = productOf(newest, meterpoint, date);
      if (product === undefined) continue;
      add(productDays, [date, product], meterpoint, micro);
      add(productHalfHours, [start, product], meterpoint, micro);
    }
  }
  const totals = inOrder(halfHours).map(([[start], {micro, meterpoints}]) => ({
    interval_start: `${start!.replace(" ", "T")}Z`,
    total_kwh: kwh(micro),
    meterpoint_count: meterpoints.size
  }));
  return {
    active_agreements: activeAgreements(newest, asOf),
    total_consumption_half_hour: totals,
    consumption_per_product_per_day: inOrder(productDays).map(([[date, product], {micro, meterpoints}]) => ({
      local_date: date,
      product,
      total_kwh: kwh(micro),
      meterpoint_count: meterpoints.size
    })),
    aggregate_per_half_hour: totals,
    avg_half_hour_by_product: inOrder(productHalfHours).map(([[start, product], {micro, meterpoints}]) => ({
      interval_start: `${start!.replace(" ", "T")}Z`,
      product,
      avg_kwh: kwh((2n * micro + BigInt(meterpoints.size)) / (2n * BigInt(meterpoints.size))),
      meterpoint_count: meterpoints.size
    }))
  };
}

/** By meter point and start of the half hour, the reading that counts, in micro-kWh. */
function countedReadings(supply: Supply): Map<string, Map<string, bigint>> {
  const counted = new Map<string, Map<string, bigint>>();
  // Files arrive in the order of their paths, and the last to tell of a half hour is right.
  const files = [...supply.files()].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const {rows} of files) {
    const told = new Map<string, number | null>();
    const contradicted = new Set<string>();
    for (const [start, value, meterpoint] of rows) {
      const key = `${meterpoint} ${start}`;
      if (told.has(key) && told.get(key) !== value) contradicted.add(key);
      told.set(key, value);
    }
    for (const [start, value, meterpoint] of rows) {
      if (contradicted.has(`${meterpoint} ${start}`)) continue;
      const values = counted.get(meterpoint) ?? new Map<string, bigint>();
      counted.set(meterpoint, values);
      if (value === null) values.delete(start);
      else values.set(start, BigInt(Math.round(value * 1_000_000)));
    }
  }
  return counted;
}

/** The agreement that applies to a meter point on a day: of several, the one that starts last. */
function agreementOf(snapshot: Snapshot, meterpoint: string, date: string): Agreement | undefined {
  let found: Agreement | undefined;
  for (const agreement of snapshot.agreements) {
    const {agreement_valid_from: from, agreement_valid_to: to} = agreement;
    if (agreement.meterpoint_id !== meterpoint || date < from || (to !== null && date >= to)) continue;
    if (!found || from >= found.agreement_valid_from) found = agreement;
  }
  return found;
}

function productOf(snapshot: Snapshot, meterpoint: string, date: string): string | undefined {
  const agreement = agreementOf(snapshot, meterpoint, date);
  for (const {product_id, display_name} of snapshot.products) {
    if (product_id === agreement?.product_id) return display_name;
  }
  return undefined;
}

function activeAgreements(snapshot: Snapshot, asOf: string): object[] {
  const active: {readonly meterpoint_id: string}[] = [];
  for (const agreement of snapshot.agreements) {
    if (agreementOf(snapshot, agreement.meterpoint_id, asOf) !== agreement) continue;
    const product = snapshot.products.find(({product_id}) => product_id === agreement.product_id);
    const meterpoint = snapshot.meterpoints.find(({meterpoint_id}) => meterpoint_id === agreement.meterpoint_id);
    active.push({
      ...{agreement_id: agreement.agreement_id, meterpoint_id: agreement.meterpoint_id},
      ...{account_id: agreement.account_id, region: meterpoint?.region ?? null},
      ...{product: product?.display_name ?? null, is_variable: product ? product.is_variable === 1 : null},
      ...{valid_from: agreement.agreement_valid_from, valid_to: agreement.agreement_valid_to}
    });
  }
  return active.sort((a, b) => (a.meterpoint_id < b.meterpoint_id ? -1 : 1));
}

function add(sums: Map<string, Sum>, key: readonly string[], meterpoint: string, micro: bigint): void {
  const text = JSON.stringify(key);
  const sum = sums.get(text) ?? {micro: 0n, meterpoints: new Set<string>()};
  sums.set(text, sum);
  sum.micro += micro;
  sum.meterpoints.add(meterpoint);
}

function inOrder(sums: ReadonlyMap<string, Sum>): [string[], Sum][] {
  return [...sums.keys()].sort().map((key) => [JSON.parse(key), sums.get(key)!]);
}

function localDateOf(start: string): string {
  return DateTime.fromSQL(start, {zone: "utc"}).setZone(zone).toISODate()!;
}

function kwh(micro: bigint): string {
  const digits = micro.toString().padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
