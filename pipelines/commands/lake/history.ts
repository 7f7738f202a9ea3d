import type {RowFormat} from "../../exports/format.js";
import {type OpenCommand, printRows, withLake} from "../open.js";
import {readingCommand, rowFormat} from "../options.js";

export default readingCommand("history", "Lists a table's versions: when, by which run, what changed and why.")
  .argument("<table>", "its dotted name")
  .addOption(rowFormat())
  .action(async (table: string, {format, ...options}: OpenCommand & {format: RowFormat}) => {
    const {historyShape, tableHistory} = await import("../../models/history.js");
    await withLake(options, async (lake) =>
      printRows(lake, historyShape, await tableHistory(lake.catalog, table), format)
    );
  });
