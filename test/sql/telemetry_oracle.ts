/** What must come of telemetry, by plain loops over the lines as they came: no SQL, nothing shared with the models. */
export interface Answers {
  /** By `device_id ts_utc`: the row of silver.telemetry, without what it was made from. */
  readonly rows: readonly object[];
  readonly siteDays: readonly object[];
  /** By date, what `quality_<date>.json` says. */
  readonly quality: Readonly<Record<string, object>>;
}

/** A file in the order of arrival, its date that of its folder. */
export interface CameIn {
  readonly date: string;
  readonly lines: readonly string[];
}

const measures = ["power_w", "energy_wh", "voltage_v", "current_a", "temperature_c", "soc_percent"] as const;
const fields = ["ts_utc", "device_id", "site_id", ...measures, "status"];

interface Row {
  readonly record: Record<string, any>;
  readonly date: string;
  readonly file: number;
  readonly copies: number;
  readonly fileCopies: number;
}

export function answersOf(
  files: readonly CameIn[],
  devices: readonly {device_id: string; device_type: string; capacity_kwh: number}[]
): Answers {
  const rows = new Map<string, Row>();
  const counts = new Map<string, {lines: number; rejected: number}>();
  for (const [file, {date: folderDate, lines}] of files.entries()) {
    for (const line of lines) {
      const record = readRecord(line);
      const date = dateIn(line) ?? folderDate;
      const count = counts.get(date) ?? {lines: 0, rejected: 0};
      counts.set(date, {lines: count.lines + 1, rejected: count.rejected + (record ? 0 : 1)});
      if (!record) continue;
      const key = `${record.device_id} ${record.ts_utc}`;
      const before = rows.get(key);
      const fileCopies = before?.file === file ? before.fileCopies + 1 : 1;
      rows.set(key, {record, date, file, copies: (before?.copies ?? 0) + 1, fileCopies});
    }
  }
  const sorted = [...rows.keys()].sort().map((key) => rows.get(key)!);
  return {
    rows: sorted.map((row) => cleaned(row, devices)),
    siteDays: siteDays(sorted),
    quality: Object.fromEntries(
      [...counts.keys()].sort().map((date) => [
        date,
        qualityOf(
          date,
          counts.get(date)!,
          sorted.filter((row) => row.date === date),
          devices
        )
      ])
    )
  };
}

function readRecord(line: string): Record<string, any> | undefined {
  let record: Record<string, any>;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined;
  }
  const names = Object.keys(record);
  if (names.length !== fields.length || !fields.every((name) => names.includes(name))) return undefined;
  if (Number.isNaN(Date.parse(record.ts_utc))) return undefined;
  return measures.every((name) => record[name] === null || typeof record[name] === "number") ? record : undefined;
}

/** The date that a line's instant names, be the line a record or not. */
function dateIn(line: string): string | undefined {
  try {
    const instant = new Date(JSON.parse(line).ts_utc);
    return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString().slice(0, 10);
  } catch {
    return undefined;
  }
}

const isNegative = ({record}: Row) => record.power_w !== null && record.power_w < 0;
const isHot = ({record}: Row) =>
  record.temperature_c !== null && !(record.temperature_c >= -20 && record.temperature_c <= 80);
const isOff = ({record}: Row) => record.soc_percent !== null && !(record.soc_percent >= 0 && record.soc_percent <= 100);

