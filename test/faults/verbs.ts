import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {createInterface} from "node:readline";
import type {EraseOptions} from "../../pipelines/erasure/erase.js";
import type {ExportFormat} from "../../pipelines/exports/export.js";
import type {Step} from "../../pipelines/observe/steps.js";
import type {PipelineOptions} from "../../pipelines/pipeline.js";
import type {ErasureOrder} from "../../pipelines/sources/erasure_request.js";
import type {Source} from "../../pipelines/sources/source.js";

/** The commands that write to a lake's folder, or beside it. */
export const verbs = [
  "pipeline",
  "land",
  "collect",
  "backfill",
  "optimize",
  "restore",
  "export",
  "erase",
  "vacuum"
] as const;
export type Verb = (typeof verbs)[number];

/** A command and what it is given. */
export type Order =
  | {readonly verb: "pipeline" | "backfill"; readonly options: PipelineOptions}
  | ({readonly verb: "land"; readonly source: Source; readonly file: string} & Place)
  | ({
      readonly verb: "collect";
      readonly source: Source;
      readonly url: string;
      readonly days: {readonly from: string; readonly to: string};
    } & Place)
  | {readonly verb: "optimize" | "vacuum"; readonly lake: string}
  | {readonly verb: "restore"; readonly lake: string; readonly table: string; readonly version: number}
  | ({readonly verb: "export"; readonly to: string; readonly format: ExportFormat} & Place)
  /** Without a customer, the erasure that is open. */
  | {readonly verb: "erase"; readonly options: EraseOptions; readonly customer?: ErasureOrder};

interface Place {
  readonly lake: string;
  readonly sql: string;
}

/** What a command in a process of its own came to. */
export interface Ended {
  /** What killed it; undefined when it came to its end. */
  readonly signal?: NodeJS.Signals;
  readonly code: number | null;
  readonly run?: number;
  readonly complete?: boolean;
  /** What failed, each with its sentence: tables of a run, requests of a collection. */
  readonly problems?: readonly string[];
  readonly rejected?: number;
  /** The sentence that the command itself failed with. */
  readonly error?: string;
  /** From the loaded program to its end. */
  readonly milliseconds: number;
}

/** What goes wrong with a command. */
export interface Fault {
  /** The step at which it dies, and which of the times it gets there. */
  readonly stopAt?: `${Step}:${number}`;
  /** Kill it so long after the program is loaded. */
  readonly killAfter?: number;
  /** What to put before `node`, to run it under. */
  readonly under?: readonly string[];
}

/** Runs a command in a process of its own, as something may befall it. */
export async function give(order: Order, {stopAt, killAfter, under = []}: Fault = {}): Promise<Ended> {
  const [program, ...before] = [...under, process.execPath];
  const child = spawn(program!, [...before, "test/faults/verb.js", JSON.stringify(order)], {
    env: {...process.env, ...(stopAt && {WATTLAKE_STOP_AT: stopAt})},
    stdio: ["ignore", "pipe", "inherit"]
  });
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  let [last, started] = ["{}", Date.now()];
  const lines = createInterface({input: child.stdout!});
  for await (const line of lines) {
    if (line === "started") {
      started = Date.now();
      if (killAfter !== undefined) killLater(child, killAfter);
    } else last = line;
  }
  const [code, signal] = await exit;
  return {...JSON.parse(last), code, ...(signal && {signal}), milliseconds: Date.now() - started};
}

/** Runs the pipeline in a process of its own. */
export function childRun(options: PipelineOptions, fault?: Fault): Promise<Ended> {
  return give({verb: "pipeline", options}, fault);
}

function killLater(child: ChildProcess, milliseconds: number): void {
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  child.once("exit", () => clearTimeout(timer));
}
