import {hostname, userInfo} from "node:os";
import {Command, Option} from "commander";
import {optimizeLake, restoreTable, vacuumLake} from "./care.js";
import {listChecks} from "./check_list.js";
import {exitCodes, isStarted, parameter, retention, runCommand, wholeNumber} from "./command.js";
import {described, describeTables} from "./describe/description.js";
import {openDuckDB} from "./engines/duckdb.js";
import {eraseCustomer} from "./erasure/erase.js";
import {explain} from "./explain/explain.js";
import {type ExportFormat, exportTables} from "./exports/export.js";
import {printResult, type RowFormat} from "./exports/format.js";
import {type Lakehouse, openLakehouse} from "./lakehouse.js";
import {exportWithin, printWithin} from "./limits/answers.js";
import {isLimited, type Limits} from "./limits/limits.js";
import {openReaders, type Readers} from "./limits/readers.js";
import {historyShape, tableHistory} from "./models/history.js";
import {digestShape, lakeDigest} from "./models/lake_digest.js";
import type {ParameterValues} from "./models/parameters.js";
import {openProject} from "./models/project.js";
import {type RowShape, selectOf} from "./models/rows.js";
import {checksText} from "./observe/check_report.js";
import {describeText} from "./observe/describe_report.js";
import {erasureJson, erasureProblems, erasureText, isProven} from "./observe/erasure_report.js";
import {explanationJson, explanationText, shownRows} from "./observe/explain_report.js";
import {complain, say, visible, yellow} from "./observe/terminal.js";
import {count, quantity} from "./observe/text.js";
import type {ErasureOrder} from "./sources/erasure_request.js";
import {listingShape, listTables} from "./table_list.js";

interface LimitOptions {
  timeout?: number;
  memory?: string;
}

interface ReadOptions extends LimitOptions {
  lake: string;
  client?: string;
  asOf?: string;
  format: RowFormat;
  param?: ParameterValues;
  files?: boolean;
}

interface ExportOptions extends LimitOptions {
  lake: string;
  client?: string;
  asOf?: string;
  to: string;
  format: ExportFormat;
  tables?: string[];
}

interface EraseCommand {
  lake: string;
  landing?: string;
  client?: string;
  location?: string;
  meter?: string[];
  by?: string;
  resume?: boolean;
  json?: boolean;
}

export const command = new Command("lake").description("Reads a lake: its rows, its tables, their history.");

reading("query", "Runs a SELECT over the lake's tables by their dotted names.")
  .argument("<sql>", "the SELECT")
  .addOption(ofClient())
  .option("--files", "let the SELECT read files, too: read_parquet, read_csv, read_json, read_text, …")
  .addOption(rowFormat())
  .option(
    "--param <name=value>",
    "a parameter's value for the views, instead of its default; again for another",
    parameter
  )
  .addOption(timeLimit())
  .addOption(memoryLimit())
  .action(async (sql: string, {format, ...options}: ReadOptions) => {
    if (isLimited(limitsOf(options)))
      await withReaders(options, (readers) => printWithin(readers, {kind: "print", sql, format}, print));
    else await withLake(options, async (lake) => printResult(await lake.stream(sql), format, print));
  });

reading(
  "tables",
  "Lists the tables: rows, files, bytes, newest date, last run, and whether they are as fresh as promised."
)
  .addOption(rowFormat())
  .action((options: ReadOptions) =>
    withLake(options, async (lake) => printRows(lake, listingShape, await listTables(lake), options))
  );

command
  .command("describe")
  .description("Tells what a table is, built or not: columns, key, checks, what it is made from and what from it.")
  .argument("<table>", "its dotted name")
  .option("--json", "print JSON, for machines")
  .allowExcessArguments(false)
  .action(async (table: string, {json = false}: {json?: boolean}) => {
    const database = await openDuckDB();
    try {
      const description = described(await describeTables(database, await openProject(database)), table);
      say(json ? JSON.stringify(description, null, 2) : describeText(description));
    } finally {
      database.close();
    }
  });

command
  .command("checks")
  .description(
    "Shows what came of each check in a run; ends with 1 when one failed that keeps rows from being published."
  )
  .option("--lake <dir>", "the lake's folder", "lake")
  .option("--run <number>", "the run (default: the last)", wholeNumber)
  .option("--json", "print JSON, for machines")
  .allowExcessArguments(false)
  .action(({lake, run, json = false}: {lake: string; run?: number; json?: boolean}) =>
    withLake({lake, asOf: "latest"}, async (opened) => {
      const list = await listChecks(opened, run);
      say(json ? JSON.stringify(list, null, 2) : checksText(list));
      const isFailed = list.checks.some(({outcome, severity}) => outcome === "failed" && severity === "error");
      if (isFailed) process.exitCode = exitCodes.failed;
    })
  );

