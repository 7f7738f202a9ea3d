import {lstat, rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {makeFolder} from "../engines/folder.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import type {Catalog} from "../models/catalog.js";
import {rowsOf} from "../models/relations.js";
import {contentKey, contentOf, readArrivals, sourceOf} from "../sources/arrivals.js";
import type {FilePlan} from "../sources/erasure_request.js";
import {extensionOf} from "../sources/formats/file_name.js";
import {FileReading} from "../sources/formats/file_reading.js";
import {noLimits} from "../sources/formats/limits.js";
import {columnsOf, type FileColumns} from "../sources/formats/reader.js";
import {type Intake, intakeOf} from "../sources/inspect.js";
import {landingEntries} from "../sources/landing_folder.js";
import type {Source} from "../sources/source.js";
import {fileReason} from "../wording/file.js";
import {isDiskFull} from "../wording/system.js";
import type {FoundRows} from "./find.js";
import {withoutIds} from "./paths.js";

/** Where the files wait that are to take the place of those in the landing folder: hidden, so that no run looks into it. */
export const draftFolder = ".erasing";

/** The file that waits to take a content's place. */
export function draftOf(landing: string, {old_sha256, new_paths}: Pick<FilePlan, "old_sha256" | "new_paths">): string {
  return join(landing, draftFolder, old_sha256 + extensionOf(new_paths[0]!));
}

/**
 * Writes each file that holds the customer anew, without him, beside the landing folder's own, and says what is to
 * become of it. What is left is read as the table reads it, and has to be the other rows, all of them, as they were.
 *
 * @throws Error when a file can't be written so; nothing is changed then.
 */
export async function draftFiles(
  catalog: Catalog,
  landing: string,
  sources: readonly Source[],
  found: readonly FoundRows[],
  ids: readonly string[],
  client: string
): Promise<FilePlan[]> {
  await rm(join(landing, draftFolder), {recursive: true, force: true});
  await makeFolder(join(landing, draftFolder));
  const places = await placesOf(landing, sources);
  const arrivals = await readArrivals(landing);
  const plans: FilePlan[] = [];
  const workspace = await openWorkspace(catalog.database);
  try {
    for (const [key, parts] of byContent(found)) {
      const {source, sha256} = parts[0]!;
      const same = arrivals.filter((arrival) => arrival.source === source && arrival.sha256 === sha256);
      // A content that was taken in again is in the tables once for each time.
      const first = parts.filter(({arrival}) => arrival === parts[0]!.arrival);
      const gone = first.reduce((sum, {rows}) => sum + rows.length, 0);
      const goneFromTables = first.reduce((sum, {row_count}) => sum + row_count, 0);
      const old_paths = places.get(key) ?? [];
      await refuseLinks(landing, old_paths);
      const isLeft = old_paths.length > 0 && (await rowCount(catalog, first[0]!.arrival)) > goneFromTables;
      const plan: FilePlan = {
        source,
        arrivals: same.map(({arrival}) => arrival),
        old_sha256: sha256,
        new_sha256: null,
        bytes: 0,
        old_paths,
        new_paths: old_paths.map((path) => withoutIds(path, ids, sha256, client)),
        rows_removed: gone
      };
      const intake = (table: string) =>
        intakeOf(
          catalog.models.get(table)!,
          sources.find(({name}) => name === source)
        );
      plans.push(isLeft ? await draftFile(workspace, landing, plan, {parts: first, intake}) : plan);
    }
  } finally {
    await workspace.close();
  }
  return plans;
}

function byContent(found: readonly FoundRows[]): Map<string, FoundRows[]> {
  const contents = new Map<string, FoundRows[]>();
  for (const part of found) {
    const key = contentKey(part);
    contents.set(key, [...(contents.get(key) ?? []), part]);
  }
  return contents;
}

/** Where each content lies, by its source and hash. */
async function placesOf(landing: string, sources: readonly Source[]): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>();
  for (const path of (await landingEntries(landing)).files) {
    const source = sourceOf(path, sources);
    if (!source) continue;
    const {sha256} = await contentOf(join(landing, path));
    const key = contentKey({source: source.name, sha256});
    places.set(key, [...(places.get(key) ?? []), path]);
  }
  return places;
}

