import {writeFile} from "node:fs/promises";
import {Command, InvalidArgumentError} from "commander";
import {IANAZone} from "luxon";
import {runCommand} from "./command.js";
import {inspectFile} from "./inspect/inspection.js";
import {inspectionChart, inspectionText} from "./observe/inspection_report.js";

const command = new Command("inspect")
  .description("Looks at an unknown file: says what is in it, with the evidence, and drafts a source for it.")
  .argument("<file>", "the file")
  .option("--tz <zone>", "the time zone of its meters, where that is known", zone)
  .option("--chart <file>", "draw the mean day and the days of change as SVG, too")
  .option("--json", "print one JSON object")
  .allowExcessArguments(false)
  .action(async (file: string, {tz, chart, json}: {tz?: string; chart?: string; json?: boolean}) => {
    const inspection = await inspectFile(file, {tz});
    if (chart !== undefined) await writeFile(chart, inspectionChart(inspection));
    console.log(json ? JSON.stringify(inspection, null, 2) : inspectionText(inspection));
  });

await runCommand(command);

function zone(text: string): string {
  if (!IANAZone.isValidZone(text))
    throw new InvalidArgumentError(`not a time zone: ${text}; write it as Europe/Vilnius`);
  return text;
}
