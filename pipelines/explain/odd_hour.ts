import {type PolicyName, policies} from "../calendar/policy.js";
import type {Lakehouse} from "../lakehouse.js";
import {relationOf, slicesOf} from "./rows.js";
import type {Traced} from "./trace.js";

/** A label of the local clock that isn't an ordinary interval of its day, and what was placed there. */
export interface OddHour {
  readonly client_id: string;
  readonly meter_id: string;
  readonly fuel: string;
  readonly channel: string;
  readonly tz: string;
  readonly local_date: string;
  /** `03:00`: as the clock shows it. */
  readonly label: string;
  /** How many minutes of real time bear the label: 0 for the hour that never was, 120 for the doubled one. */
  readonly minutes: number;
  readonly policy: PolicyName;
  /** What the policy says. */
  readonly meaning: string;
  /** The value in the day's array at that label, kWh, exact; undefined where there is no array, null for none. */
  readonly value_kwh?: string | null;
  /** In order of time: one for each interval of real time that got a reading. */
  readonly readings: readonly Placed[];
}

interface Placed {
  /** ISO 8601, UTC. */
  readonly interval_start: string;
  readonly interval_minutes: number;
  readonly energy_kwh: string;
  readonly quality: string;
}

/**
 * The odd hours among traced readings: labels that came twice, or lasted longer or shorter than their interval, and
 * those that the clock skipped on a day that arrived as an array. Where there are no readings on the way, there are none.
 */
export async function oddHoursOf(lake: Lakehouse, traced: readonly Traced[]): Promise<OddHour[]> {
  const heldOf = (table: string) => traced.find((held) => held.table === table);
  const [readings, days] = [heldOf("silver.reading"), heldOf("silver.meter_day")];
  const on = readings ? await slicesOf(lake, readings, ["local_date"]) : [];
  if (!readings || on.length === 0) return [];
  const slots = await relationOf(lake, "silver.slot", on);
  const skipped = await relationOf(lake, "silver.absent_label", on);
  const sources = await relationOf(lake, "bronze.source", []);
  const rows = await lake.workspace.connection.rows<Row>(`
    WITH day AS (${days ? `FROM ${days.relation}` : await emptyDays(lake)}),
    odd AS (
      SELECT reading.client_id, reading.meter_id, reading.fuel, reading.channel, slot.tz, slot.local_date, slot.res_min, slot.wall_slot,
        (slot.wall_slot - 1) * slot.res_min + slot.day_start_min AS label_min, slot.wall_minutes, source.policy,
        list({interval_start: strftime(reading.interval_start, '%Y-%m-%dT%H:%M:%SZ'), interval_minutes: reading.interval_minutes,
          energy_kwh: CAST(reading.energy_kwh AS VARCHAR), quality: reading.quality} ORDER BY reading.interval_start) AS readings
      FROM ${readings.relation} AS reading
      JOIN (${sources}) AS source ON source.source = reading.source
      JOIN (${slots}) AS slot
        ON slot.tz = source.tz AND slot.day_start_min = source.day_start_min AND slot.local_date = reading.local_date
        AND slot.res_min = reading.res_min AND slot.start_utc = reading.interval_start AND slot.is_wall
      WHERE slot.wall_minutes <> slot.res_min AND slot.res_min <= 60
      GROUP BY ALL
    )
    SELECT odd.client_id, odd.meter_id, odd.fuel, odd.channel, odd.tz, CAST(odd.local_date AS VARCHAR) AS local_date, label_min,
      wall_minutes AS minutes, odd.policy, day.local_date IS NOT NULL AS has_array,
      CAST(kwh(day.energy_micro_kwh[odd.wall_slot]) AS VARCHAR) AS value_kwh, CAST(to_json(readings) AS VARCHAR) AS readings
    FROM odd
    LEFT JOIN day
      ON day.client_id = odd.client_id AND day.meter_id = odd.meter_id AND day.fuel = odd.fuel AND day.channel = odd.channel
      AND day.local_date = odd.local_date AND day.res_min = odd.res_min AND day.policy LIKE 'fixed_slots_%' AND day.policy NOT LIKE '%skip%'
    UNION ALL
    SELECT day.client_id, day.meter_id, day.fuel, day.channel, day.tz, CAST(day.local_date AS VARCHAR),
      (label.wall_slot - 1) * day.res_min + day.day_start_min, 0, day.policy, day.policy LIKE 'fixed_slots_%' AND day.policy NOT LIKE '%skip%',
      CAST(kwh(day.energy_micro_kwh[label.wall_slot]) AS VARCHAR), '[]'
    FROM day
    JOIN (${skipped}) AS label
      ON label.tz = day.tz AND label.day_start_min = day.day_start_min AND label.local_date = day.local_date AND label.res_min = day.res_min
    WHERE (SELECT count(*) FROM ${readings.relation} AS reading WHERE reading.local_date = day.local_date) > 1
    ORDER BY local_date, label_min, client_id, meter_id, fuel, channel`);
  return rows.map(({label_min, has_array, value_kwh, readings, minutes, policy, ...row}) => ({
    ...row,
    label: clock(Number(label_min)),
    minutes: Number(minutes),
    policy,
    meaning: policies[policy].meaning,
    ...(has_array && {value_kwh}),
    readings: JSON.parse(readings)
  }));
}

interface Row extends Omit<OddHour, "label" | "readings" | "value_kwh"> {
  readonly label_min: number;
  readonly has_array: boolean;
  readonly value_kwh: string | null;
  readonly readings: string;
}

async function emptyDays(lake: Lakehouse): Promise<string> {
  return `SELECT * FROM (${await relationOf(lake, "silver.meter_day", [])}) WHERE false`;
}

/** Minutes after midnight as the clock shows them. */
function clock(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}