reading("history", "Tells a table's versions: when, by which run, what changed and why.")
  .argument("<table>", "its dotted name")
  .addOption(rowFormat())
  .action((table: string, options: ReadOptions) =>
    withLake(options, async (lake) => printRows(lake, historyShape, await tableHistory(lake.catalog, table), options))
  );

reading(
  "explain",
  "Tells where rows came from: down to the rows of files, with what was superseded or rejected beside."
)
  .argument("<table>", "its dotted name")
  .argument("<key...>", "values of its key, in its order, some left out; or column=value")
  .option("--json", "print all of it as JSON, no list cut")
  .action((table: string, key: string[], {json = false, ...options}: ReadOptions & {json?: boolean}) =>
    withLake(options, async (lake) => {
      const explanation = await explain(lake, table, key, json ? {} : {limit: shownRows});
      say(json ? explanationJson(explanation) : explanationText(explanation));
    })
  );

reading("digest", "Prints a digest of each table's content: the same for the same arrivals, however they were built.")
  .addOption(rowFormat())
  .action((options: ReadOptions) =>
    withLake(options, async (lake) => {
      await printRows(lake, digestShape, await lakeDigest(lake.catalog, await lake.tables()), options);
    })
  );

reading("export", "Writes tables for other tools: docs/tools.md says which opens what.")
  .requiredOption("--to <dir>", "the folder to write to")
  .addOption(ofClient())
  .addOption(new Option("--format <format>", "what to write").choices(["parquet", "csv", "duckdb"]).default("parquet"))
  .option("--tables <names>", "only these, with commas between them (default: all of gold)", (names) =>
    names.split(",")
  )
  .addOption(timeLimit())
  .addOption(memoryLimit())
  .action(async ({to: folder, format, tables, ...options}: ExportOptions) => {
    const exported = isLimited(limitsOf(options))
      ? withReaders(options, (readers) => exportWithin(readers, {kind: "export", folder, format, tables}))
      : withLake(options, (lake) => exportTables(lake, folder, format, tables));
    for (const {table, file, rows, bytes} of await exported)
      say(`${table}: ${count(rows, "row")}, ${quantity(bytes)} bytes in ${file}`);
  });

caring("optimize", "Folds small files, and puts rows in the order of the table's key.")
  .argument("[tables...]", "their dotted names (default: all)")
  .action(async (tables: string[], {lake}: {lake: string}) => {
    for (const {table, filesBefore, filesAfter, ordered} of await optimizeLake(lake, some(tables))) {
      const folded =
        filesBefore !== filesAfter ? [`${count(filesBefore, "file")} folded into ${quantity(filesAfter)}`] : [];
      const sorted = ordered > 0 ? [`${count(ordered, "file")} put in order`] : [];
      if (folded.length + sorted.length > 0) say(`${table}: ${[...folded, ...sorted].join(", ")}`);
    }
  });

caring("vacuum", "Removes files that no version younger than the retention needs.")
  .argument("[tables...]", "their dotted names (default: all)")
  .addOption(
    new Option("--retain <time>", "how long versions stay readable: 7d, 12h, 0d")
      .argParser(retention)
      .default(retention("7d"), "7 days")
  )
  .option("--dry-run", "say what would be removed, and remove nothing")
  .action(
    async (tables: string[], {lake, retain, dryRun = false}: {lake: string; retain: number; dryRun?: boolean}) => {
      for (const {table, files, bytes, logEntries} of await vacuumLake(
        lake,
        {retainMilliseconds: retain, dryRun},
        some(tables)
      )) {
        const entries = logEntries.length > 0 ? `, ${count(logEntries.length, "log file")}` : "";
        if (files.length + logEntries.length > 0) {
          say(
            `${table}: ${count(files.length, "file")} of ${quantity(bytes)} bytes${entries}${dryRun ? " would be" : ""} removed`
          );
        }
      }
    }
  );

caring("restore", "Makes a table what it was at an older version.")
  .argument("<table>", "its dotted name")
  .requiredOption("--version <number>", "the version: npm run -s lake -- history TABLE lists them", wholeNumber)
  .action(async (table: string, {lake, version}: {lake: string; version: number}) => {
    const restored = await restoreTable(lake, table, version);
    say(`${table}: version ${restored} is what version ${version} was; npm run pipeline brings the rest in line`);
  });

