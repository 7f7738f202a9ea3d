import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync} from "node:fs";
import {readFile, rename} from "node:fs/promises";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {setTimeout as sleep} from "node:timers/promises";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type TestLake, testLake} from "../support/lake.js";

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake();
  await lake.land("eliq/a.parquet", [["2022-05-01", 100]]);
});
afterAll(() => lake.remove());

/** A schedule in a process of its own, and what it has said. */
function schedule(...options: string[]) {
  const child = spawn(process.execPath, ["dist/schedule.js", "--lake", lake.folder, ...options], {
    stdio: ["ignore", "pipe", "pipe"]
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({input: stream}).on("line", (line) => lines.push(line.replace(/^\S+Z /, "")));
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  return {child, lines, exit, said: (text: RegExp) => until(child, () => lines.some((line) => text.test(line)), lines)};
}

async function until(child: ChildProcess, holds: () => boolean, lines: readonly string[]): Promise<void> {
  while (!holds()) {
    if (child.exitCode !== null) throw new Error(`ended before: ${lines.join("\n")}`);
    await sleep(10);
  }
}

const builds = (table: string) => existsSync(join(lake.folder, ...table.split("."), "_delta_log"));
const yearly = ["--cron", "0 0 1 1 *"];
const eachSecond = ["--cron", "* * * * * *"];

describe("a schedule", () => {
  it("catches up where it is asked to, and stops after the table under way; at once on a second signal", async () => {
    const first = schedule(...yearly, "--catch-up");
    await until(first.child, () => builds("silver.meter_day"), first.lines);
    first.child.kill("SIGTERM");
    expect(await first.exit).toEqual([0, null]);
    expect(first.lines).toContainEqual(
      expect.stringMatching(/^run 1: not complete, \d+ tables? built in .* s, exit code 1$/)
    );

    const second = schedule(...eachSecond);
    await until(second.child, () => builds("silver.reading"), second.lines);
    second.child.kill("SIGINT");
    second.child.kill("SIGTERM");
    expect(await second.exit).toEqual([1, null]);
    expect(second.lines.some((line) => /: stopping once the table under way is built;/.test(line))).toBe(true);
  });

  it("runs when it is due, one at a time, whatever became of the last, until it is told to stop", async () => {
    const third = schedule(...eachSecond);
    await third.said(/^run \d+: complete, [1-9]\d* tables? built in .* s, exit code 0$/);
    await third.said(/^run \d+: complete, 0 tables built in .* s, exit code 0$/);
    const [landing, aside] = [join(lake.folder, "landing"), join(lake.folder, "elsewhere")];
    await rename(landing, aside);
    await third.said(/^run failed: landing folder not found: .*, exit code 1$/);
    await rename(aside, landing);
    third.child.kill("SIGTERM");
    expect((await third.exit)[0]).toBe(0);
    const runs = await lake.query("SELECT complete, exit_code, error FROM ops.run ORDER BY run");
    expect(runs[0]).toEqual([false, 1, "stopped before its end"]);
    expect(runs).toContainEqual([true, 0, null]);
    expect(runs).toContainEqual([false, 1, expect.stringMatching(/^landing folder not found: /)]);
    expect(await lake.query("SELECT count(*) FROM silver.reading")).toEqual([["24"]]);
  });

  it("that nothing was missed of catches nothing up", async () => {
    const {child, lines, said, exit} = schedule(...yearly, "--catch-up");
    await said(/^schedule: 0 0 1 1 \* by the clock of UTC; next run at .*-01-01T00:00:00.000Z$/);
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    expect(lines.some((line) => line.startsWith("run "))).toBe(false);
  });

  it("that can't be kept is refused", async () => {
    const wrong = schedule("--tz", "Europe/Wilna");
    expect(await wrong.exit).toEqual([2, null]);
    expect(wrong.lines).toContainEqual(expect.stringMatching(/^error: not a time zone: Europe\/Wilna;/));
  });
});

it("Airflow's tasks call commands that there are", async () => {
  const {scripts} = JSON.parse(await readFile("package.json", "utf8"));
  const dag = await readFile("docs/airflow/wattlake.py", "utf8");
  const commands = [...dag.matchAll(/bash_command="npm run -s (\S+) -- ([^"]+)"/g)].map(([, script, rest]) => [
    script,
    rest
  ]);
  expect(commands).toEqual([
    ["pipeline", "--wait"],
    ["lake", "optimize"]
  ]);
  for (const [script] of commands) expect(scripts).toHaveProperty(script!);
});