function cleaned(row: Row, devices: readonly {device_id: string; device_type: string; capacity_kwh: number}[]): object {
  const {record, date, copies, fileCopies} = row;
  const device = devices.find(({device_id}) => device_id === record.device_id);
  return {
    ts_utc: record.ts_utc,
    device_id: record.device_id,
    site_id: record.site_id,
    device_type: device?.device_type ?? null,
    capacity_kwh: sixDigits(device?.capacity_kwh),
    power_w: sixDigits(isNegative(row) ? 0 : record.power_w),
    energy_wh: sixDigits(record.energy_wh),
    voltage_v: sixDigits(record.voltage_v),
    current_a: sixDigits(record.current_a),
    temperature_c: sixDigits(isHot(row) ? null : record.temperature_c),
    soc_percent: sixDigits(isOff(row) ? null : record.soc_percent),
    status: record.status,
    is_power_negative: isNegative(row),
    is_temperature_out_of_range: isHot(row),
    is_soc_out_of_range: isOff(row),
    raw_power_w: isNegative(row) ? sixDigits(record.power_w) : null,
    raw_temperature_c: isHot(row) ? sixDigits(record.temperature_c) : null,
    raw_soc_percent: isOff(row) ? sixDigits(record.soc_percent) : null,
    is_known_device: device !== undefined,
    copies,
    file_copies: fileCopies,
    event_date: date
  };
}

function siteDays(rows: readonly Row[]): object[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.date} ${row.record.site_id}`;
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return [...groups.keys()].sort().map((key) => {
    const [event_date, site_id] = key.split(" ");
    let [energy, peak, temperature, temperatures, ok] = [0n, 0n, 0n, 0n, 0n];
    const group = groups.get(key)!;
    for (const row of group) {
      const {record} = row;
      energy += micro(record.energy_wh);
      const power = isNegative(row) ? 0n : micro(record.power_w);
      if (power > peak) peak = power;
      if (record.temperature_c !== null && !isHot(row)) {
        temperature += micro(record.temperature_c);
        temperatures++;
      }
      if (record.status === "OK") ok++;
    }
    const all = BigInt(group.length);
    return {
      event_date,
      site_id,
      energy_wh_total: text(energy),
      peak_power_w: text(peak),
      avg_temp_c: temperatures === 0n ? null : text(roundedHalfUp(temperature, temperatures)),
      uptime_percent: text(roundedHalfUp(ok * 100_000_000n, all)),
      anomaly_count: String(all - ok),
      record_count: String(all)
    };
  });
}

function qualityOf(
  date: string,
  {lines, rejected}: {lines: number; rejected: number},
  rows: readonly Row[],
  devices: readonly {device_id: string}[]
): object {
  const countOf = (holds: (row: Row) => boolean) => rows.filter(holds).length;
  const sumOf = (value: (row: Row) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  return {
    process_date: date,
    lines_in: lines,
    rejected_lines: rejected,
    rows_total: sumOf(({copies}) => copies),
    rows_kept: rows.length,
    duplicate_keys: countOf(({copies}) => copies > 1),
    duplicate_rows: sumOf(({fileCopies}) => fileCopies - 1),
    superseded_rows: sumOf(({copies, fileCopies}) => copies - fileCopies),
    null_power: countOf(({record}) => record.power_w === null),
    null_energy: countOf(({record}) => record.energy_wh === null),
    null_temperature: countOf((row) => row.record.temperature_c === null || isHot(row)),
    null_soc: countOf((row) => row.record.soc_percent === null || isOff(row)),
    negative_power: countOf(isNegative),
    temperature_out_of_range: countOf(isHot),
    soc_out_of_range: countOf(isOff),
    status_not_ok: countOf(({record}) => record.status !== "OK"),
    status_unknown: countOf(({record}) => record.status !== "OK" && record.status !== "FAULT"),
    unknown_device_rows: countOf(({record}) => !devices.some(({device_id}) => device_id === record.device_id))
  };
}

function micro(value: number | null): bigint {
  return BigInt(Math.round((value ?? 0) * 1_000_000));
}

function roundedHalfUp(dividend: bigint, divisor: bigint): bigint {
  const [top, bottom] = [2n * dividend + divisor, 2n * divisor];
  const quotient = top / bottom;
  return top < 0n && top % bottom !== 0n ? quotient - 1n : quotient;
}

function sixDigits(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : text(micro(value));
}

function text(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
