import type {RowFormat} from "../../exports/format.js";
import {type OpenCommand, printRows, withLake} from "../open.js";
import {readingCommand, rowFormat} from "../options.js";

export default readingCommand(
  "tables",
  "Lists the tables: rows, files, bytes, newest date, last run, and whether they are as fresh as promised."
)
  .addOption(rowFormat())
  .option("--wide", "print all columns, also where they need more than a terminal's width")
  .action(async ({format, wide = false, ...options}: OpenCommand & {format: RowFormat; wide?: boolean}) => {
    const {listingShape, listTables, narrowShape} = await import("../../table_list.js");
    const shape = wide || format !== "table" ? listingShape : narrowShape;
    await withLake(options, async (lake) => printRows(lake, shape, await listTables(lake), format));
  });
