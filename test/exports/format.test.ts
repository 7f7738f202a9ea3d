import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {printResult, type RowFormat} from "../../pipelines/exports/format.js";
import {plainRows} from "../../pipelines/exports/values.js";

const duckdb = await openDuckDB();

async function printed(sql: string, format: RowFormat): Promise<string> {
  let text = "";
  await printResult(await duckdb.native.stream(sql), format, (part) => {
    text += part;
  });
  return text;
}

describe("rows as json", () => {
  it.each([
    ["a decimal", "876.000000::DECIMAL(18,6)", "876.000000"],
    ["a negative decimal below one", "-0.000001::DECIMAL(18,6)", "-0.000001"],
    ["an integer beyond a double", "9007199254740993::BIGINT", "9007199254740993"],
    [
      "a sum of integers",
      "170141183460469231731687303715884105727::HUGEINT",
      "170141183460469231731687303715884105727"
    ],
    ["an instant", "TIMESTAMPTZ '2022-10-30 03:00:00+02'", '"2022-10-30T01:00:00Z"'],
    ["an instant between seconds", "TIMESTAMPTZ '2022-10-30 03:00:00.25+00'", '"2022-10-30T03:00:00.250Z"'],
    ["an instant between milliseconds", "TIMESTAMPTZ '2022-10-30 03:00:00.000001+00'", '"2022-10-30T03:00:00.000001Z"'],
    ["an instant before 1970", "TIMESTAMPTZ '1969-12-31 23:59:59.5+00'", '"1969-12-31T23:59:59.500Z"'],
    ["a local date", "DATE '2022-03-27'", '"2022-03-27"'],
    ["nothing", "NULL", "null"],
    ["a list", "[1.5::DECIMAL(3,1), NULL]", "[1.5,null]"],
    ["a struct in a list", `[{'a "b"': 1, 'c': DATE '2022-01-01'}]`, '[{"a \\"b\\"":1,"c":"2022-01-01"}]'],
    ["a map", "MAP {'k': 1}", '{"k":1}'],
    ["what isn't a number", "'NaN'::DOUBLE", '"NaN"'],
    ["more than any number", "'-inf'::DOUBLE", '"-Infinity"'],
    ["an array", "[1, 2]::INTEGER[2]", "[1,2]"],
    ["one of several types", "union_value(kwh := 1.50)", "1.50"],
    ["the end of time", "TIMESTAMPTZ 'infinity'", '"infinity"'],
    ["the beginning of days", "DATE '-infinity'", '"-infinity"'],
    [
      "the last microsecond of ISO 8601",
      "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'",
      '"9999-12-31T23:59:59.999999Z"'
    ],
    ["a microsecond before 1970", "make_timestamptz(-1)", '"1969-12-31T23:59:59.999999Z"'],
    ["a text", `'a "b" \\ é'`, '"a \\"b\\" \\\\ é"']
  ])("have %s exactly", async (_, sql, expected) => {
    expect(await printed(`SELECT ${sql} AS value`, "json")).toBe(`[\n{"value":${expected}}\n]\n`);
  });

  it("are an array of objects, one a line, empty where there are none", async () => {
    expect(await printed("SELECT range AS n FROM range(2)", "json")).toBe('[\n{"n":0},\n{"n":1}\n]\n');
    expect(await printed("SELECT 1 AS n WHERE false", "json")).toBe("[]\n");
  });
});

