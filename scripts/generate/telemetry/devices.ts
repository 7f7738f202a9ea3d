import {plusDays} from "../../../pipelines/delta/slice.js";
import {dice} from "../dice.js";

/** How often something is odd: shares of the records, each from 0 to 1. */
export interface Rates {
  /** Records whose status is FAULT. */
  readonly faults: number;
  /** Records that come twice; of those every fifth with another power. */
  readonly duplicates: number;
  /** Powers below zero, states of charge outside 0 to 100, temperatures outside -20 to 80: each at this rate. */
  readonly outOfRange: number;
  /** Lines that are no records: cut off, not JSON, a field of another type, missing or too many, no instant. */
  readonly broken: number;
}

/** How much to make up, and where the dice begin. */
export interface TelemetryOptions {
  readonly days: number;
  /** The first UTC date, `2025-08-01`. */
  readonly start: string;
  /** How many records a device sends in a day, evenly: 1,440 are one a minute. */
  readonly rowsPerDevice: number;
  readonly seed: number;
  readonly rates: Rates;
}

export interface Device {
  readonly device_id: string;
  readonly site_id: string;
  readonly device_type: string;
  readonly capacity_kwh: number;
}

/** A device's day, by its path in the source's folder. */
export interface DeviceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

interface Telemetry {
  readonly ts_utc: string;
  readonly device_id: string;
  readonly site_id: string;
  readonly power_w: number;
  readonly energy_wh: number;
  readonly voltage_v: number;
  readonly current_a: number;
  readonly temperature_c: number;
  readonly soc_percent: number;
  readonly status: "OK" | "FAULT";
}

const types = ["home_battery", "ev_charger", "hybrid_inverter"];

/** Ten devices on five sites, two on each. */
export function makeDevices(seed: number): Device[] {
  return Array.from({length: 10}, (_, number) => ({
    device_id: `device_${String(number + 1).padStart(2, "0")}`,
    site_id: `site_${String(Math.floor(number / 2) + 1).padStart(2, "0")}`,
    device_type: types[number % types.length]!,
    capacity_kwh: (50 + (dice(seed, number, 1) % 20) * 5) / 10
  }));
}

/** The files of all devices, day by day. */
export function* makeFiles(options: TelemetryOptions): Generator<DeviceFile> {
  const devices = makeDevices(options.seed);
  for (let day = 0; day < options.days; day++) {
    const date = plusDays(options.start, day);
    for (const [number, device] of devices.entries()) {
      const folder = `${date.replaceAll("-", "/")}/${device.site_id}`;
      yield {path: `${folder}/${device.device_id}.jsonl`, lines: [...linesOf(device, number, date, options)]};
    }
  }
}

function* linesOf(
  device: Device,
  number: number,
  date: string,
  {rowsPerDevice, seed, rates}: TelemetryOptions
): Generator<string> {
  const day = Date.parse(date) / 86_400_000;
  for (let row = 0; row < rowsPerDevice; row++) {
    const chance = (what: number) => dice(seed, number, day, row, what);
    const happens = (share: number, what: number) => chance(what) < share * 2 ** 32;
    const record = recordOf(device, date, row / rowsPerDevice, 24 / rowsPerDevice, chance);
    const sent = {
      ...record,
      ...(happens(rates.faults, 10) && {power_w: 0, energy_wh: 0, current_a: 0, status: "FAULT"}),
      ...(happens(rates.outOfRange, 11) && {power_w: -1 - (chance(12) % 500) / 10}),
      ...(happens(rates.outOfRange, 13) && {soc_percent: chance(14) % 2 ? 100.5 : -3}),
      ...(happens(rates.outOfRange, 15) && {temperature_c: chance(16) % 2 ? 85 : -40})
    };
    const line = JSON.stringify(sent);
    if (happens(rates.broken, 17)) {
      yield brokenLine(line, chance(18));
      continue;
    }
    yield line;
    if (!happens(rates.duplicates, 19)) continue;
    yield chance(20) % 5 === 0 ? JSON.stringify({...sent, power_w: sent.power_w + 1}) : line;
  }
}

/**
 * A device at a share of its day: it charges by day and feeds the home by night. All of it is sums, products and
 * quotients, which every machine rounds alike.
 */
function recordOf(
  {device_id, site_id, capacity_kwh}: Device,
  date: string,
  share: number,
  hours: number,
  chance: (what: number) => number
): Telemetry {
  const around = (what: number, width: number) => ((chance(what) % 2001) / 1000 - 1) * width;
  // From 6 to 18 o'clock, a parabola with its top at noon.
  const sun = Math.max(0, 1 - ((share - 0.5) * 4) ** 2);
  const power = rounded(Math.max(0, capacity_kwh * (40 + 260 * sun) * (1 + around(1, 0.2))), 1);
  const voltage = rounded(230 + around(2, 5), 1);
  // Full in the evening, nearly empty in the morning.
  const charge = share < 0.25 ? 45 - 100 * share : share < 0.75 ? 20 + 140 * (share - 0.25) : 90 - 180 * (share - 0.75);
  return {
    ts_utc: new Date(Date.parse(date) + Math.round(share * 86_400_000)).toISOString().replace(".000Z", "Z"),
    device_id,
    site_id,
    power_w: power,
    energy_wh: rounded(power * hours, 3),
    voltage_v: voltage,
    current_a: rounded(power / voltage, 2),
    temperature_c: rounded(18 + 14 * sun + around(3, 2), 1),
    soc_percent: rounded(charge + around(4, 3), 1),
    status: "OK"
  };
}

function brokenLine(line: string, chance: number): string {
  const kinds = [
    () => line.slice(0, 20 + (chance % 100)),
    () => "watchdog reset, resuming",
    () => line.replace(/"power_w":([^,]+)/, '"power_w":"$1"'),
    () => line.replace(/"voltage_v":[^,]+,/, ""),
    () => line.replace(/}$/, ',"firmware":"1.4.2"}'),
    () => line.replace(/"ts_utc":"(\d{4})-\d\d/, '"ts_utc":"$1-13')
  ];
  return kinds[chance % kinds.length]!();
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
