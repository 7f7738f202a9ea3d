import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {createInterface} from "node:readline";
import type {Step} from "../../pipelines/observe/steps.js";
import type {PipelineOptions} from "../../pipelines/pipeline.js";

/** What a run in a process of its own came to. */
export interface ChildRun {
  /** What killed it; undefined when it came to its end. */
  readonly signal?: NodeJS.Signals;
  readonly run?: number;
  readonly complete?: boolean;
  /** Tables that failed, each with its error's sentence. */
  readonly problems?: readonly string[];
  readonly rejected?: number;
  /** The sentence that the run itself failed with. */
  readonly error?: string;
  /** From the loaded program to its end. */
  readonly milliseconds: number;
}

/** What goes wrong with a run. */
export interface Fault {
  /** The step at which it dies, and which of the times it gets there. */
  readonly stopAt?: `${Step}:${number}`;
  /** Kill it so long after the program is loaded. */
  readonly killAfter?: number;
  /** What to put before `node`, to run it under. */
  readonly under?: readonly string[];
}

/** Runs the pipeline in a process of its own, as something may befall it. */
export async function childRun(
  options: PipelineOptions,
  {stopAt, killAfter, under = []}: Fault = {}
): Promise<ChildRun> {
  const [program, ...before] = [...under, process.execPath];
  const child = spawn(program!, [...before, "--import", "tsx", "test/faults/child.ts", JSON.stringify(options)], {
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
  const [, signal] = await exit;
  return {...JSON.parse(last), ...(signal && {signal}), milliseconds: Date.now() - started};
}

function killLater(child: ChildProcess, milliseconds: number): void {
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  child.once("exit", () => clearTimeout(timer));
}
