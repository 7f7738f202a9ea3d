import {IANAZone} from "luxon";
import {type PolicyName, policies} from "../calendar/policy.js";
import {type Shape, shapeFault, shapeOf} from "./shape.js";

/**
 * What comes in from one place, and how it is to be understood. Energy of meters needs every setting but the optional
 * ones; what has units and instants of its own, as devices' telemetry does, needs none.
 */
export type Source = Feed & (MeterSettings | {readonly [K in keyof MeterSettings]?: never});

/** A source of meters' energy. */
export type MeterSource = Feed & MeterSettings;

/** A place that files come in from. */
interface Feed {
  /** Names the source in every table: `eliq`. */
  readonly name: string;
  /** The folder under the landing folder that holds its files, in any depth. */
  readonly folder: string;
  /**
   * The Bronze model that takes its files in: `eliq_daily` is sql/bronze/eliq_daily.sql. Where the folder holds more
   * than one kind of file, or a file more than one table, a model for each; files go to those whose reader they suit.
   */
  readonly format: string | readonly string[];
  /** The client whose all of it is, where the files don't say; none where it is nobody's, as weather is. */
  readonly clientId?: string;
  /**
   * The decimal mark of its text files. Without it each file is read by the mark that its own values prove, and where they
   * prove none, values that have two readings, such as 1,000, are rejected.
   */
  readonly decimalMark?: DecimalMark;
}

export const decimalMarks = [".", ","] as const;

export type DecimalMark = (typeof decimalMarks)[number];

/** How the values of a meter are to be understood. Of files whose columns aren't those of `interval_row`, their shape. */
interface MeterSettings extends Shape {
  /** An IANA name: `Europe/Vilnius`. */
  readonly timeZone: string;
  /** What the source does with a day of 23 or 25 hours. */
  readonly policy: PolicyName;
  /** These three may be left out where the rows of its files say them, as those of `interval_row` may. */
  readonly unit?: Unit;
  readonly fuel?: "electricity" | "gas" | "district_heating";
  readonly channel?: "import" | "export" | "production" | "consumption";
  /** MJ in a cubic metre of its gas, where the rows don't say. */
  readonly calorificValueMjM3?: number;
  /** How its files are written, where they are no tables of rows. */
  readonly fileFormat?: FileFormat;
  /** What a label names; `start` by default. */
  readonly labelAt?: LabelAt;
  /** How times are written; `iso` by default. docs/time.md lists what each format accepts. */
  readonly timeFormat?: TimeFormat;
  /** When the source's day starts, local time; `00:00` by default, `06:00` for a gas day. */
  readonly dayStart?: string;
  /** An interval above this is rejected; 100,000 kWh an hour by default, what a grid connection of 100 MW carries. */
  readonly maxKwhPerHour?: number;
  /**
   * The most that a register may be taken to have gone on past its last digit; what goes further is an exchange of the meter. By
   * default maxKwhPerHour, where it is set; otherwise what a register of so many digits is built for, 1500 hours of full load.
   */
  readonly maxRolloverKwhPerHour?: number;
}

/** Whether a source is one of meters' energy. */
export function isMetered(source: Source): source is MeterSource {
  return ["timeZone", "policy", "unit", "fuel", "channel"].some((setting) => setting in source);
}

/** The Bronze tables that a source's files go to. */
export function bronzeTables({format}: Feed): string[] {
  return [format].flat().map((name) => `bronze.${name}`);
}

/**
 * What a label names: the start of its interval; the local time of the instant at which it ends (`end`); or the start's own label plus the
 * interval, whatever the clock does in between (`end_by_clock`, as hours 01 to 24).
 */
export type LabelAt = (typeof labelsAt)[number];

export const labelsAt = ["start", "end", "end_by_clock"] as const;

/**
 * How times are written: ISO 8601 (`iso`), day before month (31-01-2024 00:30), month before day (01/31/2024 12:30 AM), or as
 * seconds or milliseconds since 1970 in UTC.
 */
export type TimeFormat = (typeof timeFormats)[number];

export const timeFormats = ["iso", "day_first", "month_first", "epoch_seconds", "epoch_milliseconds"] as const;

/**
 * What files are that are no tables: Green Button's XML, NEM12 and NEM13, logs of P1 telegrams, or Home Assistant's statistics (a table
 * that may stand in its database).
 */
export type FileFormat = (typeof fileFormats)[number];

export const fileFormats = ["green_button", "nem12", "telegrams", "home_assistant"] as const;

export type Unit = keyof typeof microKwhPerUnit;

/**
 * The micro-kWh in a unit; null for the units that only rows of `interval_row` may have: `unit_parts` and `unit_divisor` in
 * sql/functions convert them.
 */
const microKwhPerUnit = {
  Wh: 1_000,
  kWh: 1_000_000,
  MWh: 1_000_000_000,
  GWh: null,
  W: null,
  kW: null,
  MW: null,
  GW: null,
  kJ: null,
  MJ: null,
  GJ: null,
  therm: null,
  BTU: null,
  m3: null,
  ft3: null
} as const;

/** The units there are, for messages and for checks of settings. */
export const units = Object.keys(microKwhPerUnit) as [Unit, ...Unit[]];

