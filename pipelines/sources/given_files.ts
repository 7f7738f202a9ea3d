import {statSync} from "node:fs";
import {realpath} from "node:fs/promises";
import {join, sep} from "node:path";
import {accessFault, landingEntries} from "./landing_folder.js";

/** A file that was named to be handed over, or found in a folder that was. */
export interface GivenFile {
  readonly file: string;
  /** Of a file in a folder, its path below that; of others, the last part of `file` serves. */
  readonly name?: string;
  /** Why it can't be read, where it is no file. */
  readonly reason?: string;
}

/**
 * The files that some paths name, in that order; of a folder all files below it, by path. Hidden files and notes are left
 * out as they are in the landing folder, and what is no file has the reason.
 *
 * @throws Error with `usage` as its cause when a folder holds the landing folder, or lies in it
 */
export async function givenFiles(paths: readonly string[], landing: string): Promise<GivenFile[]> {
  const given: GivenFile[] = [];
  for (const path of paths) {
    if (statSync(path, {throwIfNoEntry: false})?.isDirectory() !== true) given.push({file: path});
    else for (const file of await filesBelow(path, landing)) given.push(file);
  }
  return given;
}

async function filesBelow(folder: string, landing: string): Promise<GivenFile[]> {
  await refuseOverlap(folder, landing);
  const entries = await landingEntries(folder, "the folder").catch((error: Error) => error);
  if (entries instanceof Error) return [{file: folder, reason: `not readable: ${accessFault(entries)}`}];
  const {files, misfits} = entries;
  if (files.length + misfits.length === 0) return [{file: folder, reason: "no files in it"}];
  return [
    ...files.map((name) => ({file: join(folder, name), name})),
    ...misfits.map(({path: name, reason}) => ({file: join(folder, name), name, reason}))
  ];
}

async function refuseOverlap(folder: string, landing: string): Promise<void> {
  const [given, place] = await Promise.all([folder, landing].map((path) => realpath(path).catch(() => undefined)));
  if (given === undefined || place === undefined) return;
  const [inner, outer] = [`${given}${sep}`, `${place}${sep}`];
  if (!inner.startsWith(outer) && !outer.startsWith(inner)) return;
  throw new Error(`the landing folder can't be landed: ${folder} holds ${landing}, or lies in it; name the files`, {
    cause: "usage"
  });
}
