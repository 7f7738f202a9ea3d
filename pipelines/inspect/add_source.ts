import {readFile, rename, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import {makeFolder} from "../engines/folder.js";
import {checkedSources, contentOf, sourcesFile} from "../sources/lake_sources.js";
import type {Source} from "../sources/source.js";
import type {Inspection} from "./inspection.js";

/** What came of adding a source. */
export interface Added {
  readonly file: string;
  readonly source: Source;
}

/**
 * Writes the drafted source of a file into the lake's `sources.json`, which is made where there is none.
 *
 * @throws Error with `usage` as its cause, and nothing is written, while something is open, the name or the folder is another's, or no
 * source can read the file
 */
export async function addSource(lake: string, {file: inspected, draft, open, known}: Inspection): Promise<Added> {
  const refuse = (sentence: string): never => {
    throw new Error(sentence, {cause: "usage"});
  };
  if (known && !draft)
    refuse(`${inspected} needs no source of its own: ${known.command.replace("FILE", inspected)} takes it in`);
  // Nobody should look up a zone for a file that can't be read then.
  if (draft?.fault !== undefined) refuse(`no source can read ${inspected} as it is: ${draft.fault}`);
  if (open.length > 0) refuse(openText(inspected, open));
  if (!draft) return refuse(`no source can be drafted for ${inspected}: see npm run inspect -- ${inspected}`);
  const file = sourcesFile(lake);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Error(`${file} can't be read: ${error.code}; check that it is a file that you may read`);
  });
  const content = text === undefined ? {sources: []} : contentOf(file, text);
  await checkedSources(file, content);
  const source = draft.source as Source;
  const more = {...(content as object), sources: [...(content as {sources: Source[]}).sources, source]};
  await checkedSources(file, more).catch((error: Error) => refuse(error.message));
  await makeFolder(dirname(file));
  await writeFile(`${file}.new`, `${JSON.stringify(more, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return {file, source};
}

function openText(file: string, open: Inspection["open"]): string {
  const questions = open.map(({about, reason, option}) => `${about}: ${reason}; say it, such as ${option}`);
  return [`${file} leaves open what its source needs:`, ...questions].join("\n");
}
