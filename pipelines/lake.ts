import {Command, Option} from "commander";
import {chalk} from "zx";
import {runCommand} from "./command.js";
import {type ExportFormat, exportTables} from "./exports/export.js";
import {printResult, type RowFormat} from "./exports/format.js";
import {type Lakehouse, openLakehouse} from "./lakehouse.js";
import {historyShape, tableHistory} from "./models/history.js";
import {digestShape, lakeDigest} from "./models/lake_digest.js";
import {type RowShape, selectOf} from "./models/rows.js";
import {count, quantity} from "./observe/text.js";
import {listingShape, listTables} from "./table_list.js";

interface ReadOptions {
  lake: string;
  asOf?: string;
  format: RowFormat;
}

interface ExportOptions {
  lake: string;
  asOf?: string;
  to: string;
  format: ExportFormat;
  tables?: string[];
}

const command = new Command("lake").description("Reads a lake: its rows, its tables, their history.");

reading("query", "Runs a SELECT over the lake's tables by their dotted names.")
  .argument("<sql>", "the SELECT")
  .addOption(rowFormat())
  .action((sql: string, options: ReadOptions) =>
    withLake(options, async (lake) => printResult(await lake.stream(sql), options.format, print))
  );

reading("tables", "Lists the tables: rows, files, bytes, newest date.")
  .addOption(rowFormat())
  .action((options: ReadOptions) =>
    withLake(options, async (lake) => printRows(lake, listingShape, await listTables(lake), options))
  );

reading("history", "Tells a table's versions: when, by which run, what changed and why.")
  .argument("<table>", "its dotted name")
  .addOption(rowFormat())
  .action((table: string, options: ReadOptions) =>
    withLake(options, async (lake) => printRows(lake, historyShape, await tableHistory(lake.catalog, table), options))
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
  .addOption(new Option("--format <format>", "what to write").choices(["parquet", "csv", "duckdb"]).default("parquet"))
  .option("--tables <names>", "only these, with commas between them (default: all of gold)", (names) =>
    names.split(",")
  )
  .action((options: ExportOptions) =>
    withLake(options, async (lake) => {
      for (const {table, file, rows, bytes} of await exportTables(lake, options.to, options.format, options.tables)) {
        console.log(`${table}: ${count(rows, "row")}, ${quantity(bytes)} bytes in ${file}`);
      }
    })
  );

await runCommand(command);

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

function rowFormat(): Option {
  return new Option("--format <format>", "how to print rows").choices(["table", "json", "csv"]).default("table");
}

async function withLake(
  options: {lake: string; asOf?: string},
  work: (lake: Lakehouse) => Promise<void>
): Promise<void> {
  const lake = await openLakehouse(options.lake, options.asOf);
  try {
    for (const notice of lake.notices) console.error(chalk.yellow(notice));
    await work(lake);
  } finally {
    await lake.close();
  }
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

/** Writes to standard output, and waits where its reader is slower. */
function print(text: string): Promise<void> | void {
  if (!process.stdout.write(text)) return new Promise((resolve) => process.stdout.once("drain", resolve));
}
