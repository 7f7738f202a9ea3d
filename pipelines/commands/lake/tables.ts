import type {RowFormat} from "../../exports/format.js";
import {type OpenCommand, printRows, withLake} from "../open.js";
import {readingCommand, rowFormat} from "../options.js";

export default readingCommand(
  "tables",
  "Lists the tables: rows, files, bytes, newest date, last run, and whether they are as fresh as promised."
)
  .addOption(rowFormat())
  .action(async ({format, ...options}: OpenCommand & {format: RowFormat}) => {
    const {listingShape, listTables} = await import("../../table_list.js");
    await withLake(options, async (lake) => printRows(lake, listingShape, await listTables(lake), format));
  });
