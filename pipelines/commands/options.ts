import {Command, Option} from "commander";

/** A command over a lake's tables, which it reads as a run left them. */
export function readingCommand(name: string, description: string): Command {
  return lakeCommand(name, description).option(
    "--as-of <run>",
    "a run's number, an ISO instant with its offset, or latest (default: the last complete run)"
  );
}

/** A command over a lake. */
export function lakeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--lake <dir>", "the lake's folder", "lake")
    .allowExcessArguments(false);
}

export function ofClient(): Option {
  return new Option("--client <id>", "show the rows of this client alone, and of no other's");
}

export function rowFormat(): Option {
  return new Option("--format <format>", "how to print rows").choices(["table", "json", "csv"]).default("table");
}

export function timeLimit(): Option {
  return new Option("--timeout <seconds>", "stop it after so many seconds (default: none)").argParser(Number);
}

export function memoryLimit(): Option {
  return new Option("--memory <size>", "stop it above so much memory, such as 500MB (default: the engine's 1500MB)");
}

/** The names given; undefined, which is all, where there are none. */
export function some(tables: readonly string[]): readonly string[] | undefined {
  return tables.length > 0 ? tables : undefined;
}
