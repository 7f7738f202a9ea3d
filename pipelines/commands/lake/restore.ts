import {wholeNumber} from "../../command.js";
import {say} from "../../observe/terminal.js";
import {lakeCommand} from "../options.js";

export default lakeCommand("restore", "Makes a table what it was at an older version.")
  .argument("<table>", "its dotted name")
  .requiredOption("--version <number>", "the version: npm run -s lake -- history TABLE lists them", wholeNumber)
  .action(async (table: string, {lake, version}: {lake: string; version: number}) => {
    const {restoreTable} = await import("../../care.js");
    const restored = await restoreTable(lake, table, version);
    say(`${table}: version ${restored} is what version ${version} was; npm run pipeline brings the rest in line`);
  });
