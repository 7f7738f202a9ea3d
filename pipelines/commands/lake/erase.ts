import {hostname, userInfo} from "node:os";
import {exitCodes} from "../../command.js";
import {complain, say, yellow} from "../../observe/terminal.js";
import type {ErasureOrder} from "../../sources/erasure_request.js";
import {lakeCommand} from "../options.js";

interface EraseCommand {
  lake: string;
  landing?: string;
  client?: string;
  location?: string;
  meter?: string[];
  by?: string;
  resume?: boolean;
  json?: boolean;
}

export default lakeCommand(
  "erase",
  "Removes a customer from landing, every table and its older versions, and proves it."
)
  .option("--client <id>", "the client whose customer it is")
  .option("--location <id>", "the customer's location: its home and its meters go")
  .option("--meter <id>", "a meter that goes, beside the location or alone; again for another", repeated)
  .option("--by <name>", "by whose order (default: you)")
  .option("--landing <dir>", "where the raw files lie (default: LAKE/landing)")
  .option("--resume", "finish the erasure that is open")
  .option("--json", "print the proof as JSON")
  .action(async ({lake, landing, json = false, ...options}: EraseCommand) => {
    const order = orderOf(options);
    const {eraseCustomer} = await import("../../erasure/erase.js");
    const {erasureJson, erasureProblems, erasureText, isProven} = await import("../../observe/erasure_report.js");
    const erased = await eraseCustomer({lake, ...(landing && {landing})}, order);
    for (const problem of erasureProblems(erased)) complain(yellow(problem));
    say(json ? erasureJson(erased) : erasureText(erased));
    if (!isProven(erased)) process.exitCode = exitCodes.failed;
  });

/** Whom to erase; undefined for whatever is open. */
function orderOf({
  client,
  location,
  meter = [],
  by,
  resume = false
}: Omit<EraseCommand, "lake">): ErasureOrder | undefined {
  if (resume && client === undefined && location === undefined && meter.length === 0) return undefined;
  if (client === undefined || (location === undefined && meter.length === 0) || resume)
    throw new Error("whom to erase isn't said: write --client ID --location ID, or --meter ID; or --resume alone", {
      cause: "usage"
    });
  return {client, location, meters: meter, by: by ?? `${userInfo().username}@${hostname()}`};
}

function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
