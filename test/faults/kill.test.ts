import {afterAll, describe, expect, it} from "vitest";
import type {TableDigest} from "../../pipelines/models/lake_digest.js";
import type {Step} from "../../pipelines/observe/steps.js";
import {type Day, type TestLake, testLake} from "../support/lake.js";
import {isThorough} from "./effort.js";
import {count} from "./summary.js";
import {childRun} from "./verbs.js";

/** Files as they land one after the other: new, corrected, beside each other, the same again, late, rejected. */
const files: readonly (readonly [path: string, days: readonly Day[], hours?: number])[] = [
  [
    "eliq/1.parquet",
    [
      ["2022-03-26", 1],
      ["2022-03-27", 2],
      ["2022-04-01", 3, "m2"]
    ]
  ],
  [
    "eliq/2.parquet",
    [
      ["2022-03-28", 4],
      ["2022-04-01", 5, "m2"]
    ]
  ],
  [
    "eliq/3.parquet",
    [
      ["2022-03-26", 1],
      ["2022-03-27", 2],
      ["2022-04-01", 3, "m2"]
    ]
  ],
  [
    "eliq/4.parquet",
    [
      ["2021-12-31", 6],
      ["2022-03-28", 7]
    ]
  ],
  ["eliq/5.parquet", [["2022-03-28", 8]], 22]
];

/** A lake that nothing befell. */
interface Undisturbed {
  readonly lake: TestLake;
  readonly digest: readonly TableDigest[];
}

/** The undisturbed lake after the first file, after the second, …: made when first asked for. */
const undisturbed: Promise<Undisturbed>[] = [];

function undisturbedAfter(index: number): Promise<Undisturbed> {
  undisturbed[index] ??= (async () => {
    const lake = await landed(index);
    await lake.run();
    return {lake, digest: await lake.digest()};
  })();
  return undisturbed[index]!;
}

afterAll(async () => {
  for (const made of await Promise.all(undisturbed)) await made?.lake.remove();
});

const land = (lake: TestLake, index: number) => lake.land(...(files[index] as Parameters<TestLake["land"]>));

/** A lake in which a file has just landed that no run has seen. */
async function landed(index: number): Promise<TestLake> {
  const lake = index === 0 ? await testLake() : await (await undisturbedAfter(index - 1)).lake.copy();
  await land(lake, index);
  return lake;
}

/** What the next run makes of what is left: readers see the run before until then. */
async function expectRecovery(lake: TestLake, index: number): Promise<void> {
  const hasRun = await lake.query("SELECT 1").then(
    () => true,
    () => false
  );
  const {digest} = await undisturbedAfter(index);
  const before = index === 0 ? undefined : (await undisturbedAfter(index - 1)).digest;
  if (hasRun) expect([digest, before]).toContainEqual(await lake.digest());
  expect((await lake.run({wait: true})).complete).toBe(true);
  expect(await lake.digest()).toEqual(digest);
  await lake.remove();
}

const often: readonly Step[] = ["after staging", "before link", "after link", "between tables"];
const steps: (readonly [Step, number])[] = [
  ["after arrivals", 1],
  ["before recording", 1],
  ...often.flatMap((step, index) =>
    (isThorough ? Array.from({length: 18}, (_, at) => at + 1) : [1 + 2 * index]).map((at) => [step, at] as const)
  )
];

describe("a run that is killed", () => {
  it.for(steps)("%s, time %i, leaves what the next run makes whole", async ([step, at], {task}) => {
    const index = isThorough && at % 2 === 0 ? 3 : 1;
    const lake = await landed(index);
    const {signal, complete} = await childRun({lake: lake.folder, sql: lake.sql}, {stopAt: `${step}:${at}`});
    // The step may be reached less often.
    expect(signal ?? complete).toBe(signal ? "SIGKILL" : true);
    if (!isThorough) expect(signal).toBe("SIGKILL");
    await expectRecovery(lake, index);
    if (signal) count(task, "steps", "pipeline");
  });

  it("again and again, with no whole run between, loses and doubles nothing", async () => {
    const lake = await testLake();
    const last = isThorough ? files.length - 1 : 2;
    for (let index = 0; index <= last; index++) {
      await land(lake, index);
      await childRun(
        {lake: lake.folder, sql: lake.sql, wait: true},
        {stopAt: `${often[index % often.length]!}:${1 + 3 * index}`}
      );
    }
    expect((await lake.run({wait: true})).complete).toBe(true);
    expect(await lake.digest()).toEqual((await undisturbedAfter(last)).digest);
    await lake.remove();
  });
});
