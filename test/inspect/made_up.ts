import {writeFile} from "node:fs/promises";
import {IANAZone} from "luxon";
import type {PolicyName} from "../../pipelines/calendar/policy.js";
import {plusDays} from "../../pipelines/delta/slice.js";
import {type Connection, literal} from "../../pipelines/engines/duckdb.js";
import {elapsedSlots, nominalLabels, type Piece, type Quarter, quartersOf, wallPieces} from "../calendar/oracle.js";

/** A made-up file of two homes: the weeks around both days of change in 2022, or those given. */
export interface MadeUp {
  readonly policy: PolicyName;
  readonly zone: string;
  readonly resMin: number;
  readonly days: readonly string[];
  readonly isEnd?: boolean;
}

/** Days from one to another, inclusive. */
export function span(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = plusDays(day, 1)) days.push(day);
  return days;
}

const meters = ["m1", "m2"];

/** What a home uses in an interval of real time, in Wh: little at night, people get up and come home by the clock on the wall. */
function wattHours(meter: string, {start, minutes, label}: Piece, day: number): number {
  const hour = label / 60;
  const hill = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
  const morning = [0, 6].includes(day) ? hill(9.5, 1.5) : hill(7, 0.8);
  const load = 150 + 500 * morning + 700 * hill(19.5, 2);
  const chance = ((start / 900_000) * 2_654_435_761 + meter.charCodeAt(1) * 97) % 100;
  return Math.round(((load * (95 + (Math.abs(chance) % 10))) / 100) * (minutes / 60));
}

/** The pieces of a local day, by the slots of real time (`elapsed`), or by what the clock showed. */
function piecesOf({zone, resMin}: MadeUp, date: string, elapsed: boolean): Piece[] {
  const day: Quarter[] = quartersOf(zone, date);
  return elapsed ? elapsedSlots(day, resMin) : wallPieces(day, resMin);
}

function valuesOf(made: MadeUp, meter: string, date: string): {piece: Piece; value: number}[] {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return piecesOf(made, date, false).map((piece) => ({piece, value: wattHours(meter, piece, weekday)}));
}

/** Writes a CSV of labels, as a sender with that policy would. */
export async function writeLabels(file: string, made: MadeUp): Promise<void> {
  const {policy, resMin, isEnd = false} = made;
  const lines = ["meter_id,label,value_wh"];
  for (const meter of meters)
    for (const date of made.days) {
      const inTime = valuesOf(made, meter, date);
      const values = policy === "label_paired" ? inTime.sort((a, b) => a.piece.label - b.piece.label) : inTime;
      const clock = (minutes: number) => {
        const at = new Date(Date.parse(`${date}T00:00:00Z`) + (minutes + (isEnd ? resMin : 0)) * 60_000);
        return at.toISOString().slice(0, 16).replace("T", " ");
      };
      const add = (label: string, value: number | null) => lines.push(`${meter},${label},${value ?? ""}`);
      const sums = new Map<number, number>();
      for (const {piece, value} of values) sums.set(piece.label, (sums.get(piece.label) ?? 0) + value);
      const seen = new Map<number, number>();
      if (policy === "fixed_slots_sum_double" || policy === "fixed_slots_repeat") {
        for (const label of nominalLabels(resMin)) {
          const first = values.find(({piece}) => piece.label === label)?.value;
          add(clock(label), (policy === "fixed_slots_repeat" ? first : sums.get(label)) ?? null);
        }
      } else if (policy === "fixed_slots_skip_sum_double") {
        for (const [label, sum] of sums) add(clock(label), sum);
      } else {
        for (const [index, {piece, value}] of values.entries()) {
          const times = seen.get(piece.label) ?? 0;
          seen.set(piece.label, times + 1);
          const comesTwice = values.filter((other) => other.piece.label === piece.label).length > 1;
          if (policy === "variable_length") add(`${date} ${index + 1}`, value);
          else if (policy === "label_3a_3b") add(clock(piece.label) + (comesTwice ? "AB"[times] : ""), value);
          else if (policy === "label_in_order" || policy === "label_paired") add(clock(piece.label), value);
          else if (policy === "label_drops_ambiguous") {
            if (times === 0) add(clock(piece.label), value);
          } else add(instantLabel(policy, made.zone, piece.start), value);
        }
      }
    }
  await writeFile(file, `${lines.join("\n")}\n`);
}

function instantLabel(policy: PolicyName, zone: string, start: number): string {
  const tz = IANAZone.create(zone);
  const standard = Math.min(tz.offset(Date.UTC(2022, 0, 1)), tz.offset(Date.UTC(2022, 6, 1)));
  const offset = policy === "utc" ? 0 : policy === "label_offset" ? tz.offset(start) : standard;
  const text = new Date(start + offset * 60_000).toISOString().slice(0, 16);
  if (policy === "utc") return `${text}Z`;
  if (policy === "fixed_standard_time") return text.replace("T", " ");
  const two = (number: number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  return `${text}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

/** Writes a Parquet file of a day's array a row, as a sender with that policy would. */
export async function writeArrays(connection: Connection, file: string, made: MadeUp): Promise<void> {
  const {policy, resMin} = made;
  const rows: string[] = [];
  for (const meter of meters)
    for (const date of made.days) {
      const values = valuesOf(made, meter, date);
      const all = (label: number) => values.filter(({piece}) => piece.label === label).map(({value}) => value);
      const labels =
        policy === "fixed_slots_skip_sum_double"
          ? [...new Set(values.map(({piece}) => piece.label))]
          : nominalLabels(resMin);
      const sent =
        policy === "variable_length"
          ? values.map(({value}) => value)
          : labels.map((label) => {
              const [first, ...more] = all(label);
              if (first === undefined) return "NULL";
              return policy === "fixed_slots_repeat" ? first : more.reduce((sum, value) => sum + value, first);
            });
      rows.push(`('${meter}', DATE '${date}', [${sent.join(", ")}]::BIGINT[])`);
    }
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${rows.join(", ")}) AS t(meter_id, date, energy_wh)) TO ${literal(file)} (FORMAT parquet)`
  );
}
