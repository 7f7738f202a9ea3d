import {mkdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {hostname} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import lockfile from "proper-lockfile";

/** Who holds a lake's lease. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/**
 * Does work while holding the lake's lease, so that pipelines on one lake go one after the other. Nothing rests on
 * it but that no work is done twice: two that ran side by side would still lose or double nothing.
 *
 * A lease that a dead process left is taken over: at once if it died on this machine, and after the lease has gone
 * stale, unrenewed, if it was another's.
 *
 * @throws Error that says who holds it and since when, unless it is to `wait`.
 */
export async function withLease<T>(lake: string, {wait = false}: {wait?: boolean}, work: () => Promise<T>): Promise<T> {
  await mkdir(lake, {recursive: true});
  const release = await take(lake, wait);
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

async function take(lake: string, wait: boolean): Promise<() => Promise<void>> {
  const lock = join(lake, ".lease");
  const holderFile = join(lake, ".lease.json");
  for (;;) {
    try {
      const release = await lockfile.lock(lake, {
        lockfilePath: lock,
        stale: staleMilliseconds,
        update: staleMilliseconds / 3,
        // Losing it only means that somebody else may start: commits decide who was first.
        onCompromised: () => undefined
      });
      const holder: Holder = {pid: process.pid, host: hostname(), since: new Date().toISOString()};
      await writeFile(holderFile, JSON.stringify(holder));
      return release;
    } catch (error: any) {
      if (error.code !== "ELOCKED") throw error;
    }
    const holder = await readHolder(holderFile);
    if (holder && isDead(holder)) {
      await takeAway(lock, holderFile, holder);
      continue;
    }
    if (!wait) throw new Error(`lake in use: ${lake}: ${describe(holder)}; wait for it with --wait`);
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

/** Removes a dead process's lease, unless the lease is already another's. */
async function takeAway(lock: string, holderFile: string, dead: Holder): Promise<void> {
  const before = await stat(lock).catch(() => undefined);
  const now = await readHolder(holderFile);
  if (!before || now?.pid !== dead.pid || now.since !== dead.since) return;
  await rm(lock, {recursive: true, force: true});
}

function describe(holder: Holder | undefined): string {
  return holder
    ? `process ${holder.pid} on ${holder.host} holds it since ${holder.since}`
    : "another process is just taking it";
}
