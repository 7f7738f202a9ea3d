import {DateTime} from "luxon";
import {cityZone} from "./homes.js";
import {sunOn} from "./sun.js";
import type {Year} from "./weather.js";

/** An interval of real time, what the clock says of it, and what the loads go by. */
export interface Interval {
  readonly grain: 15 | 30 | 60;
  /** Counts the intervals of a grain in a month, from 0. */
  readonly place: number;
  /** Minutes since 1970. */
  readonly start_min: number;
  readonly hour_min: number;
  readonly local_date: string;
  /** Days since 1970. */
  readonly local_day: number;
  readonly minute_of_day: number;
  readonly start_local: string;
  readonly start_utc: string;
  readonly end_local: string;
  readonly end_utc: string;
  /** Tenths of a degree Celsius outside. */
  readonly temperature: number;
  /** Thousandths of the light of a clear noon, on panels to the east, the south and the west. */
  readonly sun_east: number;
  readonly sun_south: number;
  readonly sun_west: number;
  /** What lights, kitchen and the like take at this hour, in percent of their mean. */
  readonly use_percent: number;
  /** What hot water takes at this hour, in percent of its mean. */
  readonly hot_water_percent: number;
}

// By local hour. Rounded from what households are known for: little at night, a peak in the morning, a higher one in the evening.
const workday = [
  50, 45, 42, 41, 43, 55, 90, 120, 105, 85, 80, 82, 90, 85, 82, 88, 105, 135, 170, 185, 180, 155, 110, 72
];
const weekend = [
  58, 50, 45, 43, 43, 48, 62, 85, 110, 125, 130, 132, 135, 125, 115, 112, 120, 138, 165, 175, 168, 145, 108, 75
];
const hotWater = [
  20, 10, 10, 10, 20, 70, 190, 230, 170, 110, 90, 80, 90, 80, 70, 70, 90, 120, 170, 210, 220, 190, 130, 50
];

/** The intervals of some local dates at each grain, from 60 minutes down; in the order of time. */
export function intervalsOf(from: string, to: string, year: Year): Interval[] {
  const first = DateTime.fromISO(from, {zone: cityZone});
  const end = DateTime.fromISO(to, {zone: cityZone}).plus({days: 1}).toMillis() / 60_000;
  const intervals: Interval[] = [];
  for (const grain of [60, 30, 15] as const) {
    let place = 0;
    for (let start = first.toMillis() / 60_000; start < end; start += grain) {
      const at = DateTime.fromMillis(start * 60_000, {zone: cityZone});
      const until = DateTime.fromMillis((start + grain) * 60_000, {zone: cityZone});
      const {temperature, cloud_percent} = year.hour(start);
      const [sun_east, sun_south, sun_west] = ([90, 180, 270] as const).map((azimuth) => {
        let light = 0;
        for (let quarter = 0; quarter < grain; quarter += 15)
          light += sunOn(azimuth, start + quarter + 7, cloud_percent);
        return Math.round((light * 15) / grain);
      });
      intervals.push({
        grain,
        place: place++,
        start_min: start,
        hour_min: start - (start % 60),
        local_date: at.toISODate()!,
        local_day: Math.floor((start + at.offset) / 1440),
        minute_of_day: at.hour * 60 + at.minute,
        start_local: local(at),
        start_utc: utc(start),
        end_local: local(until),
        end_utc: utc(start + grain),
        temperature,
        sun_east: sun_east!,
        sun_south: sun_south!,
        sun_west: sun_west!,
        use_percent: (at.weekday > 5 ? weekend : workday)[at.hour]!,
        hot_water_percent: hotWater[at.hour]!
      });
    }
  }
  return intervals;
}

function local(at: DateTime): string {
  return at.toFormat("yyyy-MM-dd'T'HH:mmZZ");
}

function utc(minutes: number): string {
  return `${new Date(minutes * 60_000).toISOString().slice(0, 16)}Z`;
}
