import type {RowFormat} from "../../exports/format.js";
import {type OpenCommand, printRows, withLake} from "../open.js";
import {readingCommand, rowFormat} from "../options.js";

export default readingCommand(
  "digest",
  "Prints a digest of each table's content: the same for the same arrivals, however they were built."
)
  .addOption(rowFormat())
  .action(async ({format, ...options}: OpenCommand & {format: RowFormat}) => {
    const {digestShape, lakeDigest} = await import("../../models/lake_digest.js");
    await withLake(options, async (lake) =>
      printRows(lake, digestShape, await lakeDigest(lake.catalog, await lake.tables()), format)
    );
  });
