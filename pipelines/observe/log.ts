import {join} from "node:path";
import type {LoggerOptions} from "pino";
import type {Listener, RunEvent} from "./events.js";
import {runFile} from "./kept_files.js";

/** From the most to the least that is said. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Writes a run's events as lines of JSON: to `logs/RUN.jsonl` in the lake's folder from level `info` on, and with a
 * level given, from that level on, to standard error too. Each line has its time, level, run and, where it is about
 * one, table; `msg` is the kind of event.
 */
export function runLog(lake: string, level?: LogLevel): Listener {
  const isFiner = level !== undefined && logLevels.indexOf(level) < logLevels.indexOf("info");
  const screen = level === undefined || level === "silent" ? undefined : openLog(2, level);
  const waiting: RunEvent[] = [];
  let run: number | undefined;
  let file: Promise<Log> | undefined;
  return async (event) => {
    if (event.kind === "run started") {
      run = event.run;
      file = runFile(join(lake, "logs"), run).then((path) => openLog(path, isFiner ? level : "info"));
    }
    const [number, written] = [run, file];
    if (screen) (await screen).write(event, number);
    // Which file it is, is known once the run has a number.
    if (!written) return void waiting.push(event);
    const log = await written;
    for (const earlier of waiting.splice(0)) log.write(earlier, number);
    log.write(event, number);
    // A schedule's process outlives many runs.
    if (event.kind === "run finished" || event.kind === "run failed") log.close();
  };
}

interface Log {
  write(event: RunEvent, run: number | undefined): void;
  close(): void;
}

/** Opens a file, or one that is open, for lines of a level and above. */
async function openLog(file: string | number, level: LogLevel): Promise<Log> {
  const {pino} = await import("pino");
  const destination = pino.destination({dest: file, sync: true});
  let trouble: Error | undefined;
  destination.on("error", (error: Error) => {
    trouble ??= error;
  });
  const options: LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {level: (label) => ({level: label})}
  };
  const log = pino(options, destination);
  return {
    write(event, run) {
      const fields = fieldsOf(event);
      if (fields) log[levelOf(event)]({run, ...fields}, event.kind);
      if (trouble) throw trouble;
    },
    close: () => destination.end()
  };
}

/** What a line has of an event; undefined where there is no line. */
function fieldsOf(event: RunEvent): object | undefined {
  const {kind, ...all} = event;
  switch (event.kind) {
    case "table progress":
      return undefined;
    case "run started": {
      const {lake, program, engineVersion} = event;
      return {lake, program, engine: `duckdb ${engineVersion}`, pid: process.pid};
    }
    case "table planned": {
      const {scope} = event;
      if (scope === "nothing" || scope === "all") return all;
      return {...all, scope: "some", values: scope.length, first: scope[0], last: scope.at(-1)};
    }
    case "table checked": {
      // Rows of meters have no place in a log: quality.check_failure holds the examples.
      const failures = event.failures.map(({check, severity, violations}) => ({check, severity, violations}));
      return {...all, checks: event.checks.length, failures};
    }
    case "table committed":
      return {...all, columns: event.columns.length};
    case "run finished": {
      const {reconciliation, tables, kind, ...figures} = event;
      return figures;
    }
    default:
      return all;
  }
}

function levelOf(event: RunEvent): "debug" | "info" | "warn" | "error" {
  switch (event.kind) {
    case "file taken":
    case "table staged":
      return "debug";
    case "table planned":
      return event.scope === "nothing" ? "debug" : "info";
    case "table checked":
      if (event.failures.length === 0) return "debug";
      return event.failures.some(({severity}) => severity === "error") ? "error" : "warn";
    case "table finished":
      if (event.outcome === "failed") return "error";
      if (event.outcome === "blocked") return "warn";
      return event.outcome === "built" ? "info" : "debug";
    case "file rejected":
      return "warn";
    case "run finished":
      return event.complete ? "info" : "warn";
    case "run failed":
      return "error";
    default:
      return "info";
  }
}
