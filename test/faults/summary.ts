import type {TestModule} from "vitest/node";
import type {Reporter} from "vitest/reporters";

/** What was done to lakes in a test, by what it is, and by what it was done to. */
export type Counts = Record<string, Record<string, number>>;

declare module "vitest" {
  interface TaskMeta {
    faults?: Counts;
  }
}

/** Counts what a test does, for the last lines of all: `count(task, "kills", "pipeline")`. */
export function count(task: {meta: {faults?: Counts}}, what: Kind, of: string, times = 1): void {
  const faults = task.meta.faults ?? {};
  const before = faults[what]?.[of] ?? 0;
  task.meta.faults = {...faults, [what]: {...faults[what], [of]: before + times}};
}

/** What is counted, and what it means that its tests passed. */
const kinds = {
  kills: (total: string, of: string) => `${total} kills at random moments (${of}): every lake equals one build`,
  steps: (total: string, of: string) => `${total} kills at named steps (${of}): every lake equals one build`,
  commits: (total: string, of: string) => `${total} commits of writers at once (${of}): none lost, none doubled`,
  "full disks": (total: string, of: string) =>
    `${total} commands on a disk that was full at some point (${of}): each said so, and the next made up for it`,
  "read-only": (total: string, of: string) =>
    `${total} commands on a lake that can't be written (${of}): readers read it, the others named it`,
  erasures: (total: string, of: string) =>
    `${total} erasures of random customers (${of}): nothing left, others as they were`
};
type Kind = keyof typeof kinds;

/** Says at the end of a run of tests what was done to lakes, and how often. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const all: {meta: {faults?: Counts}} = {meta: {}};
    const failed: Record<string, number> = {};
    for (const module of modules)
      for (const test of module.children.allTests()) {
        const isPassed = test.result().state === "passed";
        for (const [what, ofs] of Object.entries(test.meta().faults ?? {})) {
          if (!isPassed) failed[what] = (failed[what] ?? 0) + 1;
          else for (const [of, times] of Object.entries(ofs)) count(all, what as Kind, of, times);
        }
      }
    const lines = Object.entries(all.meta.faults ?? {}).map(([what, ofs]) => {
      const total = Object.values(ofs).reduce((sum, times) => sum + times, 0);
      const of = Object.entries(ofs).map(([name, times]) => `${name} ${times.toLocaleString("en")}`);
      return kinds[what as Kind](total.toLocaleString("en"), of.join(", "));
    });
    for (const [what, times] of Object.entries(failed)) lines.push(`FAILED: ${times} of the tests that count ${what}`);
    if (lines.length > 0) process.stdout.write(`\n${lines.map((line) => `      ${line}\n`).join("")}`);
  }
}
