import {say} from "../../observe/terminal.js";
import {type OpenCommand, withLake} from "../open.js";
import {readingCommand} from "../options.js";

export default readingCommand(
  "explain",
  "Shows where rows came from, down to the rows of files, and what was superseded or rejected beside them."
)
  .argument("<table>", "its dotted name")
  .argument("<key...>", "values of its key, in its order, some left out; or column=value")
  .option("--json", "print all of it as JSON, no list cut")
  .action(async (table: string, key: string[], {json = false, ...options}: OpenCommand & {json?: boolean}) => {
    const {explain} = await import("../../explain/explain.js");
    const {explanationJson, explanationText, shownRows} = await import("../../observe/explain_report.js");
    await withLake(options, async (lake) => {
      const explanation = await explain(lake, table, key, json ? {} : {limit: shownRows});
      say(json ? explanationJson(explanation) : explanationText(explanation));
    });
  });
