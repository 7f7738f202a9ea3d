import type {Agreement} from "./agreement.js";
import type {Pair} from "./measure.js";
import {median, round} from "./numbers.js";

/** What one process took. */
export interface Measured {
  readonly seconds: number;
  /** Of all cores together. */
  readonly cpuSeconds: number;
  /** The most memory it held at once, DuckDB's included. */
  readonly peakBytes: number;
}

/** What the pairs came to. Seconds and rows a second are medians, the peak is the highest there was. */
export interface Summary {
  readonly rows: number;
  /** What a row is: `daily rows`. */
  readonly unit: string;
  readonly pairs: readonly Pair[];
  /** The median of each pair's pipeline / by hand, in wall-clock seconds. */
  readonly ratio: number;
  readonly cpuRatio: number;
  readonly pipeline: Measured & {readonly rowsPerSecond: number};
  readonly byHand: Measured & {readonly rowsPerSecond: number};
  readonly tables: number;
  /** Tables whose rows are not the same in both. */
  readonly differing: readonly string[];
}

export function summary(rows: number, pairs: Summary["pairs"], tables: readonly Agreement[], unit: string): Summary {
  const of = (who: "pipeline" | "byHand") => {
    const seconds = median(pairs.map((pair) => pair[who].seconds));
    return {
      seconds,
      cpuSeconds: median(pairs.map((pair) => pair[who].cpuSeconds)),
      peakBytes: Math.max(...pairs.map((pair) => pair[who].peakBytes)),
      rowsPerSecond: rows / seconds
    };
  };
  return {
    rows,
    unit,
    pairs,
    ratio: median(pairs.map(({pipeline, byHand}) => pipeline.seconds / byHand.seconds)),
    cpuRatio: median(pairs.map(({pipeline, byHand}) => pipeline.cpuSeconds / byHand.cpuSeconds)),
    pipeline: of("pipeline"),
    byHand: of("byHand"),
    tables: tables.length,
    differing: tables.filter(({agrees}) => !agrees).map(({table}) => table)
  };
}

export function benchJson({rows, unit, ratio, cpuRatio, pipeline, byHand, pairs, tables, differing}: Summary): string {
  const measured = ({seconds, cpuSeconds, peakBytes}: Measured) => ({
    seconds: round(seconds, 3),
    cpu_seconds: round(cpuSeconds, 3),
    peak_rss_bytes: peakBytes
  });
  const totals = (of: Summary["pipeline"]) => ({...measured(of), rows_per_second: Math.round(of.rowsPerSecond)});
  return JSON.stringify(
    {
      [unit.replaceAll(" ", "_")]: rows,
      ratio: round(ratio, 3),
      cpu_ratio: round(cpuRatio, 3),
      pipeline: totals(pipeline),
      handwritten: totals(byHand),
      pairs: pairs.map((pair) => ({pipeline: measured(pair.pipeline), handwritten: measured(pair.byHand)})),
      tables_compared: tables,
      tables_differing: differing
    },
    null,
    2
  );
}

export function benchText({rows, unit, ratio, cpuRatio, pipeline, byHand, pairs, tables, differing}: Summary): string {
  const ratios = pairs.map((pair) => pair.pipeline.seconds / pair.byHand.seconds);
  const line = (...cells: readonly string[]) =>
    cells.map((cell, index) => (index ? cell.padStart(14) : cell.padEnd(12))).join("");
  const cells = ({seconds, rowsPerSecond, cpuSeconds, peakBytes}: Summary["pipeline"]) => [
    `${seconds.toFixed(1)} s`,
    Math.round(rowsPerSecond).toLocaleString("en"),
    `${cpuSeconds.toFixed(1)} s`,
    `${Math.round(peakBytes / 1e6).toLocaleString("en")} MB`
  ];
  const byHandIs =
    differing.length === 0 ? `the same rows in ${tables} tables` : `OTHER ROWS in ${differing.join(", ")}`;
  return [
    `${rows.toLocaleString("en")} ${unit}, ${pairs.length} pairs; both wrote ${byHandIs}`,
    line("", "median", "rows a second", "of all cores", "peak memory"),
    line("pipeline", ...cells(pipeline)),
    line("by hand", ...cells(byHand)),
    `ratio ${ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; of processor time ${cpuRatio.toFixed(2)}). ` +
      "Seconds are this machine's, today; the ratio is what counts."
  ].join("\n");
}
