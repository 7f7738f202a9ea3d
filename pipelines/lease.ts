import {randomUUID} from "node:crypto";
import {readFile, rename, rm, stat, writeFile} from "node:fs/promises";
import {hostname} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import lockfile from "proper-lockfile";
import {refuseUnfit} from "./delta/ground.js";

/** Who holds a lake's lease. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** The lock that it holds: a name for it that no later lock has. */
  readonly lock: string;
}

interface LeaseOptions {
  /** Wait for whoever holds it, instead of failing. */
  readonly wait?: boolean;
  /** Is told whom is waited for, once each. */
  onWait?(holder: string): void;
}

/**
 * Does work while holding the lake's lease, so that pipelines on one lake go one after the other. Nothing rests on
 * it but that no work is done twice: two that ran side by side would still lose or double nothing.
 *
 * A lease that a dead process left is taken over: at once if it died on this machine, and after the lease has gone
 * stale, unrenewed, if it was another's, or died before it said whose it was.
 *
 * @throws Error that says who holds it and since when, unless it is to `wait`; or that the disk can't hold a lake.
 */
export async function withLease<T>(lake: string, options: LeaseOptions, work: () => Promise<T>): Promise<T> {
  await refuseUnfit(lake);
  const release = await take(lake, options);
  try {
    return await work();
  } finally {
    // A lease that somebody took over in between is theirs to give back.
    await release().catch(() => undefined);
  }
}

/** A lease not renewed for so long has no living holder. */
const staleMilliseconds = 15_000;
const waitMilliseconds = 200;

async function take(lake: string, {wait = false, onWait}: LeaseOptions): Promise<() => Promise<void>> {
  const lock = join(lake, ".lease");
  const holderFile = join(lake, ".lease.json");
  let awaited: string | undefined;
  const patience = Date.now() + 2 * staleMilliseconds;
  for (;;) {
    try {
      const release = await lockfile.lock(lake, {
        lockfilePath: lock,
        stale: staleMilliseconds,
        update: staleMilliseconds / 3,
        // Losing it only means that somebody else may start: commits decide who was first.
        onCompromised: () => undefined
      });
      const since = new Date().toISOString();
      const holder: Holder = {pid: process.pid, host: hostname(), since, lock: (await nameOf(lock)) ?? ""};
      await writeFile(holderFile, JSON.stringify(holder));
      return release;
    } catch (error: any) {
      if (error.code !== "ELOCKED") throw error;
    }
    const holder = await readHolder(holderFile);
    // The file may still name the one before: whose lock it is, the lock itself tells.
    const isHolders = holder !== undefined && holder.lock === (await nameOf(lock));
    if (isHolders && isDead(holder)) {
      await takeAway(lock, holder);
      continue;
    }
    const who = describe(isHolders ? holder : undefined);
    // Whoever takes it says so at once. One that was killed before leaves a lock that soon is stale.
    if (!wait && (isHolders || Date.now() > patience))
      throw new Error(`lake in use: ${lake}: ${who}; wait for it with --wait`);
    if (isHolders && who !== awaited) onWait?.(who);
    if (isHolders) awaited = who;
    await sleep(waitMilliseconds);
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  return readFile(file, "utf8")
    .then(JSON.parse, () => undefined)
    .catch(() => undefined);
}

function isDead({pid, host}: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error: any) {
    return error.code === "ESRCH";
  }
}

/** Which lock a lock is: they all have one path. Undefined when there is none. */
async function nameOf(lock: string): Promise<string | undefined> {
  const found = await stat(lock, {bigint: true}).catch(() => undefined);
  return found && `${found.ino}-${found.birthtimeNs}`;
}

/** Removes a dead process's lock. One that somebody has taken in between is given back. */
async function takeAway(lock: string, dead: Holder): Promise<void> {
  const aside = `${lock}-${randomUUID()}`;
  const taken = await rename(lock, aside).then(
    () => nameOf(aside),
    () => undefined
  );
  if (taken === undefined) return;
  if (taken === dead.lock) await rm(aside, {recursive: true, force: true});
  else await rename(aside, lock);
}

function describe(holder: Holder | undefined): string {
  return holder
    ? `process ${holder.pid} on ${holder.host} holds it since ${holder.since}`
    : "another process is just taking it";
}