caring("erase", "Removes a customer from landing, every table and its older versions, and proves it.")
  .option("--client <id>", "the client whose customer it is")
  .option("--location <id>", "the customer's location: its home and its meters go")
  .option("--meter <id>", "a meter that goes, beside the location or alone; again for another", repeated)
  .option("--by <name>", "by whose order (default: you)")
  .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
  .option("--resume", "finish the erasure that is open")
  .option("--json", "print the proof as JSON")
  .action(async ({lake, landing, json = false, ...options}: EraseCommand) => {
    const erased = await eraseCustomer({lake, ...(landing && {landing})}, orderOf(options));
    for (const problem of erasureProblems(erased)) complain(yellow(problem));
    say(json ? erasureJson(erased) : erasureText(erased));
    if (!isProven(erased)) process.exitCode = exitCodes.failed;
  });

if (isStarted(import.meta.url)) await runCommand(command);

/** Whom to erase; undefined for whatever is open. */
function orderOf({
  client,
  location,
  meter = [],
  by,
  resume = false
}: Omit<EraseCommand, "lake">): ErasureOrder | undefined {
  if (resume && client === undefined && location === undefined && meter.length === 0) return undefined;
  if (client === undefined || (location === undefined && meter.length === 0) || resume)
    throw new Error("whom to erase isn't said: write --client ID --location ID, or --meter ID; or --resume alone", {
      cause: "usage"
    });
  return {client, location, meters: meter, by: by ?? `${userInfo().username}@${hostname()}`};
}

function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** A subcommand that changes tables, not what is in them. */
function caring(name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .option("--lake <dir>", "the lake's folder", "lake")
    .allowExcessArguments(false);
}

/** The names given; undefined, which is all, where there are none. */
function some(tables: readonly string[]): readonly string[] | undefined {
  return tables.length > 0 ? tables : undefined;
}

/** A subcommand with the options that every one has. */
function reading(name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .option("--lake <dir>", "the lake's folder", "lake")
    .option(
      "--as-of <run>",
      "a run's number, an ISO instant with its offset, or latest (default: the last complete run)"
    )
    .allowExcessArguments(false);
}

function ofClient(): Option {
  return new Option("--client <id>", "show the rows of this client alone, and of no other's");
}

function rowFormat(): Option {
  return new Option("--format <format>", "how to print rows").choices(["table", "json", "csv"]).default("table");
}

function timeLimit(): Option {
  return new Option("--timeout <seconds>", "stop it after so many seconds (default: none)").argParser(Number);
}

function memoryLimit(): Option {
  return new Option("--memory <size>", "stop it above so much memory, such as 500MB (default: the engine's 1500MB)");
}

interface OpenCommand extends LimitOptions {
  lake: string;
  asOf?: string;
  client?: string;
  param?: ParameterValues;
  files?: boolean;
}

async function withLake<T>(options: OpenCommand, work: (lake: Lakehouse) => Promise<T>): Promise<T> {
  const {lake: folder, asOf, param: params, client, files} = options;
  const lake = await openLakehouse(folder, asOf, {params, client, files});
  try {
    for (const notice of lake.notices) complain(yellow(notice));
    return await work(lake);
  } finally {
    await lake.close();
  }
}

/** Does work on a lake within limits, in a process that ends where it goes over one. */
async function withReaders<T>(options: OpenCommand, work: (readers: Readers) => Promise<T>): Promise<T> {
  const {lake: folder, asOf, param: params, client, files} = options;
  const opening = {folder, asOf, options: {params, client, files}};
  const readers = openReaders(opening, limitsOf(options), (notice) => complain(yellow(notice)));
  try {
    return await work(readers);
  } finally {
    readers.close();
  }
}

function limitsOf({timeout: timeoutSeconds, memory}: LimitOptions): Limits {
  return {...(timeoutSeconds !== undefined && {timeoutSeconds}), ...(memory !== undefined && {memory})};
}

/** Prints rows that the program made as it prints those of a query. */
async function printRows(
  lake: Lakehouse,
  shape: RowShape,
  rows: readonly object[],
  {format}: ReadOptions
): Promise<void> {
  const select = selectOf(shape, rows as readonly Record<string, unknown>[]);
  await printResult(await lake.workspace.connection.native.stream(select), format, print);
}

/** Writes rows to standard output, and waits where its reader is slower. The returns of CSV's lines stay. */
function print(text: string): Promise<void> | void {
  if (!process.stdout.write(text.split("\r\n").map(visible).join("\r\n")))
    return new Promise((resolve) => process.stdout.once("drain", resolve));
}
