import {Option} from "commander";
import type {ExportFormat} from "../../exports/export.js";
import {say} from "../../observe/terminal.js";
import {count, quantity} from "../../observe/text.js";
import {limitsOf, type OpenCommand, withLake, withReaders} from "../open.js";
import {memoryLimit, ofClient, readingCommand, timeLimit} from "../options.js";

interface ExportCommand extends OpenCommand {
  to: string;
  format: ExportFormat;
  tables?: string[];
}

export default readingCommand("export", "Writes tables for other tools: docs/tools.md says which opens what.")
  .requiredOption("--to <dir>", "the folder to write to")
  .addOption(ofClient())
  .addOption(new Option("--format <format>", "what to write").choices(["parquet", "csv", "duckdb"]).default("parquet"))
  .option("--tables <names>", "only these, with commas between them (default: all of gold)", (names) =>
    names.split(",")
  )
  .addOption(timeLimit())
  .addOption(memoryLimit())
  .action(async ({to: folder, format, tables, ...options}: ExportCommand) => {
    for (const {table, file, rows, bytes} of await exported(options, {folder, format, tables}))
      say(`${table}: ${count(rows, "row")}, ${quantity(bytes)} bytes in ${file}`);
  });

async function exported(
  options: OpenCommand,
  {folder, format, tables}: {folder: string; format: ExportFormat; tables?: string[]}
) {
  const {isLimited} = await import("../../limits/limits.js");
  if (isLimited(limitsOf(options))) {
    const {exportWithin} = await import("../../limits/answers.js");
    return withReaders(options, (readers) => exportWithin(readers, {kind: "export", folder, format, tables}));
  }
  const {exportTables} = await import("../../exports/export.js");
  return withLake(options, (lake) => exportTables(lake, folder, format, tables));
}
