import {readdir} from "node:fs/promises";
import {Command} from "commander";
import {isStarted, runCommand} from "./command.js";

const folder = new URL("./commands/lake/", import.meta.url);

/** As help lists them: reading first, then what changes tables. A verb that isn't named here comes last. */
const order = [
  ...["query", "tables", "describe", "checks", "history", "explain", "digest", "export"],
  ...["optimize", "vacuum", "restore", "erase"]
];

export const command = new Command("lake").description("Reads a lake: its rows, its tables, their history.");

// A verb is a file of commands/lake/: whatever it needs for its work, it loads when it is run.
const verbs = (await readdir(folder)).flatMap((file) => /^(.*)\.[jt]s$/.exec(file.replace(/\.d\.ts$/, ""))?.[1] ?? []);
const place = (verb: string) => (order.includes(verb) ? order.indexOf(verb) : order.length);
for (const verb of verbs.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)))
  command.addCommand((await import(new URL(`${verb}.js`, folder).href)).default);

if (isStarted(import.meta.url)) await runCommand(command);
