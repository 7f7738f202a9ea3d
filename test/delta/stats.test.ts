import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import fc from "fast-check";
import {afterAll, describe, expect, it} from "vitest";
import {filesWhere, scan} from "../../pipelines/delta/scan.js";
import {distinct} from "../../pipelines/delta/slice.js";
import {stageRows} from "../../pipelines/delta/stage.js";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const temporary = await mkdtemp(join(tmpdir(), "wattlake-stats-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

/** Writes values, given as SQL, to one file. */
async function fileOf(type: string, values: readonly string[], name = "c") {
  const rows = values.map((value) => `(CAST(${value} AS ${type}))`).join(", ");
  const columns = [{name, type}];
  const stage = {root: join(temporary, "it's a té%st"), columns, partitionColumns: []};
  const [file] = await stageRows(duckdb, `SELECT * FROM (VALUES ${rows}) AS t("${name.replaceAll('"', '""')}")`, stage);
  return {columns, partitionColumns: [], files: [file!]};
}

describe("the statistics of a file", () => {
  it("have the least and the greatest text of a dictionary's column that are there, not of the dictionary", async () => {
    const columns = [{name: "word", type: "VARCHAR"}];
    const stage = {root: join(temporary, "dictionary"), columns, partitionColumns: [], texts: ["word"]};
    const [file] = await stageRows(
      duckdb,
      `SELECT CAST(word AS ENUM ('a', 'b', 'c', 'd')) AS word FROM (VALUES ('c'), ('b'), (NULL)) AS t(word)`,
      stage
    );
    expect(JSON.parse(file!.stats!)).toEqual({
      numRecords: 3,
      minValues: {word: "b"},
      maxValues: {word: "c"},
      nullCount: {word: 1}
    });
  });

  it.each([
    [
      "a BIGINT's digits",
      "BIGINT",
      ["9007199254740993", "-9223372036854775808"],
      "-9223372036854775808",
      "9007199254740993"
    ],
    [
      "a DECIMAL's digits",
      "DECIMAL(38,6)",
      ["12345678901234567890.000001", "0.1"],
      "0.100000",
      "12345678901234567890.000001"
    ],
    ["days", "DATE", ["'2022-03-27'", "'2022-10-30'"], '"2022-03-27"', '"2022-10-30"'],
    ["a text with quotes and a backslash", "VARCHAR", [`'it''s "\\'`], `"it's \\"\\\\"`, `"it's \\"\\\\"`],
    ["no text that may have been cut", "VARCHAR", ["'a'", "repeat('é', 40)"], `"a"`, undefined],
    [
      "a greatest instant rounded up",
      "TIMESTAMP WITH TIME ZONE",
      ["'2022-01-01 00:00:00.999999+00'"],
      `"2022-01-01T00:00:00.999Z"`,
      `"2022-01-01T00:00:01.000Z"`
    ],
    [
      "no instants without end",
      "TIMESTAMP WITH TIME ZONE",
      ["'infinity'", "'2022-01-01 00:00:00+00'"],
      `"2022-01-01T00:00:00.000Z"`,
      undefined
    ],
    ["no instants before Christ", "TIMESTAMP WITH TIME ZONE", ["'0044-03-15 (BC) 00:00:00+00'"], undefined, undefined],
    ["no days after 9999", "DATE", ["'infinity'", "'2022-01-01'"], '"2022-01-01"', undefined],
    ["nothing beside NaN", "DOUBLE", ["'nan'", "1.5"], undefined, undefined],
    ["numbers", "DOUBLE", ["1e300", "-0.1"], "-0.1", "1e+300"]
  ])("hold %s", async (_, type, values, min, max) => {
    const {files} = await fileOf(type, values);
    const stats = files[0]!.stats!;
    expect(() => JSON.parse(stats)).not.toThrow();
    const bound = (side: string) => new RegExp(`"${side}":\\{"c":(.*?)\\}`).exec(stats)?.[1];
    expect([bound("minValues"), bound("maxValues")]).toEqual([min, max]);
    expect(JSON.parse(stats)).toMatchObject({numRecords: values.length, nullCount: {c: 0}});
  });

  it("count the NULLs of a column with a quote in its name", async () => {
    const {files} = await fileOf("INTEGER", ["1", "NULL", "NULL"], 'k"Wh');
    expect(JSON.parse(files[0]!.stats!)).toEqual({
      numRecords: 3,
      minValues: {'k"Wh': 1},
      maxValues: {'k"Wh': 1},
      nullCount: {'k"Wh': 2}
    });
  });

  it("refuse a partition that would read back as NULL", async () => {
    const columns = [
      {name: "p", type: "VARCHAR"},
      {name: "x", type: "INTEGER"}
    ];
    const stage = {root: join(temporary, "nameless"), columns, partitionColumns: ["p"]};
    await expect(stageRows(duckdb, "SELECT '' AS p, 1 AS x", stage)).rejects.toThrow(
      /^partition without a name: p of .* has an empty text/
    );
  });
});

const digits = fc.bigInt({min: -(10n ** 17n), max: 10n ** 17n});
const types: [string, fc.Arbitrary<string>][] = [
  ["BIGINT", digits.map(String)],
  [
    "DECIMAL(18,6)",
    fc.oneof(
      digits.map(
        (n) =>
          `${n / 1000000n}.${String(n < 0 ? -n : n)
            .slice(-6)
            .padStart(6, "0")}`
      ),
      fc.constantFrom("0.000001", "-0.000001", "10.000000", "9.000000")
    )
  ],
  [
    "DATE",
    fc
      .date({min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true})
      .map((at) => at.toISOString().slice(0, 10))
  ],
  [
    "VARCHAR",
    fc
      .oneof(
        fc.string({maxLength: 40}),
        fc.string({unit: "binary", maxLength: 4}),
        fc.constantFrom("\u{ffff}", "\u{1f600}", "Z", "a", "10", "9")
      )
      .filter((text) => !text.includes("\0"))
  ],
  ["DOUBLE", fc.integer({min: -5, max: 5}).map((n) => `${n}.0`)]
];

describe("filesWhere", () => {
  it.each(types)("never leaves out a file that holds one of the values of a %s", async (type, value) => {
    const column = fc.array(fc.option(value, {freq: 8}), {minLength: 1, maxLength: 5});
    await fc.assert(
      fc.asyncProperty(column, fc.array(value, {maxLength: 6}), async (held, asked) => {
        const snapshot = await fileOf(
          type,
          held.map((text) => (text === null ? "NULL" : literal(text)))
        );
        const values = distinct([...asked, ...held.slice(0, 1).flatMap((text) => text ?? [])]);
        const list = values.map((text) => `CAST(${literal(text)} AS ${type})`).join(", ") || "NULL";
        const [row] = await duckdb.rows(`SELECT count(*)::INTEGER AS n FROM ${scan(snapshot)} WHERE c IN (${list})`);
        if (row!.n > 0) expect(filesWhere(snapshot, "c", values)).toHaveLength(1);
      }),
      {numRuns: 40}
    );
  });

  it("leaves out what can't hold a value", async () => {
    const days = await fileOf("DATE", ["'2022-03-01'", "'2022-03-31'"]);
    expect(filesWhere(days, "c", ["2022-02-28", "2022-04-01"])).toEqual([]);
    expect(filesWhere(days, "c", ["2022-02-28", "2022-03-15"])).toHaveLength(1);
    const exact = await fileOf("BIGINT", ["9007199254740993"]);
    expect(filesWhere(exact, "c", ["9007199254740992"])).toEqual([]);
    expect(filesWhere(exact, "c", ["9007199254740993"])).toHaveLength(1);
    expect(filesWhere(await fileOf("INTEGER", ["9", "10"]), "c", ["11", "8"])).toEqual([]);
  });
});
