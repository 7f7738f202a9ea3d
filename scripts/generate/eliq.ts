import {mkdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {Command, Option} from "commander";
import {localDate} from "../../pipelines/command.js";
import {type Connection, literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {count, seed} from "./options.js";

/** How much to make up, and where the dice begin. */
export interface EliqOptions {
  readonly meters: number;
  readonly days: number;
  /** The first local day, `2022-01-01`. */
  readonly start: string;
  readonly seed: number;
  /** Where the files go. It is made when it isn't there. */
  readonly to: string;
  /** What a file holds: a month, `2022-01.parquet`, by default; or a day, `2022-01-01.parquet`. */
  readonly each?: "month" | "day";
}

/** `generate eliq`: the home assignment's rows, for as many meters and days as asked. */
export function eliqCommand(): Command {
  return new Command("eliq")
    .description("daily rows of Eliq's schema, a meter's day an array of 24 hours, in Lithuania's time")
    .option("--meters <count>", "how many meters", count, 2740)
    .option("--days <count>", "how many days of each", count, 365)
    .option("--start <date>", "the first day", localDate, "2022-01-01")
    .option("--seed <number>", "another seed, other values", seed, 1)
    .addOption(new Option("--each <time>", "what a file holds").choices(["month", "day"]).default("month"))
    .requiredOption("--to <dir>", "the folder for the files: lake/landing/eliq for example")
    .allowExcessArguments(false)
    .action(async (options: EliqOptions) => {
      const connection = await openDuckDB();
      try {
        const {files, rows} = await writeEliqDays(connection, options);
        console.log(`${rows.toLocaleString("en")} daily rows in ${files.length} files: ${options.to}`);
      } finally {
        connection.close();
      }
    });
}

/**
 * Writes daily rows as a utility in Lithuania sends them: by day, then meter; 24 values a day in Wh, of which the hour
 * that the spring skips is NULL and the hour that the autumn repeats holds both. The load is a household's: standby, a
 * morning and an evening peak, another on weekend days, more in winter, each meter with a size and a kind of its own,
 * each day and hour with its chance.
 */
export async function writeEliqDays(
  connection: Connection,
  {meters, days, start, seed, to, each = "month"}: EliqOptions
): Promise<{files: string[]; rows: number; bytes: number}> {
  await mkdir(to, {recursive: true});
  await connection.run(`CREATE OR REPLACE TEMP TABLE shape AS ${shapes(start, days)}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE household AS ${households(meters, seed)}`);
  const periods = await connection.rows<{period: string; first: string; last: string}>(
    `SELECT strftime(date, ${literal(each === "month" ? "%Y-%m" : "%Y-%m-%d")}) AS period,
       CAST(min(date) AS VARCHAR) AS first, CAST(max(date) AS VARCHAR) AS last
     FROM shape GROUP BY period ORDER BY period`
  );
  const files: string[] = [];
  for (const {period, first, last} of periods) {
    const file = join(to, `${period}.parquet`);
    await connection.run(
      `COPY (${householdDays(first, last, seed)}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`
    );
    files.push(file);
  }
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return {files, rows: meters * days, bytes: sizes.reduce((sum, size) => sum + size, 0)};
}

/**
 * The load of each kind of household, in W: 24 hours a local day. Rounded to whole watts before chance comes in: from
 * there on all is whole numbers, so the values don't hang on a machine's last digit of `exp`.
 */
function shapes(start: string, days: number): string {
  return `
    WITH hour AS (
      -- How often an hour of the clock on the wall came that day: not at all, once, or twice.
      SELECT CAST(clock AS DATE) AS date, hour(clock) AS hour, count(*) AS times
      FROM (
        SELECT timezone('Europe/Vilnius', TIMESTAMPTZ '${start} 00:00:00+00' + to_hours(hour)) AS clock
        FROM range(-24, ${days} * 24 + 24) AS utc(hour)
      )
      GROUP BY ALL
    ),
    day AS (
      SELECT date, isodow(date) > 5 AS is_weekend, cos((dayofyear(date) - 15) * 2 * pi() / 365) AS winter
      FROM (SELECT DATE '${start}' + CAST(day AS INTEGER) AS date FROM range(${days}) AS day(day))
    ),
    load AS (
      SELECT date, kind, clock.hour, coalesce(times, 0) * CAST(
        90
        + CASE WHEN is_weekend THEN 180 * exp(-(((clock.hour - 9.5) / 2) ** 2)) ELSE 260 * exp(-(((clock.hour - 7) / 1.3) ** 2)) END
        + CASE WHEN is_weekend THEN 160 * exp(-(((clock.hour - 14) / 3) ** 2)) ELSE 40 * exp(-(((clock.hour - 13) / 3) ** 2)) END
        + 430 * (1 + 0.25 * winter) * exp(-(((clock.hour - 19.5) / 2.4) ** 2))
        -- Some heat with electricity, most of all at night, and some wash and charge at night.
        + CASE kind WHEN 2 THEN 450 * greatest(winter + 0.2, 0) * (1 + 0.3 * cos(clock.hour * pi() / 12)) ELSE 0 END
        + CASE kind WHEN 3 THEN 500 * exp(-(((clock.hour - 2) / 1.5) ** 2)) ELSE 0 END
        AS BIGINT) AS watt
      FROM day
      CROSS JOIN range(4) AS household(kind)
      CROSS JOIN range(24) AS clock(hour)
      LEFT JOIN hour USING (date, hour)
    )
    SELECT date, CAST(kind AS BIGINT) AS kind, list(nullif(watt, 0) ORDER BY hour) AS watts
    FROM load
    GROUP BY date, kind`;
}

/** Sizes in thousandths, from a small flat's to a large house's, the small ones more. */
function households(meters: number, seed: number): string {
  return `
    SELECT meter, CAST(100001 + meter % 10 AS VARCHAR) AS client_id, 'ext_device_' || (meter + 1) AS ext_dev_ref,
      CAST(dice % 4 AS BIGINT) AS kind,
      300 + CAST((dice // 4 % 1500) * (dice // 8000 % 1500) // 1000 AS BIGINT) AS size
    FROM (SELECT meter, hash(${seed}, meter) AS dice FROM range(${meters}) AS household(meter))`;
}

function householdDays(first: string, last: string, seed: number): string {
  return `
    SELECT client_id, date, ext_dev_ref,
      list_transform(watts, lambda watt, hour:
        watt * day_size * CAST(500 + hash(dice, hour) % 1000 AS BIGINT) // 1000000
        -- An oven, a kettle, a sauna.
        + CASE WHEN watt IS NOT NULL AND hash(hour, dice) % 25 = 0 THEN 1200 ELSE 0 END
      ) AS energy_consumption,
      '60min' AS resolution
    FROM (
      -- On one day in thirty nobody is at home.
      SELECT *, size * CAST(CASE WHEN dice % 30 = 0 THEN 150 ELSE 750 + dice // 32 % 500 END AS BIGINT) // 1000 AS day_size
      FROM (
        SELECT *, hash(${seed}, meter, date) AS dice
        FROM household
        JOIN shape USING (kind)
        WHERE date BETWEEN DATE '${first}' AND DATE '${last}'
      )
    )
    ORDER BY date, meter`;
}
