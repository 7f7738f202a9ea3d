import {readCommits} from "../delta/log.js";
import {openWorkspace} from "../engines/workspace.js";
import type {Catalog} from "./catalog.js";
import {changeOf, type TableVersion} from "./change.js";
import {holdsNull} from "./increment.js";
import {distinctValues, type Touched} from "./touched.js";

/**
 * Learns which values of a model's own increment column other programs have changed in its table since a version of
 * it: Spark by a DELETE, say. One that was only laid out anew, or whose rows came out the same, is untouched.
 */
export async function touchedByOthers(catalog: Catalog, modelName: string, since: TableVersion): Promise<Touched> {
  const change = await changeOf(catalog, modelName, since);
  if (change.kind === "none") return {kind: "nothing"};
  const {root, version} = (await catalog.snapshot(modelName))!;
  const reason = `changed by ${await writersOf(root, since.version, version)}`;
  const {increment} = catalog.models.get(modelName)!;
  if (change.kind === "all") return {kind: "all", reason};
  const workspace = await openWorkspace(catalog.database);
  try {
    if (increment === undefined || (await holdsNull(workspace, change.changed, increment)))
      return {kind: "all", reason};
    const values = await distinctValues(workspace, change.changed, increment);
    return values.length === 0 ? {kind: "nothing"} : {kind: "values", values, reason};
  } finally {
    await workspace.close();
  }
}

/** Who made the versions after one up to another, and how, as they say themselves. */
async function writersOf(root: string, after: number, upTo: number): Promise<string> {
  const commits = await readCommits(root, after, upTo).catch(() => []);
  const signed = commits.map(({info}) => {
    const writer = info?.engineInfo ?? info?.clientVersion ?? "another program";
    return `${writer}${info?.operation ? ` (${info.operation})` : ""}`;
  });
  return [...new Set(signed)].join(", ") || "another program";
}
