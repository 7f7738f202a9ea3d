import {readCommits} from "../delta/log.js";
import {distinct, type Values} from "../delta/slice.js";
import type {Snapshot} from "../delta/snapshot.js";
import {type Catalog, storedInputs} from "./catalog.js";
import {type TableVersion, versionOf} from "./change.js";
import {type ClientChoice, valuesOfClient} from "./client.js";
import {incrementValues} from "./increment.js";
import type {Model} from "./model.js";
import {touchedByOthers} from "./others.js";
import {touchedBy} from "./touched.js";
import {widened, within} from "./values.js";

/** What to do with one table, and why. */
export interface Plan {
  readonly table: string;
  /** Nothing, the rows of these values of its increment column, or everything. */
  readonly scope: "nothing" | "all" | Values;
  readonly reason: string;
  /** What other programs have done to the table: its model makes it, so that is undone. */
  readonly others?: string;
}

/** What a table was last found to agree with. */
export interface Agreement {
  readonly fingerprint: string;
  readonly inputs: ReadonlyMap<string, TableVersion>;
  /** The table itself, then. */
  readonly own: TableVersion;
}

/** What the caller asks for beyond what has changed. */
export interface Asked {
  readonly fullRefresh?: boolean;
  /** Local dates, both inclusive: rebuilt whether they changed or not. */
  readonly from?: string;
  readonly to?: string;
  /** Of those dates only the ones on which this client has rows. */
  readonly of?: ClientChoice;
}

/** Compares a table with its inputs and its text as they are now. */
export async function planTable(
  catalog: Catalog,
  model: Model,
  fingerprint: string,
  agreed: Agreement | undefined,
  asked: Asked
): Promise<Plan> {
  const table = model.name;
  const standing = await catalog.snapshot(table);
  if (!standing) return {table, scope: "all", reason: "not built yet"};
  if (asked.fullRefresh) return {table, scope: "all", reason: "asked"};
  if (!agreed) return {table, scope: "all", reason: "its log names no build"};
  if (agreed.fingerprint !== fingerprint) return {table, scope: "all", reason: "model text changed"};
  const disturbed = await touchedByOthers(catalog, table, agreed.own);
  const others = disturbed.kind === "nothing" ? {} : {others: disturbed.reason};
  if (disturbed.kind === "all") return {table, scope: "all", reason: disturbed.reason, ...others};
  const touched = await touchedBy(catalog, table, agreed.inputs);
  if (touched.kind === "all") return {table, scope: "all", reason: touched.reason, ...others};

  const values = touched.kind === "values" ? widened(touched.values, model, 1) : [];
  const isAsked = asked.from !== undefined || asked.to !== undefined;
  const inRange = isAsked ? within(await incrementValues(catalog, model), asked.from, asked.to) : [];
  const range = asked.of && inRange.length > 0 ? await valuesOfClient(catalog, asked.of, model, inRange) : inRange;
  const own = disturbed.kind === "values" ? disturbed.values : [];
  const reasons = [
    ...[disturbed, touched].flatMap((learned) => (learned.kind === "values" ? [learned.reason] : [])),
    ...(range.length > 0 ? ["asked"] : [])
  ];
  const scope = distinct([...own, ...values, ...range]);
  return scope.length > 0
    ? {table, scope, reason: reasons.join("; "), ...others}
    : {table, scope: "nothing", reason: "nothing changed"};
}

/** What the newest build in a table's own log read, by that log. */
export async function lastBuild(snapshot: Snapshot): Promise<Agreement | undefined> {
  for (let version = snapshot.version; version >= 0; version--) {
    const commits = await readCommits(snapshot.root, version - 1, version).catch(() => []);
    const info = commits[0]?.info as {fingerprint?: string; inputs?: Record<string, TableVersion>} | undefined;
    if (!info) return undefined;
    if (info.fingerprint && info.inputs) {
      const own = {id: snapshot.metadata.id, version, commit: commits[0]!.id};
      return {fingerprint: info.fingerprint, inputs: new Map(Object.entries(info.inputs)), own};
    }
  }
  return undefined;
}

/** The versions of everything that a model reads, views seen through. */
export async function inputVersions(catalog: Catalog, model: string): Promise<Map<string, TableVersion>> {
  const versions = new Map<string, TableVersion>();
  for (const input of storedInputs(catalog, model)) {
    const snapshot = await catalog.snapshot(input);
    if (snapshot) versions.set(input, versionOf(snapshot));
  }
  return versions;
}