/** @throws Error of a file that lies elsewhere: there it would stay as it is. */
async function refuseLinks(landing: string, paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if ((await lstat(join(landing, path))).isSymbolicLink())
      throw new Error(`file is a link: ${path}; put the file itself in its place, and run the same command again`);
}

/** How many rows an arrival brought, to all tables. */
async function rowCount(catalog: Catalog, arrival: number): Promise<number> {
  let count = 0;
  for (const table of catalog.models.keys()) {
    if (!table.startsWith("bronze.") || !(await catalog.snapshot(table))) continue;
    const [row] = await catalog.database.rows<{count: bigint}>(
      `SELECT count(*) AS count FROM (${await rowsOf(catalog, table, {column: "arrival", values: [String(arrival)]})})`
    );
    count += Number(row!.count);
  }
  return count;
}

/** Takes the rows of one table after the other from a file, as a database has several. */
async function draftFile(
  workspace: Workspace,
  landing: string,
  plan: FilePlan,
  {parts, intake}: {readonly parts: readonly FoundRows[]; readonly intake: (table: string) => Intake}
): Promise<FilePlan> {
  const [path] = plan.old_paths as [string];
  const extension = extensionOf(path);
  let from = join(landing, path);
  for (const [index, {table, rows}] of parts.entries()) {
    const to = join(landing, draftFolder, `${index}-${plan.old_sha256}${extension}`);
    try {
      await takeRows(workspace, intake(table), {from, to}, new Set(rows));
    } catch (error) {
      if (isDiskFull(error)) throw error;
      const why = fileReason(error, from);
      throw new Error(
        `file can't be written without the customer: ${path}: ${why}; nothing is changed, remove it and run again`,
        {cause: error}
      );
    }
    if (index > 0) await rm(from);
    from = to;
  }
  const {sha256, bytes} = await contentOf(from);
  const named = {...plan, new_paths: plan.new_paths.map((each) => each.replaceAll(plan.old_sha256, sha256))};
  await rename(from, draftOf(landing, named));
  return {...named, new_sha256: sha256, bytes};
}

async function takeRows(
  {connection}: Workspace,
  {reader}: Intake,
  {from, to}: {readonly from: string; readonly to: string},
  rows: ReadonlySet<number>
): Promise<void> {
  if (!reader.without) throw new Error("no way to write a file of this format without some of its rows");
  const before = await columnsOf(reader, connection, from, noLimits);
  await reader.without(connection, new FileReading(from, noLimits), to, rows);
  const found = await columnsOf(reader, connection, to, noLimits);
  // Where a file can be read with another one's columns, what has none of its own left has the others' all the same.
  const after = found.group === undefined ? before : found;
  // A row of the file may hold several values: then it is file_row that numbers the file's.
  const hasFileRows = reader.selected?.(before).has("file_row") ?? false;
  const digest = async (file: string, columns: FileColumns, where: string) => {
    // The order of the rows counts, their numbers don't.
    const [row] = await connection.rows<{digest: string}>(
      `SELECT count(*) || ':' || coalesce(sum(hash("row of the file")), 0) AS digest
       FROM (SELECT * EXCLUDE (landing_file${hasFileRows ? ", file_row" : ""}) REPLACE (row_number() OVER (ORDER BY landing_row) AS landing_row)
             FROM (${reader.select([file], columns)}) WHERE ${where}) AS "row of the file"`
    );
    return row!.digest;
  };
  const number = hasFileRows ? "file_row" : "landing_row";
  const wanted = await digest(from, before, `${number} NOT IN (${[...rows].join(", ")})`);
  if ((await digest(to, after, "true")) !== wanted) throw new Error("what is left of it doesn't read as it did");
}
