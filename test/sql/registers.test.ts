import {afterAll, beforeAll, expect, it} from "vitest";
import {dice} from "../../scripts/generate/dice.js";
import {arrive, build, type IntervalRow, openTables, upToAccount} from "./tables.js";

const duckdb = await openTables();
afterAll(() => duckdb.close());

/** A register of four digits as it was read: at an hour of 2022, in tenths of a kWh. */
interface Read {
  readonly hour: number;
  readonly tenths: number;
  readonly arrival: number;
}

const range = 100_000;
const meters = 150;
let throws = 0;
const random = () => dice(6, throws++) / 2 ** 32;
const whole = (most: number) => Math.floor(random() * most);

/** What a register shows over some days: on and on, past its last digit, set back, told again alike or not. */
function readsOf(): Read[] {
  const reads: Read[] = [];
  // One in three is about to begin anew.
  let tenths = random() < 0.3 ? range - 1 - whole(400) : whole(range);
  for (let hour = whole(48); reads.length < 30; hour += random() < 0.7 ? 1 : 1 + whole(60)) {
    tenths = random() < 0.05 ? whole(range) : (tenths + whole(random() < 0.1 ? range / 3 : 50)) % range;
    reads.push({hour, tenths, arrival: 1 + whole(3)});
    if (random() < 0.1) reads.push({hour, tenths, arrival: 1 + whole(3)});
    if (random() < 0.1) reads.push({hour, tenths: whole(range), arrival: 1 + whole(3)});
  }
  return reads;
}

/** The energy between readings, by hand: [hour, hours, tenths of a kWh]. */
function energiesOf(reads: readonly Read[]): number[][] {
  const counting = [...new Set(reads.map(({hour}) => hour))]
    .sort((a, b) => a - b)
    .flatMap((hour) => {
      const told = [1, 2, 3].map(
        (arrival) =>
          new Set(reads.filter((read) => read.hour === hour && read.arrival === arrival).map(({tenths}) => tenths))
      );
      const newest = told.findLast(({size}) => size === 1);
      return newest ? [{hour, tenths: [...newest][0]!}] : [];
    });
  const steady = withoutTakenBack(counting);
  return steady.slice(1).flatMap(({hour, tenths}, index) => {
    const before = steady[index]!;
    const hours = hour - before.hour;
    const on = tenths - before.tenths;
    if (on >= 0) return [[before.hour, hours, on]];
    // A register of four digits lasts for 1500 hours of the most that its meter carries.
    const isRollover = -on > range / 2 && (on + range) * 1500 <= range * hours;
    return isRollover ? [[before.hour, hours, on + range]] : [];
  });
}

/** What is left without readings that those around them take back: dips, and leaps. */
function withoutTakenBack<Shown extends {readonly tenths: number}>(shown: readonly Shown[]): Shown[] {
  const tenths = shown.map((one) => one.tenths);
  const taken = new Set<number>();
  for (let at = 1; at < shown.length; at++) {
    const before = tenths[at - 1]!;
    const now = tenths[at]!;
    if (now >= before) continue;
    const back = tenths.findIndex((value, place) => place > at && value >= before);
    const dip = tenths.slice(at, back);
    if (back > 0 && 10 * (Math.max(...dip) - Math.min(...dip)) <= before - Math.min(...dip)) {
      for (let place = at; place < back; place++) taken.add(place);
      continue;
    }
    const twoBefore = tenths[at - 2];
    if (twoBefore === undefined || now < twoBefore || now === 0 || before - now > range / 2) continue;
    if (before - now > 10 * (now - twoBefore)) taken.add(at - 1);
  }
  return shown.filter((_, place) => !taken.has(place));
}

const reads = Array.from({length: meters}, readsOf);
const epoch = Date.UTC(2022, 2, 20) / 3_600_000;
const at = (hour: number) => new Date((epoch + hour) * 3_600_000).toISOString().slice(0, 16);

beforeAll(async () => {
  const intervals = reads.flatMap((some, meter) =>
    some.map(
      ({hour, tenths, arrival}): IntervalRow => ({
        source: "s",
        meter: `m${meter}`,
        label: null,
        value: String(tenths / 10),
        arrival,
        also: {interval_start: `${at(hour)}Z`, kind: "register", register_digits: "4", unit: "kWh"}
      })
    )
  );
  await arrive(duckdb, {sources: [{source: "s", policy: "label_in_order"}], intervals});
  await build(duckdb, upToAccount);
});

it("the energy of registers is that of a computation by hand, whatever came twice, late, past the last digit, set back or taken back", async () => {
  const rows = await duckdb.rows<{meter_id: string; start: string; minutes: number; tenths: number}>(
    `SELECT meter_id, strftime(interval_start, '%Y-%m-%dT%H:%M') AS start, interval_minutes AS minutes, CAST(energy_kwh * 10 AS INTEGER) AS tenths
     FROM silver.reading ORDER BY meter_id, interval_start`
  );
  const expected = reads.flatMap((some, meter) =>
    energiesOf(some).map(([hour, hours, tenths]) => ({
      meter_id: `m${meter}`,
      start: at(hour!),
      minutes: hours! * 60,
      tenths: tenths!
    }))
  );
  const order = (a: {meter_id: string; start: string}, b: {meter_id: string; start: string}) =>
    a.meter_id < b.meter_id || (a.meter_id === b.meter_id && a.start < b.start) ? -1 : 1;
  expect(rows).toEqual(expected.sort(order));
  expect(expected.length).toBeGreaterThan(meters * 15);
});

it("every reading has one fate, and their energy adds up", async () => {
  const [account] = await duckdb.rows(
    `SELECT CAST(sum(values_in) AS INTEGER) AS told, sum(values_in) = sum(placed_values + nonexistent + missing + rejected + superseded) AS has_fates,
       sum(energy_in_kwh) = sum(energy_placed_kwh + energy_rejected_kwh + energy_superseded_kwh) AS adds_up
     FROM quality.reconciliation`
  );
  expect(account).toEqual({told: reads.flat().length, has_fates: true, adds_up: true});
  const fates = await duckdb.rows(
    "SELECT DISTINCT fate || coalesce(' ' || step, '') AS fate FROM silver.register_reading ORDER BY fate"
  );
  expect(fates.map(({fate}) => fate)).toEqual([
    "missing exchange",
    "missing reset",
    "nonexistent first",
    "placed forward",
    "placed rollover",
    "rejected",
    "rejected taken back",
    "superseded"
  ]);
});
