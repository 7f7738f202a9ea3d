import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {$} from "zx";
import type {Measured} from "./summary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a program of ours, by its path in the project, as a process of its own, start-up included. */
export async function measure(folder: string, [program, ...parameters]: readonly string[]): Promise<Measured> {
  const usage = join(folder, "usage.json");
  const compiler = program!.endsWith(".ts") ? ["--import", "tsx"] : [];
  const node = [...compiler, "--import", "./scripts/bench/usage.js", program!];
  const started = performance.now();
  await $({
    cwd: root,
    quiet: true,
    env: {...process.env, WATTLAKE_USAGE: usage}
  })`${process.execPath} ${node} ${parameters}`;
  const seconds = (performance.now() - started) / 1000;
  return {seconds, ...JSON.parse(await readFile(usage, "utf8"))};
}

/** A pair of runs of the same, one after the other. */
export interface Pair {
  readonly pipeline: Measured;
  readonly byHand: Measured;
}

/** Runs both so many times. Who goes first takes turns: a machine grows warm, its cache full. */
export async function inTurn(
  times: number,
  runPipeline: () => Promise<Measured>,
  runByHand: () => Promise<Measured>,
  say: (text: string) => void
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < times; index++) {
    const first = index % 2 === 0 ? await runPipeline() : undefined;
    const byHand = await runByHand();
    const pipeline = first ?? (await runPipeline());
    pairs.push({pipeline, byHand});
    say(`pair ${index + 1}: pipeline ${pipeline.seconds.toFixed(1)} s, by hand ${byHand.seconds.toFixed(1)} s`);
  }
  return pairs;
}
