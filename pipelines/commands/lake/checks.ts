import {exitCodes, wholeNumber} from "../../command.js";
import {say} from "../../observe/terminal.js";
import {withLake} from "../open.js";
import {lakeCommand} from "../options.js";

export default lakeCommand(
  "checks",
  "Shows what came of each check in a run; ends with 1 when one failed that keeps rows from being published."
)
  .option("--run <number>", "the run (default: the last)", wholeNumber)
  .option("--json", "print JSON, for machines")
  .action(async ({lake, run, json = false}: {lake: string; run?: number; json?: boolean}) => {
    const {listChecks} = await import("../../check_list.js");
    const {checksText} = await import("../../observe/check_report.js");
    await withLake({lake, asOf: "latest"}, async (opened) => {
      const list = await listChecks(opened, run);
      say(json ? JSON.stringify(list, null, 2) : checksText(list));
      const isFailed = list.checks.some(({outcome, severity}) => outcome === "failed" && severity === "error");
      if (isFailed) process.exitCode = exitCodes.failed;
    });
  });
