import type {Catalog} from "./catalog.js";
import {isStillThere} from "./change.js";
import {type Gaps, readGaps} from "./gaps.js";
import {type Reconciliation, readReconciliation} from "./reconciliation.js";
import {type RegisterEvents, readRegisterEvents} from "./register_events.js";
import {type Rejection, readRejections, rejectionTables} from "./rejections.js";
import type {Account, RunLeft} from "./run_record.js";

/** What a run's report says of all that came in: what became of it, and what is missing in between. */
export interface Accounts {
  /** One row a source. */
  readonly reconciliation: readonly Reconciliation[];
  /** Undefined before `quality.gap` is built. */
  readonly gaps: Gaps | undefined;
  /** Undefined before `quality.register_event` is built. */
  readonly registerEvents: RegisterEvents | undefined;
  /** The sources of which much was rejected. */
  readonly rejections: readonly Rejection[];
}

/** The tables that it is made from. */
const sources = [
  "quality.reconciliation",
  "bronze.source",
  "quality.gap",
  "quality.register_event",
  ...rejectionTables
];

/** Adds the accounts up from their tables, or takes over what an earlier run says where it left these as they are. */
export async function readAccounts(catalog: Catalog, earlier: RunLeft | undefined): Promise<Accounts> {
  if (earlier?.account?.rejections && (await areAsLeft(catalog, earlier))) return fromAccount(earlier.account);
  return {
    reconciliation: await readReconciliation(catalog),
    gaps: await readGaps(catalog),
    registerEvents: await readRegisterEvents(catalog),
    rejections: await readRejections(catalog)
  };
}

async function areAsLeft(catalog: Catalog, {tables}: RunLeft): Promise<boolean> {
  for (const name of sources) {
    const standing = await catalog.snapshot(name);
    const left = tables.find(({table}) => table === name);
    if (!left && !standing) continue;
    if (!left || !standing || left.version !== standing.version || !(await isStillThere(standing, left))) return false;
  }
  return true;
}

/** The accounts as JSON can hold them: whole numbers of any length as text. */
export function toAccount({reconciliation, gaps, registerEvents, rejections}: Accounts): Account {
  const asText = (line: Reconciliation) =>
    Object.fromEntries(Object.entries(line).map(([name, value]) => [name, String(value)]));
  return {
    reconciliation: reconciliation.map(asText),
    ...(gaps && {gaps}),
    ...(registerEvents && {registerEvents}),
    rejections
  };
}

function fromAccount(account: Account): Accounts {
  const {reconciliation, gaps, registerEvents, rejections} = account as {
    reconciliation: Record<string, string>[];
    gaps?: Gaps;
    registerEvents?: RegisterEvents;
    rejections: Rejection[];
  };
  const fromText = ({source, unit, ...numbers}: Record<string, string>) => ({
    source,
    unit,
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)]))
  });
  const lines = reconciliation.map((line) => fromText(line) as unknown as Reconciliation);
  return {reconciliation: lines, gaps, registerEvents, rejections};
}
