import {join} from "node:path";
import {replaceFile} from "../engines/replace_file.js";
import {balances} from "../models/reconciliation.js";
import {isLate, type TableState} from "../models/table_state.js";
import type {Listener, RunEvent, RunFinished, TableChecked, TableFinished} from "./events.js";

/** A measured value, and what it is of. */
type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

/** A metric with its samples; all of them are gauges: they tell of the last run, not of all there were. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * Writes what the last run came to, and how the tables are, to `metrics/wattlake.prom` in the lake's folder: text in
 * Prometheus's format, as node_exporter's textfile collector reads it. A run that ended early tells only that.
 */
export function runMetrics(lake: string): Listener {
  // Loaded while the engine works, not when the run is done and somebody waits.
  const library = import("prom-client");
  library.catch(() => undefined);
  const checked: TableChecked[] = [];
  const finished: TableFinished[] = [];
  let run: number | undefined;
  const write = async (event: RunEvent & {kind: "run finished" | "run failed"}) => {
    const {Gauge, Registry} = await library;
    const registry = new Registry();
    const metrics = [
      ...runMetricsOf(event, run, new Date()),
      ...(event.kind === "run finished" ? lakeMetricsOf(event, new Date()) : []),
      ...buildMetricsOf(finished, checked)
    ];
    for (const {name, help, samples} of metrics) {
      if (samples.length === 0) continue;
      const labelNames = Object.keys(samples[0]?.[1] ?? {});
      const gauge = new Gauge({name: `wattlake_${name}`, help, labelNames, registers: [registry]});
      for (const [value, labels] of samples) gauge.set(labels ?? {}, value);
    }
    await replaceFile(join(lake, "metrics"), "wattlake.prom", await registry.metrics());
  };
  return (event) => {
    if (event.kind === "run started") run = event.run;
    else if (event.kind === "table checked") checked.push(event);
    else if (event.kind === "table finished") finished.push(event);
    // A run that never began, because another one is under way, say, has nothing to tell of this lake.
    else if (run !== undefined && (event.kind === "run finished" || event.kind === "run failed")) return write(event);
  };
}

function runMetricsOf(
  event: RunEvent & {kind: "run finished" | "run failed"},
  number: number | undefined,
  now: Date
): Metric[] {
  const outcome = event.kind === "run failed" ? "failed" : event.complete ? "complete" : "partial";
  const run = event.kind === "run finished" ? event.run : number;
  return [
    ...(run === undefined ? [] : [gauge("run_number", "The last run's number.", run)]),
    {
      name: "run_outcome",
      help: "1 for what came of the last run: complete, partial (something failed, the rest was built) or failed.",
      samples: ["complete", "partial", "failed"].map((each) => [Number(each === outcome), {outcome: each}])
    },
    gauge("run_duration_seconds", "How long the last run took.", event.seconds),
    gauge("run_end_timestamp_seconds", "When the last run ended.", now.getTime() / 1000)
  ];
}

function lakeMetricsOf(event: RunFinished, now: Date): Metric[] {
  const {rows, filesTaken, filesRejected, filesUnreadable, reconciliation, tables} = event;
  const each = (name: string, help: string, value: (table: TableState) => number | null | undefined): Metric => ({
    name,
    help,
    samples: tables.flatMap((state): Sample[] => {
      const number = value(state);
      return typeof number === "number" ? [[number, {table: state.table}]] : [];
    })
  });
  return [
    gauge("run_rows_written", "Rows that the last run wrote.", rows),
    gauge("run_files_taken", "Files that the last run took in.", filesTaken),
    gauge("run_files_rejected", "Files that the last run could not read.", filesRejected),
    gauge("files_unreadable", "Files of all runs that can't be read.", filesUnreadable),
    {
      name: "source_balanced",
      help: "1 where every value and all energy of a source has one fate.",
      samples: reconciliation.map((line) => [Number(balances(line)), {source: line.source}])
    },
    {
      name: "source_values_rejected",
      help: "Values of a source that can't be right.",
      samples: reconciliation.map(({source, rejected}) => [Number(rejected), {source}])
    },
    each("table_rows", "Rows of a table.", (table) => table.rows),
    each("table_files", "Data files of a table.", (table) => table.files),
    each("table_bytes", "Bytes of a table's data files.", (table) => table.bytes),
    each("table_version", "A table's version.", (table) => table.version),
    each(
      "table_newest_timestamp_seconds",
      "When the time of a table's newest value was over.",
      ({newestEnd}) => newestEnd && newestEnd.getTime() / 1000
    ),
    each(
      "table_fresh_promise_seconds",
      "How old a table's newest value may become.",
      ({freshHours}) => freshHours && freshHours * 3600
    ),
    each("table_late", "1 where a table is older than promised, as the last run left it.", (table) => {
      const late = isLate(table, now);
      return late === null ? null : Number(late);
    })
  ];
}

function buildMetricsOf(finished: readonly TableFinished[], checked: readonly TableChecked[]): Metric[] {
  return [
    {
      name: "table_build_duration_seconds",
      help: "How long the last run took over a table, that it looked through or built.",
      samples: finished.map(({table, seconds}) => [seconds, {table}])
    },
    {
      name: "table_failed",
      help: "1 where the last run could not build a table, or it waits for one that failed.",
      samples: finished.map(({table, outcome}) => [Number(outcome === "failed" || outcome === "blocked"), {table}])
    },
    {
      name: "check_violations",
      help: "Rows that violate a check, of those that the last run checked.",
      samples: checked.flatMap(({table, checks, failures}) =>
        checks.map(({name}): Sample => {
          const failure = failures.find(({check}) => check === name);
          return [failure?.violations ?? 0, {table, check: name}];
        })
      )
    }
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return {name, help, samples: [[value]]};
}
