import {writeFile} from "node:fs/promises";
import {Command, InvalidArgumentError, Option} from "commander";
import {IANAZone} from "luxon";
import {policies} from "./calendar/policy.js";
import {isStarted, runCommand} from "./command.js";
import {addSource} from "./inspect/add_source.js";
import {type InspectOptions, inspectFile} from "./inspect/inspection.js";
import {addedText, inspectionChart, inspectionText} from "./observe/inspection_report.js";
import {say} from "./observe/terminal.js";
import {limitsOf} from "./sources/lake_sources.js";
import {labelsAt, type TimeFormat, timeFormats, units} from "./sources/source.js";

type Channel = NonNullable<InspectOptions["channel"]>;

interface Options {
  time?: string[];
  value?: string[];
  meter?: string;
  channel?: {all?: Channel; texts: Map<string, Channel>};
  format?: TimeFormat;
  unit?: InspectOptions["unit"];
  tz?: string;
  labelAt?: InspectOptions["labelAt"];
  policy?: InspectOptions["policy"];
  table?: string;
  add?: string;
  lake: string;
  chart?: string;
  json?: boolean;
}

const channels: readonly string[] = ["import", "export", "production", "consumption"] satisfies Channel[];
const collect = (text: string, before: string[] = []) => [...before, text];

export const command = new Command("inspect")
  .description("Looks at an unknown file: reports what is in it, with the evidence, and drafts a source for it.")
  .argument("<file>", "the file")
  .option("--add <name>", "write the source into LAKE/sources.json, under this name")
  .option("--lake <dir>", "the lake's folder", "lake")
  .option("--chart <file>", "draw the mean day and the days of change as SVG, too")
  .option("--json", "print one JSON object")
  .optionsGroup("What the file leaves open:")
  .option("--time <column>", "the column of the time; twice for a date's and a time's", collect)
  .option("--format <form>", `how times are written: ${timeFormats.join(", ")}`, timeForm)
  .option("--label-at <which>", `what a time names: ${labelsAt.join(", ")}`, choice(labelsAt))
  .option("--value <column>", "the column of the values; several times for several", collect)
  .option("--unit <unit>", `the unit of the values: ${units.join(", ")}`, choice(units))
  .option("--meter <column or id>", "the column of the meter's id, or the id itself")
  .option("--channel <channel>", `${channels.join(", ")}; TEXT=CHANNEL for the rows with a text`, channel)
  .option("--tz <zone>", "the time zone of the meters, such as Europe/Vilnius", zone)
  .addOption(
    new Option("--policy <name>", "what the sender does on the days that the clock changes").choices(
      Object.keys(policies)
    )
  )
  .option("--table <name>", "the table of a database")
  .allowExcessArguments(false)
  .action(async (file: string, options: Options) => {
    const {add, chart, json, lake, time, value, format, channel: ofChannel, ...others} = options;
    const said: InspectOptions = {
      ...{meter: others.meter, unit: others.unit, tz: others.tz, labelAt: others.labelAt, policy: others.policy},
      ...{times: time, values: value, form: format, table: others.table, name: add, limits: await limitsOf(lake)},
      ...{channel: ofChannel?.all, channels: ofChannel?.texts}
    };
    const inspection = await inspectFile(file, said);
    if (chart !== undefined) await writeFile(chart, inspectionChart(inspection));
    if (add === undefined) {
      say(json ? JSON.stringify(inspection, null, 2) : inspectionText(inspection));
      return;
    }
    const added = await addSource(lake, inspection);
    if (json) say(JSON.stringify({...inspection, added}, null, 2));
    else say(addedText(inspection, added));
  });

if (isStarted(import.meta.url)) await runCommand(command);

function zone(text: string): string {
  if (!IANAZone.isValidZone(text))
    throw new InvalidArgumentError(`not a time zone: ${text}; write it as Europe/Vilnius`);
  return text;
}

/** A name of a list, whatever its capitals. */
function choice<T extends string>(all: readonly T[]): (text: string) => T {
  return (text) => {
    const found = all.find((one) => one === text) ?? all.find((one) => one.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new InvalidArgumentError(`choose one of ${all.join(", ")}`);
    return found;
  };
}

/** A form of times by its name, or as people write it: DD-MM-YYYY HH:mm. */
function timeForm(text: string): TimeFormat {
  const letters = text.toLowerCase().replace(/[^a-z]/g, "");
  if (/^dd?mm?y/.test(letters)) return "day_first";
  if (/^mm?dd?y/.test(letters)) return "month_first";
  if (/^yyyymm?dd?/.test(letters)) return "iso";
  return choice(timeFormats)(text.replaceAll("-", "_"));
}

/** `import`, or `Received=import` for the rows of a text; several texts by saying it several times. */
function channel(text: string, before?: Options["channel"]): Options["channel"] {
  const [, of, name] = /^(?:(.*)=)?([^=]+)$/s.exec(text) ?? [];
  if (name === undefined || !channels.includes(name))
    throw new InvalidArgumentError(`choose one of ${channels.join(", ")}, or write TEXT=import`);
  const texts = new Map(before?.texts);
  if (of === undefined) return {texts, all: name as Channel};
  return {...before, texts: texts.set(of.trim().replaceAll(/\s+/g, " ").toLowerCase(), name as Channel)};
}
