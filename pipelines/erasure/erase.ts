import {rm} from "node:fs/promises";
import {join} from "node:path";
import {onDisk, published} from "../delta/ground.js";
import {type Connection, openDuckDB} from "../engines/duckdb.js";
import {withLease} from "../lease.js";
import {type Catalog, openCatalog} from "../models/catalog.js";
import {recordErasure} from "../models/erasure_record.js";
import {openProject} from "../models/project.js";
import {lastRunNumber, requireRun} from "../models/run_record.js";
import {reach} from "../observe/steps.js";
import {type RunResult, runPipeline} from "../pipeline.js";
import {
  closeErasure,
  type ErasureOrder,
  type ErasurePlan,
  type ErasureRequest,
  type FilePlan,
  openErasure,
  writeErasure
} from "../sources/erasure_request.js";
import {clearIncoming} from "../sources/incoming.js";
import {sourcesOf} from "../sources/lake_sources.js";
import type {Source} from "../sources/source.js";
import {programTables} from "../table_columns.js";
import {DiskFull} from "../wording/system.js";
import {rereadBronze} from "./bronze.js";
import {type Customer, spellings} from "./customer.js";
import {draftFiles, draftFolder} from "./draft.js";
import {findRows, identifyCustomer} from "./find.js";
import {identitiesOf} from "./identity.js";
import {cleanRecords} from "./records.js";
import {rewriteLanding} from "./rewrite.js";
import {type Hit, type Search, type Sought, searchLanding, searchOthers, searchTables} from "./search.js";
import {forgetTables, madeFrom, othersDigests, removeTorn, rowCounts, scrubRecords, storedTables} from "./tables.js";
import {eraseTruth} from "./truth.js";

/** Where to erase whom. */
export interface EraseOptions {
  readonly lake: string;
  /** The lake's `landing` folder by default. */
  readonly landing?: string;
  /** The program's and those of the lake's `sources.json` by default. */
  readonly sources?: readonly Source[];
  /** The folder of the models; the project's own by default. */
  readonly sql?: string;
}

/** What an erasure came to: its proof. */
export interface Erased extends ErasureOrder {
  /** ISO 8601, UTC: when it was begun. */
  readonly erased_at: string;
  /** The first run that can be read from now on. */
  readonly run: number;
  readonly files: readonly FilePlan[];
  /** By table, how many rows went. */
  readonly rows_removed: Readonly<Record<string, number>>;
  /** What was searched for: the location's id, and those of meters of which nothing is left. */
  readonly ids: readonly string[];
  /** Ids that other clients have too: searched for only where rows tell their client. */
  readonly shared_ids: readonly string[];
  /** How many tables have rows of other customers, and those in which they aren't what they were. */
  readonly others: {readonly tables: number; readonly changed: readonly string[]};
  readonly search: Search;
}

/** Work on a lake that is open. */
interface Site {
  readonly lake: string;
  readonly landing: string;
  readonly sources: readonly Source[];
  readonly database: Connection;
  readonly catalog: Catalog;
  /** Every table there can be. */
  readonly tables: readonly string[];
  run(): Promise<RunResult>;
}

/**
 * Removes a customer from the landing folder, from every table and from their older versions, and proves it: what is left
 * is searched, and the rows of others are compared with what they were. Whatever kills it, the request stays open, no run
 * begins, readers find the last run, and asked again (without an order: whatever is open) it goes on.
 *
 * @throws Error with `usage` as its cause when nobody is known by the ids; of other things that are in the way, before
 * anything is changed; and when the tables can't be built, with the request left open
 */
export async function eraseCustomer(options: EraseOptions, order?: ErasureOrder): Promise<Erased> {
  const {lake, landing = join(lake, "landing"), sql} = options;
  const sources = options.sources ?? (await sourcesOf(lake, landing));
  const database = await openDuckDB({tempDirectory: join(lake, ".tmp")});
  try {
    const project = await openProject(database, {...(sql && {sql})});
    const catalog = openCatalog(database, lake, project);
    await requireRun(catalog);
    const run = async () => {
      const result = await runPipeline({lake, landing, sources, sql, lease: false, erasing: true});
      catalog.forget();
      if (result.complete) return result;
      const failed = result.tables.filter(({outcome}) => outcome === "failed");
      if (failed.some(({error}) => error?.startsWith("disk full: "))) throw new DiskFull(lake, published);
      throw new Error(
        `erasure not done: run ${result.run} couldn't build ${failed.map(({table}) => table).join(", ")}; mend what npm run -s lake -- checks shows, then run the same command again`
      );
    };
    const site: Site = {lake, landing, sources, database, catalog, tables: project.tables, run};
    const kept = async () =>
      (await openErasure(landing)) ? "the erasure is open and goes on then" : "nothing has been erased";
    return await onDisk(lake, kept, () =>
      withLease(lake, {wait: true}, async () => {
        const request = await toRequest(landing, order);
        const planned = request.plan ? {...request, plan: request.plan} : await plan(site, request);
        return carryOut(site, planned);
      })
    );
  } finally {
    database.close();
  }
}

/** The erasure that is open, if it is the one asked for; otherwise a new one. */
async function toRequest(landing: string, order: ErasureOrder | undefined): Promise<ErasureRequest> {
  const open = await openErasure(landing);
  if (!open && !order)
    throw new Error("no erasure is open; say whom to erase with --client and --location or --meter", {cause: "usage"});
  const whom = ({client, location, meters}: ErasureOrder) => JSON.stringify([client, location, [...meters].sort()]);
  if (open && order && whom(open) !== whom(order))
    throw new Error(
      `another erasure is open: of a customer of ${open.client}, begun ${open.at} by ${open.by}; finish it first with --resume`
    );
  return open ?? {...order!, at: new Date().toISOString()};
}

