import {Command, Option} from "commander";
import {exitCodes, isStarted, localDate, parameter, runCommand} from "./command.js";
import type {ParameterValues} from "./models/parameters.js";
import type {Listener} from "./observe/events.js";
import {type LogLevel, logLevels} from "./observe/log.js";
import {complain, say, yellow} from "./observe/terminal.js";

interface Options {
  lake: string;
  landing?: string;
  select?: string[];
  from?: string;
  to?: string;
  client?: string;
  plan?: boolean;
  fullRefresh?: boolean;
  again?: string[];
  param?: ParameterValues;
  wait?: boolean;
  logLevel?: LogLevel;
  json?: boolean;
  quiet?: boolean;
}

export const command = new Command("pipeline")
  .description("Takes in what lies in the landing folder, and builds the tables that it changes.")
  .option("--lake <dir>", "the lake's folder", "lake")
  .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
  .option("--select <table...>", "build only these tables, and what they are made from")
  .option("--from <date>", "rebuild from this local date on, changed or not", localDate)
  .option("--to <date>", "rebuild up to this local date, inclusive", localDate)
  .option("--client <id>", "of those dates rebuild only the ones on which this client has rows")
  .option("--plan", "say what would be built and why, and build nothing")
  .option("--full-refresh", "rebuild every row")
  .option("--again <file...>", "take a file in again whose content came in before: its path in the landing folder")
  .option(
    "--param <name=value>",
    "a parameter's value in this run, instead of its default; again for another",
    parameter
  )
  .option("--wait", "wait for a run that is under way on the lake, instead of failing")
  .addOption(
    new Option("--log-level <level>", "write log lines of this level and above to standard error too").choices(
      logLevels
    )
  )
  .option("--json", "print one JSON object")
  .option("--quiet", "print nothing but errors and warnings")
  .allowExcessArguments(false)
  .action(async ({param: params, ...options}: Options) => {
    if (options.client !== undefined && !options.from && !options.to) {
      command.error("error: --client restricts a backfill: say from when or up to when with --from or --to", {
        exitCode: exitCodes.usage
      });
    }
    if (options.plan) {
      const {previewPipeline} = await import("./preview.js");
      const {previewJson, previewText} = await import("./observe/preview_report.js");
      const plan = await previewPipeline({...options, params});
      if (!options.quiet) say(options.json ? previewJson(plan) : previewText(plan));
      return;
    }
    if (options.from && options.to && options.from > options.to) {
      command.error(`error: --from ${options.from} is after --to ${options.to}`, {exitCode: exitCodes.usage});
    }
    // What a run needs is loaded for a run alone: help and wrong usage don't wait for it.
    const {runPipeline} = await import("./pipeline.js");
    const {hasFailed} = await import("./failure.js");
    const {showProgress} = await import("./observe/progress.js");
    const {watchInterruption} = await import("./observe/interruption.js");
    const {runJson, runText, warningsOf} = await import("./observe/run_report.js");
    const progress = showProgress(process.stderr, !options.quiet && !options.json && !options.logLevel);
    const interruption = watchInterruption(process.stderr);
    const listener: Listener = (event) => {
      progress.listener(event);
      interruption.listener(event);
    };
    const result = await runPipeline({...options, params, listener}).finally(() => {
      progress.clear();
      interruption.clear();
    });
    for (const warning of warningsOf(result)) complain(yellow(warning));
    if (options.json) say(runJson(result));
    else if (!options.quiet) say(runText(result));
    if (hasFailed(result)) process.exitCode = exitCodes.failed;
  });

if (isStarted(import.meta.url)) await runCommand(command);
