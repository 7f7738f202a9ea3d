import {once} from "node:events";
import {join} from "node:path";
import {Command, InvalidArgumentError} from "commander";
import {exitCodes, isStarted, runCommand} from "./command.js";
import {openDuckDB} from "./engines/duckdb.js";
import {hasFailed} from "./failure.js";
import {openCatalog} from "./models/catalog.js";
import {lastRunStart} from "./models/run_record.js";
import {warningsOf} from "./observe/run_report.js";
import {say, yellow} from "./observe/terminal.js";
import {count} from "./observe/text.js";
import {runPipeline} from "./pipeline.js";
import {daily, dueAfter, dueBefore, keep, problemOf, type Timetable} from "./timetable.js";
import {faultText} from "./wording/command.js";

interface Options {
  lake: string;
  landing?: string;
  at: string;
  tz: string;
  cron?: string;
  catchUp?: boolean;
}

export const command = new Command("schedule")
  .description("Runs the pipeline whenever it is due, until it is told to stop (SIGTERM, SIGINT).")
  .option("--lake <dir>", "the lake's folder", "lake")
  .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
  .option("--at <time>", "daily at this time of the zone's clock", timeOfDay, "02:00")
  .option("--tz <zone>", "whose clock: an IANA time zone", "UTC")
  .option("--cron <pattern>", "when, instead of --at: five fields, or six with seconds first")
  .option("--catch-up", "run once at the start if none has since the last time that one was due")
  .allowExcessArguments(false)
  .action(async ({at, tz, cron, catchUp, ...where}: Options) => {
    const timetable = cron === undefined ? daily(at, tz) : {pattern: cron, zone: tz};
    const problem = problemOf(timetable);
    if (problem) command.error(`error: ${problem}`, {exitCode: exitCodes.usage});
    await serve(timetable, where, catchUp ?? false);
  });

if (isStarted(import.meta.url)) await runCommand(command);

/** Runs when it is due until a signal comes; then ends once the table under way is built, or at once on a second. */
async function serve(timetable: Timetable, where: {lake: string; landing?: string}, catchUp: boolean): Promise<void> {
  const stopping = new AbortController();
  let underWay: Promise<void> | undefined;
  const run = () => {
    underWay = runOnce(where, timetable, stopping.signal).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  const isDue = catchUp && (await isOverdue(timetable, where.lake));
  const stop = keep(timetable, async () => {
    // The one that catches up may still be under way.
    if (!underWay) await run();
  });
  const stopped = once(stopping.signal, "abort");
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      // Whatever is half done then is what a kill leaves: nothing that a reader or the next run would see.
      if (stopping.signal.aborted) process.exit(exitCodes.failed);
      note(`${signal}: ${underWay ? "stopping once the table under way is built; again to stop at once" : "stopped"}`);
      stopping.abort();
    });
  }
  note(`schedule: ${timetable.pattern} by the clock of ${timetable.zone}; ${nextText(timetable)}`);
  if (isDue) {
    note("a run was due while nothing ran here: catching up");
    run();
  }
  await stopped;
  stop();
  await underWay;
}

/** One run, told of in a line or two. It fails nothing but itself: the next one is due all the same. */
async function runOnce(
  where: {lake: string; landing?: string},
  timetable: Timetable,
  signal: AbortSignal
): Promise<void> {
  try {
    const result = await runPipeline({...where, wait: true, signal});
    for (const warning of warningsOf(result)) note(yellow(warning));
    const {run, complete, tables, seconds} = result;
    const built = tables.filter(({outcome}) => outcome === "built").length;
    const code = hasFailed(result) ? exitCodes.failed : exitCodes.done;
    note(
      `run ${run}: ${complete ? "complete" : "not complete"}, ${count(built, "table")} built in ${seconds.toFixed(1)} s, exit code ${code}`
    );
  } catch (error) {
    note(`run failed: ${faultText(error)}, exit code ${exitCodes.failed}`);
  }
  if (!signal.aborted) note(nextText(timetable));
}

/** Whether no run has started since the last moment that one was due. */
async function isOverdue(timetable: Timetable, lake: string): Promise<boolean> {
  const due = dueBefore(timetable, new Date());
  if (!due) return false;
  const database = await openDuckDB({tempDirectory: join(lake, ".tmp")});
  try {
    const last = await lastRunStart(openCatalog(database, lake, {models: [], inputs: new Map()}));
    return last === undefined || last < due;
  } finally {
    database.close();
  }
}

function nextText(timetable: Timetable): string {
  const next = dueAfter(timetable, new Date());
  return next ? `next run at ${next.toISOString()}` : "no run is due any more";
}

function timeOfDay(text: string): string {
  if (!/^([01]?\d|2[0-3]):[0-5]\d$/.test(text))
    throw new InvalidArgumentError(`not a time: ${text}; write it as 02:00`);
  return text;
}

function note(text: string): void {
  say(`${new Date().toISOString()} ${text}`);
}
