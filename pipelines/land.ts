import {join} from "node:path";
import {Command} from "commander";
import {chalk} from "zx";
import {exitCodes, runCommand} from "./command.js";
import {openDuckDB} from "./engines/duckdb.js";
import {openProject} from "./models/project.js";
import {deliveryText} from "./observe/delivery_report.js";
import {count} from "./observe/text.js";
import {type Delivery, deliver} from "./sources/delivery.js";
import {sourcesOf} from "./sources/lake_sources.js";
import {sources as ownSources} from "./sources/sources.js";

interface Options {
  lake: string;
  landing?: string;
  client?: string;
  json?: boolean;
}

const command = new Command("land")
  .description("Takes files in for a source: copied whole into the landing folder, named by content, listed.")
  .argument(
    "<source>",
    `whose files they are: ${ownSources.map(({name}) => name).join(", ")}, or one of LAKE/sources.json`
  )
  .argument("<files...>", "the files, left as they are")
  .option("--client <id>", "the client whose data it is (default: the source's, or shared)")
  .option("--lake <dir>", "the lake's folder", "lake")
  .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
  .option("--json", "print one JSON object a file")
  .action(async (name: string, files: string[], {lake, landing = join(lake, "landing"), client, json}: Options) => {
    const sources = await sourcesOf(lake);
    const source = sources.find((one) => one.name === name);
    if (!source) {
      const names = sources.map((one) => one.name).join(", ");
      throw new Error(`source not found: ${name}; name one of ${names}`, {cause: "usage"});
    }
    const deliveries: Delivery[] = [];
    const database = await openDuckDB();
    try {
      const {models} = await openProject(database);
      const dock = {landing, database, models: new Map(models.map((model) => [model.name, model]))};
      for (const file of files) {
        const delivery = await deliver(dock, source, {file}, client);
        deliveries.push(delivery);
        const isGood = delivery.outcome === "landed" || delivery.outcome === "known";
        if (json) console.log(JSON.stringify(delivery));
        else if (isGood) console.log(deliveryText(delivery));
        else console.error(chalk.yellow(deliveryText(delivery)));
        if (!isGood) process.exitCode = exitCodes.failed;
      }
    } finally {
      database.close();
    }
    const landed = deliveries.filter(({outcome}) => outcome === "landed").length;
    if (!json && landed > 0) console.log(`${count(landed, "file")} landed: npm run pipeline takes them in`);
  });

await runCommand(command);