/** Finds out what is to be done, and writes it down; nothing that was there is changed. */
async function plan(site: Site, request: ErasureRequest): Promise<ErasureRequest & {plan: ErasurePlan}> {
  const {catalog, landing, sources} = site;
  // What has arrived and waits would come into the tables after the erasure.
  await site.run();
  const identities = identitiesOf(catalog.models, sources);
  const known = await identifyCustomer(catalog, request, identities);
  if (known.unknown.length > 0) await refuseUnknown(site, request, known.unknown);
  await writeErasure(landing, request);
  reach("after request");
  try {
    const found = await findRows(catalog, known, identities);
    const files = await draftFiles(catalog, landing, sources, found, known.ids, request.client);
    const planned = {
      ...request,
      plan: {
        ids: known.ids,
        shared_ids: known.sharedIds,
        meters: known.customer.meters,
        touched_meters: known.touchedMeters,
        touched_locations: known.touchedLocations,
        files,
        tables: [...new Set(found.map(({table}) => table))],
        rows: await rowCounts(catalog),
        digests: await othersDigests(
          catalog,
          {client: request.client, locations: known.touchedLocations, meters: known.touchedMeters},
          identities
        )
      }
    };
    await writeErasure(landing, planned);
    reach("after plan");
    return planned;
  } catch (error) {
    await closeErasure(landing);
    await rm(join(landing, draftFolder), {recursive: true, force: true});
    throw error;
  }
}

/** @throws Error that says who isn't known, and which files that no table could be read from name him all the same */
async function refuseUnknown(
  {database, landing}: Site,
  {client, location, meters}: ErasureOrder,
  unknown: readonly string[]
): Promise<never> {
  const {hits} = await searchLanding(database, landing, {client, ids: unknown, sharedIds: []});
  const whom = [
    ...(location !== undefined && unknown.includes(location) ? [`location ${location}`] : []),
    ...meters.filter((meter) => unknown.includes(meter)).map((meter) => `meter ${meter}`)
  ].join(", ");
  const files = hits.map(({place}) => place).join(", ");
  if (hits.length > 0)
    throw new Error(
      `customer not found: no row of client ${client} has ${whom}, but files in ${landing} do: ${files}; look into them, and remove them`
    );
  throw new Error(
    `customer not found: no row of client ${client} has ${whom}; npm run -s lake -- query "SELECT DISTINCT client_id, meter_id, location_id FROM silver.meter" lists who is known`,
    {cause: "usage"}
  );
}

async function carryOut(site: Site, request: ErasureRequest & {plan: ErasurePlan}): Promise<Erased> {
  const {lake, landing, sources, database, catalog} = site;
  const {client, location, meters, by, at, plan} = request;
  const customer: Customer = {client, location, meters: plan.meters};
  const identities = identitiesOf(catalog.models, sources);
  const sought: Sought = {
    client,
    ids: plan.ids.flatMap(spellings),
    sharedIds: plan.shared_ids.flatMap(spellings)
  };
  const own = sought.ids.filter((id) => !sought.sharedIds.includes(id));
  // Nobody lands anything while an erasure is open: what lies there was left by the dead, and may be his.
  await clearIncoming(landing);
  await rewriteLanding(landing, request);
  await eraseTruth(database, lake, customer, identities);
  reach("after rewriting");
  await rereadBronze({catalog, landing, sources, plan, customer});
  // Before the run, which records the versions that are to stay.
  await scrubRecords(catalog, customer, own, await lastRunNumber(catalog));
  const {run} = await site.run();
  reach("after rebuild");

  await cleanRecords(lake, own, plan.files);
  const isLeft = ({new_sha256}: FilePlan) => new_sha256 !== null;
  await recordErasure(catalog, {
    run,
    erased_at: at,
    erased_by: by,
    client_id: client,
    files_rewritten: plan.files.filter(isLeft).length,
    files_removed: plan.files.filter((file) => !isLeft(file)).length
  });
  await forgetTables(catalog, await madeFrom(catalog, plan.tables));
  const records = programTables.map(({table}) => table);
  const tables = [...(await storedTables(catalog)), ...records];
  await removeTorn(catalog, tables);
  for (const table of records)
    if ((await searchTables(catalog, [table], identities, sought)).hits.length > 0)
      await forgetTables(catalog, [table]);

  const rows = await rowCounts(catalog);
  const digests = await othersDigests(
    catalog,
    {client, locations: plan.touched_locations, meters: plan.touched_meters},
    identities
  );
  const search = merged([
    await searchTables(catalog, tables, identities, sought),
    await searchLanding(database, landing, sought),
    await searchOthers(database, lake, [landing, ...tables.map((table) => catalog.root(table))], sought)
  ]);
  reach("before closing");
  await closeErasure(landing);
  return {
    ...{
      client,
      location,
      meters,
      by,
      erased_at: at,
      run,
      files: plan.files,
      ids: plan.ids,
      shared_ids: plan.shared_ids,
      search
    },
    rows_removed: Object.fromEntries(
      Object.entries(plan.rows)
        .map(([table, before]) => [table, before - (rows[table] ?? 0)] as const)
        .filter(([, removed]) => removed !== 0)
    ),
    others: {
      tables: Object.keys(digests).length,
      changed: Object.keys(digests).filter((table) => digests[table] !== plan.digests[table])
    }
  };
}

function merged(searches: readonly Search[]): Search {
  const sum = (name: "tables" | "files") => searches.reduce((total, search) => total + search[name], 0);
  return {tables: sum("tables"), files: sum("files"), hits: searches.flatMap(({hits}): readonly Hit[] => hits)};
}
