import {Option} from "commander";
import {retention} from "../../command.js";
import {say} from "../../observe/terminal.js";
import {count, quantity} from "../../observe/text.js";
import {lakeCommand, some} from "../options.js";

export default lakeCommand("vacuum", "Removes files that no version younger than the retention needs.")
  .argument("[tables...]", "their dotted names (default: all)")
  .addOption(
    new Option("--retain <time>", "how long versions stay readable: 7d, 12h, 0d")
      .argParser(retention)
      .default(retention("7d"), "7 days")
  )
  .option("--dry-run", "say what would be removed, and remove nothing")
  .action(
    async (tables: string[], {lake, retain, dryRun = false}: {lake: string; retain: number; dryRun?: boolean}) => {
      const {vacuumLake} = await import("../../care.js");
      const options = {retainMilliseconds: retain, dryRun};
      for (const {table, files, bytes, logEntries} of await vacuumLake(lake, options, some(tables))) {
        if (files.length + logEntries.length === 0) continue;
        const entries = logEntries.length > 0 ? `, ${count(logEntries.length, "log file")}` : "";
        const removed = dryRun ? "would be removed" : "removed";
        say(`${table}: ${count(files.length, "file")} of ${quantity(bytes)} bytes${entries} ${removed}`);
      }
    }
  );
