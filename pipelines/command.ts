import {createRequire} from "node:module";
import {resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {type Command, CommanderError, InvalidArgumentError} from "commander";
import type {ParameterValues} from "./models/parameters.js";
import {isDate} from "./models/values.js";
import {complain} from "./observe/terminal.js";
import {faultText} from "./wording/command.js";

/** What a command line ends with. */
export const exitCodes = {done: 0, failed: 1, usage: 2} as const;

/** Whether a module is what Node was started with, not imported by another: tests run commands in their own process. */
export function isStarted(module: string): boolean {
  const [, program] = process.argv;
  if (program === undefined) return false;
  try {
    // A program may be named without its extension, or by a symbolic link.
    return createRequire(module).resolve(resolve(program)) === fileURLToPath(module);
  } catch {
    return false;
  }
}

/**
 * Runs a command line, by default the process's own: whatever the work throws is one sentence on standard error and exit
 * code 1. A command line that can't be understood ends with exit code 2, and so does an error whose cause is `usage`.
 */
export async function runCommand(command: Command, words?: readonly string[]): Promise<void> {
  if (words === undefined) for (const stream of [process.stdout, process.stderr]) stream.on("error", outliveReader);
  forEachCommand(command, (each) => each.exitOverride().showHelpAfterError("(add --help for what there is)"));
  try {
    await (words === undefined ? command.parseAsync() : command.parseAsync(words, {from: "user"}));
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
      return;
    }
    complain(faultText(error));
    process.exitCode = error instanceof Error && error.cause === "usage" ? exitCodes.usage : exitCodes.failed;
  }
}

/** Whoever reads the output may go before its end, as `head` does; the work goes on. */
function outliveReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}

/** Takes a local date as an option's value. */
export function localDate(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError(`not a date: ${text}; write it as 2022-03-27`);
  return text;
}

/** Takes `name=value` as an option's value, and adds it to those given before. */
export function parameter(text: string, before: ParameterValues = {}): ParameterValues {
  const [, name, value] = /^([a-z_][a-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError(`not a parameter: ${text}; write it as as_of=2021-06-01`);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`parameter twice: ${name}; give it one value`);
  return {...before, [name]: value!};
}

/** Takes a whole number of zero or more as an option's value. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`not a whole number: ${text}`);
  return Number(text);
}

/** Takes a time such as `7d` or `12h` as an option's value, in milliseconds. */
export function retention(text: string): number {
  const [, number, unit] = /^(\d+)(d|h)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError(`not a time: ${text}; write it as 7d or 12h`);
  return Number(number) * (unit === "d" ? 24 : 1) * 60 * 60 * 1000;
}