/** A source with every setting in place, as `bronze.source` holds it. */
export interface SourceSettings {
  readonly source: string;
  readonly client_id: string | null;
  readonly tz: string;
  readonly policy: PolicyName;
  readonly unit: Unit | null;
  readonly fuel: NonNullable<MeterSource["fuel"]> | null;
  readonly channel: NonNullable<MeterSource["channel"]> | null;
  readonly label_at: LabelAt;
  readonly time_format: TimeFormat;
  readonly day_start_min: number;
  readonly max_kwh_per_hour: number;
  readonly max_rollover_kwh_per_hour: number | null;
  readonly micro_kwh_per_unit: number | null;
  readonly calorific_value_mj_m3: number | null;
  readonly decimal_mark: DecimalMark | null;
}

/**
 * The settings of a source, its defaults filled in.
 *
 * @throws Error `source eliq: …` when a setting can't be right.
 */
export function settingsOf(source: MeterSource): SourceSettings {
  const fail = (sentence: string): never => {
    throw new Error(`source ${source.name}: ${sentence}`);
  };
  if (!/^[a-z][a-z0-9_]*$/.test(source.name)) fail("a source's name is lower case letters, digits and _");
  if (!IANAZone.isValidZone(source.timeZone))
    fail(`time zone not found: ${source.timeZone}; take an IANA name such as Europe/Vilnius`);
  if (!(source.policy in policies))
    fail(`dst policy not found: ${source.policy}; choose one of ${Object.keys(policies).join(", ")}`);
  if (source.unit !== undefined && !(source.unit in microKwhPerUnit))
    fail(`unit not known: ${source.unit}; choose one of ${Object.keys(microKwhPerUnit).join(", ")}`);
  const microKwh = source.unit === undefined ? null : microKwhPerUnit[source.unit];
  if (![source.format].flat().includes("interval_row")) {
    for (const setting of ["unit", "fuel", "channel"] as const)
      if (source[setting] === undefined) fail(`${setting} missing; only rows of interval_row say their own`);
    if (microKwh === null) fail(`unit only for rows of interval_row: ${source.unit}; choose Wh, kWh or MWh`);
  }
  if (!labelsAt.includes(source.labelAt ?? "start"))
    fail(`labelAt not known: ${source.labelAt}; choose one of ${labelsAt.join(", ")}`);
  if (!timeFormats.includes(source.timeFormat ?? "iso"))
    fail(`timeFormat not known: ${source.timeFormat}; choose one of ${timeFormats.join(", ")}`);
  if (source.fileFormat !== undefined && !fileFormats.includes(source.fileFormat))
    fail(`fileFormat not known: ${source.fileFormat}; choose one of ${fileFormats.join(", ")}`);
  if (source.fileFormat !== undefined && source.format !== "interval_row")
    fail(`fileFormat only for format interval_row: ${source.format}`);
  const shape = shapeOf(source);
  if (shape !== undefined) {
    if (source.format !== "interval_row")
      fail(`${Object.keys(shape)[0]} only for format interval_row: ${source.format}`);
    const fault = shapeFault(shape);
    if (fault) fail(fault);
  }
  refuseDecimalMark(source);
  const maxKwhPerHour = source.maxKwhPerHour ?? 100_000;
  if (!(maxKwhPerHour > 0 && maxKwhPerHour < 200_000_000))
    fail(`maxKwhPerHour not understood: ${maxKwhPerHour}; write the most kWh of an hour, below 200,000,000`);
  const maxRollover = source.maxRolloverKwhPerHour ?? source.maxKwhPerHour ?? null;
  if (maxRollover !== null && !(maxRollover > 0 && maxRollover < 200_000_000))
    fail(`maxRolloverKwhPerHour not understood: ${maxRollover}; write the most kWh of an hour, below 200,000,000`);
  const calorificValue = source.calorificValueMjM3 ?? null;
  if (calorificValue !== null && !(calorificValue >= 1 && calorificValue <= 1000))
    fail(`calorific value not understood: ${calorificValue}; write what a cubic metre holds in MJ, such as 39.5`);
  const [, hours, minutes] =
    /^([01]\d|2[0-3]):(00|15|30|45)$/.exec(source.dayStart ?? "00:00") ??
    fail(`day start not understood: ${source.dayStart}; write it as 06:00, on a quarter of an hour`);
  return {
    source: source.name,
    client_id: source.clientId ?? null,
    tz: source.timeZone,
    policy: source.policy,
    unit: source.unit ?? null,
    fuel: source.fuel ?? null,
    channel: source.channel ?? null,
    label_at: source.labelAt ?? "start",
    time_format: source.timeFormat ?? "iso",
    day_start_min: Number(hours) * 60 + Number(minutes),
    max_kwh_per_hour: maxKwhPerHour,
    max_rollover_kwh_per_hour: maxRollover,
    micro_kwh_per_unit: microKwh,
    calorific_value_mj_m3: calorificValue,
    decimal_mark: source.decimalMark ?? null
  };
}

/** @throws Error `source prices: …` when the decimal mark of any source can't be right */
export function refuseDecimalMark({name, decimalMark}: Source): void {
  if (decimalMark !== undefined && !decimalMarks.includes(decimalMark))
    throw new Error(`source ${name}: decimalMark not known: ${decimalMark}; choose one of ${decimalMarks.join(" ")}`);
}