describe("rows as csv", () => {
  it("follow RFC 4180, and tell an empty text from NULL", async () => {
    const sql = `SELECT * FROM (VALUES ('a,b', 1), ('say "hi"', NULL), ('two' || chr(10) || 'lines', 2), ('', 3), (NULL, 4)) AS t("the text", n)`;
    expect(await printed(sql, "csv")).toBe(
      'the text,n\r\n"a,b",1\r\n"say ""hi""",\r\n"two\nlines",2\r\n"",3\r\n,4\r\n'
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["＝1", "'＝1"],
    ["\t=1", "'\ufffd=1"],
    ["\r=1", "'\r=1"]
  ])("keep a spreadsheet from running the text %j", async (text, cell) => {
    const sql = `SELECT '${text}' AS cell, -1.5::DECIMAL(3,1) AS number`;
    expect((await printed(sql, "csv")).split("\r\n").slice(1).join("\r\n").replaceAll('"', "")).toBe(
      `${cell},-1.5\r\n`
    );
  });
});

describe("rows as a table", () => {
  it("have numbers at the right, texts at the left, and their count below", async () => {
    expect(
      await printed("SELECT * FROM (VALUES ('a', 1.5::DECIMAL(9,1)), ('bcd', NULL)) AS t(name, kwh)", "table")
    ).toBe("name   kwh\n────  ────\na      1.5\nbcd   NULL\n2 rows\n");
  });

  it("keep a row on its line, and the terminal as it is", async () => {
    const sql = `SELECT 'a' || chr(13) || chr(10) || 'b' || chr(27) || '[31m' AS name, 1 AS n`;
    expect(await printed(sql, "table")).toBe("name      n\n────────  ─\na b [31m  1\n1 row\n");
  });

  it("line up under wide and combining characters", async () => {
    const sql = "SELECT * FROM (VALUES ('電表', 1), ('e\u0301', 2), ('abc', 3)) AS t(m, n)";
    expect(await printed(sql, "table")).toBe("m     n\n────  ─\n電表  1\ne\u0301     2\nabc   3\n3 rows\n");
  });

  it("are all there, however many, and have a header where there are none", async () => {
    const lines = (await printed("SELECT range AS n, 'x' AS x FROM range(10000)", "table")).split("\n");
    expect(lines).toHaveLength(10_000 + 4);
    expect(lines.at(-2)).toBe("10,000 rows");
    expect(await printed("SELECT 1 AS n WHERE false", "table")).toBe("n\n─\n0 rows\n");
  });
});

describe("plain rows", () => {
  it("suit a notebook: numbers, dates, texts", async () => {
    const sql = `SELECT 1::BIGINT AS i, 2.5::DECIMAL(9,2) AS d, TIMESTAMPTZ '2022-10-30 01:00:00+00' AS at, DATE '2022-10-30' AS day, [1, 2] AS list, NULL AS nothing`;
    expect(await plainRows(await duckdb.native.stream(sql))).toEqual([
      {i: 1, d: 2.5, at: new Date("2022-10-30T01:00:00Z"), day: "2022-10-30", list: [1, 2], nothing: null}
    ]);
  });

  it("have what is nested as arrays and objects", async () => {
    const sql = `SELECT [1.5::DECIMAL(9, 1)]::DECIMAL(9, 1)[1] AS array, {'at': TIMESTAMPTZ '2022-10-30 01:00:00+00', 'n': NULL} AS struct,
      MAP {DATE '2022-10-30': 25::HUGEINT} AS map, union_value(kwh := 1.5) AS one`;
    expect(await plainRows(await duckdb.native.stream(sql))).toEqual([
      {array: [1.5], struct: {at: new Date("2022-10-30T01:00:00Z"), n: null}, map: {"2022-10-30": 25}, one: 1.5}
    ]);
  });

  it("have the number nearest to any DECIMAL", async () => {
    const digits = fc.bigInt({min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n});
    await fc.assert(
      fc.asyncProperty(fc.array(digits, {minLength: 1}), async (all) => {
        const sql = `SELECT CAST(CAST(unnest([${all}]::BIGINT[]) AS DECIMAL(18, 0)) * 0.000001 AS DECIMAL(18, 6)) AS kwh`;
        const [rows, texts] = [
          await plainRows(await duckdb.native.stream(sql)),
          await duckdb.rows(`SELECT kwh::VARCHAR AS kwh FROM (${sql})`)
        ];
        expect(rows.map(({kwh}) => kwh)).toEqual(texts.map(({kwh}) => Number(kwh)));
      }),
      {numRuns: 50}
    );
  });

  it("keep every instant to the millisecond", async () => {
    await fc.assert(
      fc.asyncProperty(fc.date({noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01")}), async (date) => {
        const sql = `SELECT make_timestamptz(${date.getTime()}::BIGINT * 1000) AS at`;
        expect(await plainRows(await duckdb.native.stream(sql))).toEqual([{at: date}]);
      }),
      {numRuns: 50}
    );
  });
});
