import {literal} from "../engines/duckdb.js";
import type {Catalog} from "./catalog.js";
import {rowsOf} from "./relations.js";

/** What a source sent and could not be taken, where that is more than a hundredth of it, or all. */
export interface Rejection {
  readonly source: string;
  /** What is counted: `value`, `row`, `line` or `record`. */
  readonly of: string;
  readonly came: number;
  readonly rejected: number;
  /** The table that lists each. */
  readonly table: string;
  /** The kind of reason that occurs most, how often it does, and one of its reasons whole. */
  readonly reason: {readonly kind: string; readonly count: number; readonly example: string};
  /** The limit or the rule that is behind the reason, and the setting that holds it; undefined where no setting does. */
  readonly setting?: string;
}

/** A table of rejects, and the SELECT that counts what came by `source` and `came`. */
interface Origin {
  readonly of: string;
  readonly table: string;
  /** How many things a row of the table stands for. */
  readonly weight: string;
  readonly came: {readonly table: string; readonly count: string};
}

const origins: readonly Origin[] = [
  {
    of: "value",
    table: "silver.reading_reject",
    weight: "greatest(coalesce(value_count, 0), 1)",
    came: {table: "quality.reconciliation", count: "sum(values_in)"}
  },
  {
    of: "row",
    table: "silver.record_reject",
    weight: "1",
    came: {table: "quality.record_account", count: "sum(records_in)"}
  },
  {of: "line", table: "silver.telemetry_reject", weight: "1", came: {table: "bronze.telemetry", count: "count(*)"}},
  {
    of: "record",
    table: "bronze.record_reject",
    weight: "1",
    came: {table: "bronze.file_account", count: "sum(kept + rejected)"}
  }
];

/** The tables that the rejections are counted in. */
export const rejectionTables: readonly string[] = origins.flatMap(({table, came}) => [table, came.table]);

/** The sources of which more than a hundredth was rejected, or all: by origin, then by name. */
export async function readRejections(catalog: Catalog): Promise<Rejection[]> {
  const found: Rejection[] = [];
  for (const origin of origins) {
    const standing = await catalog.snapshot(origin.table);
    if (!standing?.files.some(({numRecords}) => numRecords !== 0)) continue;
    if (await catalog.snapshot(origin.came.table)) found.push(...(await rejectionsOf(catalog, origin)));
  }
  return found;
}

async function rejectionsOf(catalog: Catalog, {of, table, weight, came}: Origin): Promise<Rejection[]> {
  // Values stand behind a colon, or are numbers: without them, reasons of one kind are one.
  const rows = await catalog.database.rows<{
    source: string;
    came: bigint;
    rejected: bigint;
    kind: string;
    most: bigint;
    example: string;
  }>(
    `WITH kind AS (
       SELECT source, regexp_replace(split_part(reason, ': ', 1), '\\d+', '#', 'g') AS kind, CAST(sum(${weight}) AS BIGINT) AS most, min(reason) AS example
       FROM (${await rowsOf(catalog, table)}) GROUP BY ALL
     ),
     total AS (SELECT source, CAST(${came.count} AS BIGINT) AS came FROM (${await rowsOf(catalog, came.table)}) GROUP BY source)
     SELECT source, coalesce(came, 0) AS came, CAST(sum(most) AS BIGINT) AS rejected,
       arg_max(kind, (most, kind)) AS kind, max(most) AS most, arg_max(example, (most, kind)) AS example
     FROM kind LEFT JOIN total USING (source) GROUP BY source, came
     HAVING sum(most) * 100 > coalesce(came, 0) ORDER BY source`
  );
  return Promise.all(
    rows.map(async ({source, kind, example, ...counts}) => ({
      source,
      of,
      came: Number(counts.came),
      rejected: Number(counts.rejected),
      table,
      reason: {kind, count: Number(counts.most), example},
      setting: settingBehind(kind, await settingsOf(catalog, source))
    }))
  );
}

/** A source's row of `bronze.source`, as text. */
type Settings = Readonly<Record<string, string | null>>;

async function settingsOf(catalog: Catalog, source: string): Promise<Settings> {
  if (!(await catalog.snapshot("bronze.source"))) return {};
  const [row] = await catalog.database.rows<Settings>(
    `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${await rowsOf(catalog, "bronze.source")}) WHERE source = ${literal(source)}`
  );
  return row ?? {};
}

/** By what a kind of reason begins with, what is behind it. */
const settings: readonly (readonly [kind: RegExp, text: (settings: Settings) => string])[] = [
  [
    /^(value above|register went further than) what its source allows|^register went further/,
    ({max_kwh_per_hour}) => `the limit is ${shortened(max_kwh_per_hour)} kWh an hour (setting maxKwhPerHour)`
  ],
  [
    /^(label|start|end|reading time|time) (unreadable|missing)/,
    ({time_format}) => `times are read as ${time_format ?? "iso"} (setting timeFormat)`
  ],
  [
    /never happened|does not exist in|more often than it happened|happened twice|less than its policy asks|has no offset|no UTC instant|no slot number|takes no arrays|of two days in/,
    ({policy, tz, label_at}) =>
      `labels are read by ${policy} in ${tz}, ${label_at === "end" ? "ends as instants" : "ends by the clock"} (settings policy, timeZone and labelAt)`
  ],
  [/^no day begins then/, ({day_start_min}) => `days begin at ${clock(Number(day_start_min))} (setting dayStart)`],
  [/^label not on/, ({label_at}) => `labels name an interval's ${label_at ?? "start"} (setting labelAt)`],
  [
    /decimal|is no number/,
    ({decimal_mark}) => `the decimal mark is ${decimal_mark ?? "what each file proves"} (setting decimalMark)`
  ],
  [/^unit /, ({unit}) => `the unit is ${unit ?? "what each row says"} (setting unit)`],
  [/^fuel /, ({fuel}) => `the fuel is ${fuel ?? "what each row says"} (setting fuel)`],
  [
    /^channel |^negative value/,
    ({channel}) => `the channel is ${channel ?? "what each row says"}, and energy is positive in each (setting channel)`
  ],
  [/^client id/, ({client_id}) => `the client is ${client_id ?? "whom each row names"} (setting clientId)`],
  [/^calorific/, () => "gas in m3 needs what a cubic metre holds (setting calorificValueMjM3)"]
];

function settingBehind(kind: string, of: Settings): string | undefined {
  if (of.source === undefined) return undefined;
  return settings.find(([begins]) => begins.test(kind))?.[1](of);
}

/** A decimal without the zeros at its end. */
function shortened(decimal: string | null | undefined): string {
  return decimal?.replace(/[.]?0+$/, "") ?? "none";
}

/** Minutes after midnight as `06:00`. */
function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
