import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {knownFormats} from "./catalogue/catalogue.js";
import {sourcesOfFormats} from "./catalogue/known_format.js";
import {defaultLimits, type Limits} from "./formats/limits.js";
import {readLanded} from "./landed.js";
import {isAside} from "./landing_folder.js";
import {isMetered, type Source, settingsOf} from "./source.js";
import type {Document} from "./source_schema.js";
import {sources as ownSources} from "./sources.js";

/** The file beside a lake's tables that holds the lake's own sources. */
export function sourcesFile(lake: string): string {
  return join(lake, "sources.json");
}

/**
 * The sources of a lake: those of the program, those that the lake's `sources.json` adds, if it has one, and one for the files of
 * each known format that came in.
 *
 * @param landing the landing folder, whose manifest lists the files of known formats
 * @throws Error when `sources.json` can't be understood, or redefines a name or a folder; it names the file, the object
 * and the fault
 */
export async function sourcesOf(lake: string, landing = join(lake, "landing")): Promise<readonly Source[]> {
  const ofFormats = sourcesOfFormats(await readLanded(landing), knownFormats);
  return [...(await definedSources(lake)), ...ofFormats];
}

/**
 * How much of a file is read, as the lake's `sources.json` says, or by default.
 *
 * @throws Error as `sourcesOf` does
 */
export async function limitsOf(lake: string): Promise<Limits> {
  const file = sourcesFile(lake);
  const text = await textOf(file);
  if (text === undefined) return defaultLimits;
  return {...defaultLimits, ...(await parsed(file, contentOf(file, text))).limits};
}

/** The sources of the program, and those that the lake's `sources.json` adds. */
async function definedSources(lake: string): Promise<readonly Source[]> {
  const own = ownSources;
  const file = sourcesFile(lake);
  const text = await textOf(file);
  if (text === undefined) return own;
  return [...own, ...(await checkedSources(file, contentOf(file, text), own))];
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new Error(`${file} can't be read: ${error.code}; check that it is a file that you may read`);
  });
}

/**
 * The sources in the parsed content of a `sources.json`.
 *
 * @throws Error as `sourcesOf` does
 */
export async function checkedSources(
  file: string,
  content: unknown,
  own: readonly Source[] = ownSources
): Promise<readonly Source[]> {
  const {sources} = await parsed(file, content);
  try {
    for (const [index, source] of sources.entries()) {
      refuseRedefinition(source, own, sources.slice(0, index));
      if (isMetered(source)) settingsOf(source);
    }
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  return sources;
}

async function parsed(file: string, content: unknown): Promise<Document> {
  // Only a lake with sources of its own pays for loading the validation.
  const {parseDocument} = await import("./source_schema.js");
  const found = parseDocument(content);
  if ("faults" in found) throw new Error(`${file}: ${found.faults.join("; ")}`);
  return found;
}

/** The parsed text of a `sources.json`. */
export function contentOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? [];
    const lines = text.slice(0, position === undefined ? undefined : Number(position)).split("\n");
    throw new Error(
      `${file} is not valid JSON: see line ${lines.length}, character ${lines.at(-1)!.length + 1}; ` +
        "look for a missing comma, quote or bracket there"
    );
  }
}

/** Refuses a source whose name or folder is another's. A file has one source, so folders of the program and of a lake may not overlap. */
function refuseRedefinition(source: Source, own: readonly Source[], before: readonly Source[]): void {
  const fail = (sentence: string): never => {
    throw new Error(`source ${source.name}: ${sentence}`);
  };
  const format = knownFormats.find(({name}) => isOfFormat(source, name))?.name;
  if (format !== undefined)
    fail(
      `the name and the folder ${source.folder} are for files that npm run land -- ${format} brings in; choose others`
    );
  const folder = source.folder.toLowerCase();
  const aside = source.folder.split("/").find(isAside);
  if (aside !== undefined)
    fail(`folder ${source.folder} can't be used, as files in ${aside} are left aside; choose another folder`);
  const overlaps = (other: string) => `${folder}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${folder}/`);
  for (const other of own) {
    if (other.name === source.name) fail("the program has a source of this name; choose another name");
    if (overlaps(other.folder.toLowerCase()))
      fail(
        `folder ${source.folder} overlaps ${other.folder}, the program's folder of ${other.name}; choose another folder`
      );
  }
  for (const other of before) {
    if (other.name === source.name) fail("the name is used twice; give each source a name of its own");
    if (other.folder.toLowerCase() === folder)
      fail(`folder ${source.folder} is that of source ${other.name}, too; give each source a folder of its own`);
  }
}

/** Whether a source's name or folder could be that of a known format's files. */
function isOfFormat({name, folder}: Source, format: string): boolean {
  const [first = ""] = folder.toLowerCase().split("/");
  return name === format.replaceAll("-", "_") || first === format || first.startsWith(`${format}.`);
}
