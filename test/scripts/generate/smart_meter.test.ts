import {execFile} from "node:child_process";
import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {answersOf} from "../../../scripts/generate/smart_meter/answers.js";
import {makeSupply, type Row, type Supply} from "../../../scripts/generate/smart_meter/supply.js";

const sample = "lake/landing/smart-meter";
let to: string;
beforeAll(async () => {
  to = await mkdtemp(join(tmpdir(), "wattlake-smart-meter-"));
  const [, command] = /^npm run generate -- (smart-meter .*) --to/m.exec(
    await readFile(join(sample, "README.md"), "utf8")
  )!;
  await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "scripts/generate.ts",
    ...command!.split(" "),
    "--to",
    to
  ]);
});
afterAll(() => rm(to, {recursive: true}));

const filesIn = async (folder: string) =>
  (await readdir(folder, {recursive: true, withFileTypes: true}))
    .filter((entry) => entry.isFile() && !/README|^_/.test(entry.name))
    .map(({parentPath, name}) => join(parentPath, name).slice(folder.length + 1))
    .filter((path) => !path.startsWith("_answers"))
    .sort();

describe("generate smart-meter", () => {
  it("writes the sample again, file by file, as its note says", async () => {
    const files = await filesIn(sample);
    expect(files.length).toBe(16);
    expect(await filesIn(to)).toEqual(files);
    for (const file of files)
      expect((await readFile(join(to, file))).equals(await readFile(join(sample, file))), file).toBe(true);
  });

  it("writes the answers beside it, a table a file", async () => {
    const [first] = (await readFile(join(to, "_answers", "total_consumption_half_hour.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(first!)).toEqual({
      interval_start: "2021-03-22T00:00:00Z",
      total_kwh: expect.stringMatching(/^\d\.\d{6}$/),
      meterpoint_count: 12
    });
    expect((await readdir(join(to, "_answers"))).length).toBe(5);
  });

  it("makes other values of another seed, and as many days and meter points as asked", () => {
    const [one, other] = [1, 2].map(
      (seed) => [...makeSupply({meters: 1, days: 2, start: "2021-01-01", seed, dst: false}).files()][0]!.rows
    );
    expect([one!.length, other!.length]).toEqual([96, 96]);
    expect(one!.map(([start]) => start)).toEqual(other!.map(([start]) => start));
    expect(one!.map(([, value]) => value)).not.toEqual(other!.map(([, value]) => value));
  });
});

describe("the answers", () => {
  const meterpoint = "m1";
  const answers = (files: readonly (readonly Row[])[], agreements: Supply["snapshots"][number]["agreements"] = []) =>
    answersOf({
      *files() {
        for (const [index, rows] of files.entries()) yield {path: `${index}.json`, rows};
      },
      snapshots: [
        {
          path: "s.db",
          agreements,
          products: [{display_name: "P", is_variable: 1, id: 1, product_id: "p"}],
          meterpoints: []
        }
      ]
    });
  const row = (value: number | null, time = "00:00", of = meterpoint): Row => [`2021-07-01 ${time}:00`, value, of];
  const totals = (files: readonly (readonly Row[])[]) =>
    answers(files).total_consumption_half_hour.map((total) => Object.values(total).slice(1));

  it.each([
    ["adds meter points up", [[row(0.1)], [row(0.2, "00:00", "m2")]], [["0.300000", 2]]],
    ["takes equal rows of a file for one", [[row(0.1), row(0.1)]], [["0.100000", 1]]],
    ["takes neither of two that differ in a file", [[row(0.1), row(0.2)]], []],
    [
      "takes the older file's where the newer contradicts itself",
      [[row(0.3)], [row(0.1), row(0.2)]],
      [["0.300000", 1]]
    ],
    ["takes the newer file's", [[row(0.3)], [row(0.1)]], [["0.100000", 1]]],
    ["takes none where the newer file has no value", [[row(0.3)], [row(null)]], []]
  ])("%s", (_, files, expected) => expect(totals(files)).toEqual(expected));

  it("round a mean half up, and take a day for the local one", () => {
    const agreements = ["m1", "m2"].map((id, index) => ({
      ...{agreement_id: index, product_id: "p", meterpoint_id: id, account_id: "a"},
      ...{agreement_valid_from: "2021-07-02", agreement_valid_to: null}
    }));
    // In July, London's day begins at 23:00 UTC.
    const given = answers([[row(0.000001, "23:00"), row(0.5, "22:30")], [row(0.000002, "23:00", "m2")]], agreements);
    expect(given.avg_half_hour_by_product).toEqual([
      {interval_start: "2021-07-01T23:00:00Z", product: "P", avg_kwh: "0.000002", meterpoint_count: 2}
    ]);
    expect(given.consumption_per_product_per_day).toEqual([
      {local_date: "2021-07-02", product: "P", total_kwh: "0.000003", meterpoint_count: 2}
    ]);
  });
});
