import {existsSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {join, resolve} from "node:path";
import {Command} from "commander";
import {isStarted, runCommand} from "./command.js";
import {say} from "./observe/terminal.js";

const folder = resolve("notebooks");

export const command = new Command("notebooks").description("Opens and executes the project's notebooks.");

command
  .command("lab", {isDefault: true})
  .description("starts JupyterLab on notebooks/; what follows is passed on, --no-browser for example")
  .allowUnknownOption()
  .argument("[options...]")
  .action(async (options: string[]) => {
    const files = existsSync(folder) ? (await readdir(folder)).filter((file) => file.endsWith(".ipynb")) : [];
    const {openJupyter} = await import("./notebook/jupyter.js");
    const jupyter = await openJupyter(process.cwd(), say);
    await jupyter.lab(
      folder,
      files.map((file) => join(folder, file)),
      options
    );
  });

command
  .command("run")
  .description("executes notebooks, and keeps their outputs in them")
  .argument("<file...>", "their paths")
  .option("--lake <dir>", "the lake that WATTLAKE_LAKE names in them", "lake")
  .allowExcessArguments(false)
  .action(async (files: string[], {lake}: {lake: string}) => {
    const {openJupyter} = await import("./notebook/jupyter.js");
    const jupyter = await openJupyter(process.cwd(), say);
    for (const file of files) say(`executed ${await jupyter.execute(resolve(file), {lake: resolve(lake)})}`);
  });

if (isStarted(import.meta.url)) await runCommand(command);
