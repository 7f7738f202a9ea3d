#!/usr/bin/env node
import {Command} from "commander";
import {runCommand} from "./command.js";
import {version} from "./version.js";

/** The programs by the names they are called with, each in a file of its own. */
const programs: Readonly<Record<string, () => Promise<{readonly command: Command}>>> = {
  init: () => import("./init.js"),
  pipeline: () => import("./run.js"),
  inspect: () => import("./inspect.js"),
  land: () => import("./land.js"),
  collect: () => import("./collect.js"),
  schedule: () => import("./schedule.js"),
  lake: () => import("./lake.js"),
  notebooks: () => import("./notebooks.js")
};

const [, , name = ""] = process.argv;

if (Object.hasOwn(programs, name)) {
  // Only the program that is asked for is loaded.
  const {command} = await programs[name]!();
  process.argv.splice(2, 1);
  await runCommand(command.name(`wattlake ${name}`));
} else {
  const wattlake = new Command("wattlake")
    .description("A lakehouse in a folder, for energy data.")
    .version(version, "--version");
  for (const load of Object.values(programs)) wattlake.addCommand((await load()).command);
  if (name === "") process.argv.push("--help");
  await runCommand(wattlake);
}
