import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import {createRequire} from "node:module";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {removeLeftSpills} from "../engines/duckdb.js";
import {type Conversation, converse} from "./conversation.js";
import {type Limits, refuseUnfitLimits} from "./limits.js";
import type {Job, Opening, Part} from "./messages.js";

/** Processes that read a lake within limits: as many at once as the machine has cores. */
export interface Readers {
  /**
   * Has a job done, and takes its parts one by one.
   *
   * @throws Error when it went over a limit, or failed
   */
  work(job: Job, take: (part: Part) => void | Promise<void>): Promise<void>;
  close(): void;
}

/**
 * Makes ready to read a lake within limits. A process starts with the first job that finds none free, and stays for
 * the next. Each does one job at a time, so that no other ends with it.
 *
 * @param notice is called with what a reader of the lake should know
 * @throws Error with `usage` as its cause for limits that can't be kept
 */
export function openReaders(
  {folder, asOf, options}: Opening,
  limits: Limits,
  notice: (sentence: string) => void = () => undefined
): Readers {
  refuseUnfitLimits(limits);
  const opening = {folder, asOf, options: {...options, ...(limits.memory !== undefined && {memory: limits.memory})}};
  const free: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const enter = turns(availableParallelism());

  const finish = async (reader: ChildProcess, {fault, isOver}: Conversation) => {
    if (!isOver) free.push(reader);
    else {
      all.delete(reader);
      await end(reader);
      await removeLeftSpills(join(folder, ".tmp"));
    }
    if (fault) throw fault;
  };
  const start = async () => {
    const reader = startReader();
    all.add(reader);
    const opened = await converse(reader, {kind: "open", opening}, limits);
    if (opened.fault) await finish(reader, {...opened, isOver: true});
    for (const sentence of opened.notices) notice(sentence);
    return reader;
  };
  return {
    async work(job, take) {
      const leave = await enter();
      try {
        const reader = free.pop() ?? (await start());
        await finish(reader, await converse(reader, {kind: "work", job}, limits, take));
      } finally {
        leave();
      }
    },
    close() {
      for (const reader of all) reader.kill("SIGKILL");
    }
  };
}

/** Starts a process; where the program runs from its sources, it needs what the program itself is loaded by. */
function startReader(): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(`./reader.${isSource ? "ts" : "js"}`, import.meta.url);
  const loader = () => ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href];
  const reader = fork(file, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: isSource ? loader() : []
  });
  // One that waits for a job keeps nobody from ending.
  reader.unref();
  return reader;
}

async function end(reader: ChildProcess): Promise<void> {
  if (reader.exitCode !== null || reader.signalCode !== null) return;
  const ended = once(reader, "exit");
  reader.ref();
  reader.kill("SIGKILL");
  await ended;
}

/** Lets so many in at once, the others when one leaves, in their order. */
function turns(places: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else places++;
  };
  return async () => {
    if (places > 0) places--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return leave;
  };
}
