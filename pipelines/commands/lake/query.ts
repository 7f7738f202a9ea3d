import {parameter} from "../../command.js";
import type {RowFormat} from "../../exports/format.js";
import {limitsOf, type OpenCommand, print, withLake, withReaders} from "../open.js";
import {memoryLimit, ofClient, readingCommand, rowFormat, timeLimit} from "../options.js";

export default readingCommand("query", "Runs a SELECT over the lake's tables by their dotted names.")
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
  .action(async (sql: string, {format, ...options}: OpenCommand & {format: RowFormat}) => {
    const {isLimited} = await import("../../limits/limits.js");
    if (isLimited(limitsOf(options))) {
      const {printWithin} = await import("../../limits/answers.js");
      await withReaders(options, (readers) => printWithin(readers, {kind: "print", sql, format}, print));
      return;
    }
    const {printResult} = await import("../../exports/format.js");
    await withLake(options, async (lake) => printResult(await lake.stream(sql), format, print));
  });
