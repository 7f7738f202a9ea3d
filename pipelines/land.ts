import {join} from "node:path";
import {Command, Option} from "commander";
import {policies} from "./calendar/policy.js";
import {exitCodes, isStarted, runCommand} from "./command.js";
import {openDuckDB} from "./engines/duckdb.js";
import {didYouMean} from "./models/near.js";
import {openProject} from "./models/project.js";
import {deliveryText} from "./observe/delivery_report.js";
import {complain, say, yellow} from "./observe/terminal.js";
import {count} from "./observe/text.js";
import {knownFormats} from "./sources/catalogue/catalogue.js";
import type {SaidSettings} from "./sources/catalogue/known_format.js";
import {handoverOf, type Said} from "./sources/catalogue/land_format.js";
import {deliverAll} from "./sources/delivery.js";
import type {Dock} from "./sources/fit.js";
import {type GivenFile, givenFiles} from "./sources/given_files.js";
import type {Delivery, Handover} from "./sources/handover.js";
import {limitsOf, sourcesOf} from "./sources/lake_sources.js";
import {labelsAt, type Source} from "./sources/source.js";
import {sources as ownSources} from "./sources/sources.js";

/** What may be said of a file of a known format. */
interface FormatOptions {
  location?: string;
  meter?: string;
  fuel?: string;
  channel?: string;
  unit?: string;
  calorificValue?: string;
  registerDigits?: string;
  tz?: string;
  policy?: SaidSettings["policy"];
  labelAt?: SaidSettings["labelAt"];
  absentMeans?: SaidSettings["absentMeans"];
}

interface Options extends FormatOptions {
  lake: string;
  landing?: string;
  client?: string;
  json?: boolean;
}

const formatOptions: readonly Option[] = [
  new Option("--location <id>", "where the meter is"),
  new Option("--meter <id>", "the meter, where the file names none (default: the location)"),
  new Option("--tz <zone>", "the time zone of the meter, such as Europe/Vilnius"),
  new Option("--policy <name>", "what the sender does on the days that the clock changes").choices(
    Object.keys(policies)
  ),
  new Option("--label-at <which>", "what a time names").choices(labelsAt),
  new Option("--absent-means <what>", "what an interval without a row means").choices(["missing", "zero"]),
  new Option("--fuel <fuel>", "the fuel").choices(["electricity", "gas", "district_heating"]),
  new Option("--channel <channel>", "the channel").choices(["import", "export", "production", "consumption"]),
  new Option("--unit <unit>", "the unit of the values, such as kWh"),
  new Option("--calorific-value <MJ>", "the energy in a cubic metre of the gas, in MJ"),
  new Option("--register-digits <count>", "the digits of a register before its decimal point")
];

export const command = new Command("land")
  .description(
    "Takes files in for a source or of a known format: copied whole into the landing folder, named by content, listed."
  )
  .argument(
    "<source>",
    `whose files they are: ${ownSources.map(({name}) => name).join(", ")}, or one of LAKE/sources.json; or the format that ` +
      `they have: ${knownFormats.map(({name}) => name).join(", ")}`
  )
  .argument("<files...>", "the files, left as they are; of a folder all files below it")
  .option("--client <id>", "the client whose data it is; of a source by default the source's, or shared")
  .option("--lake <dir>", "the lake's folder", "lake")
  .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
  .option("--json", "print one JSON object a file")
  .optionsGroup("Of files of a known format, where the file doesn't say it:");
for (const option of formatOptions) command.addOption(option);
command.action(async (name: string, paths: string[], options: Options) => {
  const {lake, landing = join(lake, "landing"), json} = options;
  const asGiven = handingOver(name, options, await sourcesOf(lake, landing));
  const files = await givenFiles(paths, landing);
  let landed = 0;
  const database = await openDuckDB();
  try {
    const {models} = await openProject(database);
    const limits = await limitsOf(lake);
    const dock = {landing, database, limits, models: new Map(models.map((model) => [model.name, model]))};
    for await (const delivery of deliverAll(dock, handovers(dock, files, asGiven))) {
      const isGood = delivery.outcome === "landed" || delivery.outcome === "known";
      if (delivery.outcome === "landed") landed++;
      if (json) say(JSON.stringify(delivery));
      else if (isGood) say(deliveryText(delivery));
      else complain(yellow(deliveryText(delivery)));
      if (!isGood) process.exitCode = exitCodes.failed;
    }
  } finally {
    database.close();
  }
  if (!json && landed > 0) say(`${count(landed, "file")} landed: npm run pipeline takes them in`);
});

type HandingOver = (dock: Dock, file: string) => Handover | Promise<Handover>;

async function* handovers(
  dock: Dock,
  files: readonly GivenFile[],
  asGiven: HandingOver
): AsyncGenerator<Handover | Delivery> {
  for (const {file, name, reason} of files) {
    if (reason !== undefined) {
      yield {name: name ?? file, outcome: "unread", reason: `${file}: ${reason}`};
      continue;
    }
    const {parcel, ...of} = await asGiven(dock, file);
    yield {...of, parcel: {...parcel, name}};
  }
}

/** As what a file is handed over by the name of a source or of a format. */
function handingOver(name: string, options: Options, sources: readonly Source[]): HandingOver {
  const format = knownFormats.find((one) => one.name === name || one.name === name.replaceAll("_", "-"));
  if (format) {
    const said = saidBy(name, options);
    return (dock, file) => handoverOf(dock, format, file, said);
  }
  const source = sources.find((one) => one.name === name);
  if (!source) {
    const [known, formats] = [sources, knownFormats].map((all) => all.map((one) => one.name)) as [string[], string[]];
    const near = didYouMean(name, [...known, ...formats]);
    const all = `; name one of ${known.join(", ")}, or the format of the files: ${formats.join(", ")}`;
    throw new Error(`source not found: ${name}${near || all}`, {cause: "usage"});
  }
  const given = formatOptions.find((option) => option.attributeName() in options);
  if (given)
    throw new Error(`${given.long} is for files of a known format: ${name} is a source, whose settings say it`, {
      cause: "usage"
    });
  return (_, file) => ({source, parcel: {file}, client: options.client});
}

function saidBy(name: string, options: Options): Said {
  const {client, location, meter, fuel, channel, unit, calorificValue, registerDigits} = options;
  if (client === undefined)
    throw new Error(`files of ${name} name no client: say whose they are with --client`, {cause: "usage"});
  const defaults = {
    ...{location_id: location, meter_id: meter, fuel, channel, unit},
    ...{calorific_value_mj_m3: calorificValue, register_digits: registerDigits}
  };
  const {tz: timeZone, policy, labelAt, absentMeans} = options;
  const settings = {timeZone, policy, labelAt, absentMeans};
  const given = <T extends object>(texts: T) =>
    Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as T;
  return {client, defaults: given(defaults), settings: given(settings)};
}

if (isStarted(import.meta.url)) await runCommand(command);
