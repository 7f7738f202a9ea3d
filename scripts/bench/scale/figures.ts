import {median, round} from "../numbers.js";
import type {Measured} from "../summary.js";
import type {GrownLake} from "./grown_lake.js";

/** A number that was measured, beside the one that was asked for. */
export interface Figure {
  readonly what: string;
  /** On which lake: `10,000 meters x 1 year`. */
  readonly lake: string;
  readonly unit: "ratio" | "seconds" | "milliseconds" | "bytes" | "files";
  /** The most it may be; undefined where nothing is asked. */
  readonly asked?: number;
  /** By the clock on the wall, where it is a time or a ratio of times. */
  readonly seen: number;
  /** The same by the time of all cores: a machine that is busy with other things leaves it nearly as it is. */
  readonly cpu?: number;
}

/** Whether a figure is within what was asked; undefined where nothing is. */
export function holds({asked}: Figure, seen: number): boolean | undefined {
  return asked === undefined ? undefined : seen <= asked;
}

/** From so many meters on less is asked: what a run takes whatever it finds weighs less there. */
const large = 10_000;

/** The figures of lakes that grew, and of the sample lake's files. */
export function figuresOf(lakes: readonly GrownLake[], sampleFiles: number): Figure[] {
  const shortest = Math.min(...lakes.map(({years}) => years));
  const figures = lakes.flatMap((lake) => figuresOfLake(lake, lake.years === shortest));
  for (const longer of lakes.filter(({years}) => years > shortest)) {
    const shorter = lakes.find(({meters, years}) => meters === longer.meters && years === shortest);
    if (!shorter) continue;
    const against = (what: string, work: (of: GrownLake) => Work): Figure => ({
      what: `${what}, against ${yearsText(shorter.years)}`,
      lake: lakeText(longer),
      unit: "ratio",
      asked: 1.2,
      seen: work(longer).seconds / work(shorter).seconds,
      cpu: work(longer).cpuSeconds / work(shorter).cpuSeconds
    });
    figures.push(
      against("one new day", ({newDay, startUp}) => workOf(newDay, startUp)),
      against("one corrected day", ({correctedDay, startUp}) => workOf(correctedDay, startUp))
    );
  }
  const files = {what: "files for one meter's year in silver.reading", unit: "files"} as const;
  return [...figures, {...files, lake: "sample", asked: 12, seen: sampleFiles}];
}

function figuresOfLake(lake: GrownLake, isAsked: boolean): Figure[] {
  const {meters, startUp, full, newDay, nothing, readsNoData, correctedDay, meterYear} = lake;
  const name = lakeText(lake);
  const whole = workOf([full], startUp);
  const share = (what: string, runs: readonly Measured[], asked: number): Figure => {
    const {seconds, cpuSeconds} = workOf(runs, startUp);
    const limit = isAsked && {asked};
    return {
      ...{what, lake: name, unit: "ratio", ...limit},
      ...{seen: seconds / whole.seconds, cpu: cpuSeconds / whole.cpuSeconds}
    };
  };
  const idle = workOf(nothing, startUp);
  return [
    {what: "full build", lake: name, unit: "seconds", seen: whole.seconds, cpu: whole.cpuSeconds},
    {what: "peak memory of the full build", lake: name, unit: "bytes", asked: 1.5e9, seen: full.peakBytes},
    share("one new day, against the full build", newDay, meters < large ? 0.08 : 0.04),
    share("one corrected day after optimize, against the full build", correctedDay, meters < large ? 0.15 : 0.08),
    {what: "nothing to do", lake: name, unit: "seconds", asked: 0.6, seen: idle.seconds, cpu: idle.cpuSeconds},
    {what: "data files of tables it can't do without", lake: name, unit: "files", asked: 0, seen: readsNoData ? 0 : 1},
    {what: "one meter's year after optimize", lake: name, unit: "milliseconds", asked: 50, seen: median(meterYear)}
  ];
}

type Work = Pick<Measured, "seconds" | "cpuSeconds">;

/** What runs took beyond starting: medians of both. */
function workOf(runs: readonly Measured[], startUp: readonly Measured[]): Work {
  const of = (part: keyof Work) =>
    Math.max(0, median(runs.map((run) => run[part])) - median(startUp.map((run) => run[part])));
  return {seconds: of("seconds"), cpuSeconds: of("cpuSeconds")};
}

function lakeText({meters, years}: GrownLake): string {
  return `${meters.toLocaleString("en")} meters x ${yearsText(years)}`;
}

function yearsText(years: number): string {
  return years === 1 ? "1 year" : `${years} years`;
}

export function figuresJson(figures: readonly Figure[], lakes: readonly GrownLake[]): string {
  const measured = ({seconds, cpuSeconds, peakBytes}: Measured) => ({
    seconds: round(seconds, 3),
    cpu_seconds: round(cpuSeconds, 3),
    peak_rss_bytes: peakBytes
  });
  return JSON.stringify(
    {
      figures: figures.map((figure) => ({
        ...{what: figure.what, lake: figure.lake, unit: figure.unit, asked: figure.asked ?? null},
        ...{seen: round(figure.seen, 4), holds: holds(figure, figure.seen) ?? null},
        ...(figure.cpu !== undefined && {cpu: round(figure.cpu, 4), cpu_holds: holds(figure, figure.cpu) ?? null})
      })),
      lakes: lakes.map((lake) => ({
        ...{meters: lake.meters, years: lake.years, readings: lake.readings, landing_bytes: lake.landingBytes},
        start_up: lake.startUp.map(measured),
        full_build: measured(lake.full),
        new_day: lake.newDay.map(measured),
        nothing: lake.nothing.map(measured),
        optimize: measured(lake.optimize),
        corrected_day: lake.correctedDay.map(measured),
        meter_year_milliseconds: lake.meterYear.map((milliseconds) => round(milliseconds, 1))
      }))
    },
    null,
    2
  );
}

export function figuresText(figures: readonly Figure[]): string {
  const cell = (figure: Figure, seen: number | undefined) => {
    if (seen === undefined) return "";
    const held = holds(figure, seen);
    return `${quantityText(figure.unit, seen)}${held === undefined ? "" : held ? "  holds" : "  TOO MUCH"}`;
  };
  const rows = [
    ["", "lake", "asked", "seen", "of all cores"],
    ...figures.map((figure) => [
      ...[figure.what, figure.lake, figure.asked === undefined ? "" : `<= ${quantityText(figure.unit, figure.asked)}`],
      ...[cell(figure, figure.seen), cell(figure, figure.cpu)]
    ])
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join("  ")
      .trimEnd()
  );
  return [...lines, "Times are those of the work, once a process has started."].join("\n");
}

function quantityText(unit: Figure["unit"], quantity: number): string {
  switch (unit) {
    case "ratio":
      return quantity < 1 ? `${round(quantity * 100, 1)} %` : `${round(quantity, 2)}x`;
    case "seconds":
      return `${round(quantity, 2)} s`;
    case "milliseconds":
      return `${round(quantity, 1)} ms`;
    case "bytes":
      return `${Math.round(quantity / 1e6).toLocaleString("en")} MB`;
    case "files":
      return String(quantity);
  }
}
