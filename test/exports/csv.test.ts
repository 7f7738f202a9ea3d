import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openWorkspace, type Workspace} from "../../pipelines/engines/workspace.js";
import {writeCsv} from "../../pipelines/exports/csv.js";
import {printResult} from "../../pipelines/exports/format.js";
import {parseCsv} from "./rfc4180.js";

let folder: string;
let workspace: Workspace;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake it's-"));
  workspace = await openWorkspace(await openDuckDB({threads: 2}));
});
afterAll(async () => {
  await workspace.close();
  await rm(folder, {recursive: true, force: true});
});

/** The rows of a SELECT as the text of a CSV file. */
async function written(select: string): Promise<string> {
  await workspace.define("gold.odd", select);
  const file = join(folder, "gold.odd.csv");
  await writeCsv(workspace.connection, "gold.odd", file);
  return readFile(file, "utf8");
}

async function printed(select: string): Promise<string> {
  let text = "";
  await printResult(await workspace.connection.native.stream(select), "csv", (part) => {
    text += part;
  });
  return text;
}

/** Texts as a SELECT of one column, `cell`, and their places, `n`. */
function selectOf(texts: readonly (string | null)[]): string {
  const values = texts.map((text, n) => `(${n}, ${text === null ? "NULL" : literal(text)})`);
  return `SELECT * FROM (VALUES ${values.join(", ")}) AS t(n, cell) ORDER BY n`;
}

/** What spreadsheets and CSV itself trip over, more often than chance has it. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t",
      "\r",
      "\n",
      '"',
      "'",
      ",",
      ";",
      " ",
      "#",
      "a",
      "1",
      "é",
      "＝",
      "＠",
      "\x1b",
      "\x9b",
      "\x7f"
    )
  }),
  fc.string({unit: "binary"}).filter((text) => !text.includes("\0"))
);

const isFormula = (text: string) => [..."=+-@\t\r\n＝＋－＠"].some((sign) => text.startsWith(sign));

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  const isControl = code < 32 || (code >= 127 && code < 160);
  return isControl && code !== 10 && code !== 13 ? "\ufffd" : character;
}

describe("a CSV file", () => {
  it("gives every text back, with an apostrophe before a formula and no control character, and NULL apart from an empty text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), {minLength: 1, maxLength: 20}), async (texts) => {
        const safe = texts.map((text) => text && (isFormula(text) ? "'" : "") + [...text].map(visible).join(""));
        const rows = [["n", "cell"], ...safe.map((text, n) => [String(n), text])];
        expect(parseCsv(await written(selectOf(texts)))).toEqual(rows);
        expect(parseCsv(await printed(selectOf(texts)))).toEqual(rows);
      }),
      {numRuns: 60}
    );
  });

  it("reads back into DuckDB as the same numbers, dates and instants", async () => {
    const table = `SELECT -n AS whole, CAST(n AS DECIMAL(18, 6)) / 7 - 500 AS ratio, CAST(n * 0.000001 - 0.0005 AS DECIMAL(18, 6)) AS kwh,
        sqrt(n) - 10 AS real, DATE '2022-01-01' + CAST(n AS INTEGER) AS day, make_timestamptz(1640988000000000 + n * 1000003) AS instant, n % 2 = 0 AS even,
        CASE WHEN n % 3 = 0 THEN NULL WHEN n % 3 = 1 THEN '' ELSE 'mätare, "' || n || '"' END AS note
      FROM range(2000) AS t(n)`;
    await written(table);
    const types =
      "whole BIGINT, ratio DOUBLE, kwh DECIMAL(18, 6), real DOUBLE, day DATE, instant TIMESTAMPTZ, even BOOLEAN, note VARCHAR";
    const columns = types.replaceAll(/(\w+) (\w+(?:\(18, 6\))?)/g, "'$1': '$2'");
    const read = `SELECT * FROM read_csv(${literal(join(folder, "gold.odd.csv"))}, header = true, columns = {${columns}}, allow_quoted_nulls = false)`;
    const {connection} = workspace;
    expect(await connection.rows(`(${read}) EXCEPT ALL (${table})`)).toEqual([]);
    expect(await connection.rows(`(${table}) EXCEPT ALL (${read})`)).toEqual([]);
  });

  it.each([
    ["a negative number", "-1.5::DECIMAL(9, 1)", "-1.5"],
    ["a negative real number", "-1e-7::DOUBLE", "-1e-07"],
    ["no number", "'-inf'::DOUBLE", "-Infinity"],
    ["a formula in an enum", "'=1+1'::ENUM('=1+1')", "'=1+1"],
    ["a formula in bytes", "'@SUM'::BLOB", "'@SUM"],
    ["an instant", "TIMESTAMPTZ '2022-10-30 03:00:00+02'", "2022-10-30T01:00:00Z"],
    ["an instant beyond ISO 8601", "TIMESTAMPTZ 'infinity'", "infinity"],
    ["a list", "[1, NULL, 3]", '"[1,null,3]"'],
    ["a list with none", "[]::INTEGER[]", "[]"],
    ["a list of lists of instants", "[[TIMESTAMPTZ '2022-10-30 03:00:00+02']]", '"[[""2022-10-30T01:00:00Z""]]"'],
    ["a list of no numbers", "['NaN'::DOUBLE, 0.5]", '"[""NaN"",0.5]"'],
    ["an array", "[1.50, 2.00]::DECIMAL(9, 2)[2]", '"[1.50,2.00]"'],
    ["a struct", `{'it''s "it"': 1.50, 'no': NULL}`, '"{""it\'s \\""it\\"""":1.50,""no"":null}"'],
    ["a map", "MAP {DATE '2022-01-01': ['=1']}", '"{""2022-01-01"":[""=1""]}"'],
    ["nothing of a nested type", "NULL::STRUCT(a INTEGER[])", ""]
  ])("has %s in one way, whoever writes it", async (_, sql, cell) => {
    expect(await written(`SELECT ${sql} AS cell, 0 AS n`)).toBe(`cell,n\r\n${cell},0\r\n`);
    // A real number has as many digits as it takes to tell it, in either's notation.
    if (!cell.includes("e-")) expect(await printed(`SELECT ${sql} AS cell, 0 AS n`)).toBe(`cell,n\r\n${cell},0\r\n`);
  });

  it("has every instant as it is printed, whatever the year", async () => {
    const micros = fc.bigInt({min: -300_000_000_000_000_000n, max: 400_000_000_000_000_000n});
    const round = fc.tuple(micros, fc.constantFrom(1n, 1_000n, 1_000_000n)).map(([at, unit]) => at - (at % unit));
    await fc.assert(
      fc.asyncProperty(fc.array(round, {minLength: 1}), async (instants) => {
        const select = `SELECT unnest([${instants}]::BIGINT[]) AS n, make_timestamptz(n) AS instant, [instant] AS list ORDER BY n`;
        expect(parseCsv(await written(select))).toEqual(parseCsv(await printed(select)));
      }),
      {numRuns: 50}
    );
  });

  it("keeps the rows in their order", async () => {
    await workspace.connection.run(
      "CREATE TABLE memory.main.meters AS SELECT range AS n, '=' || range AS a, 'b' || range AS b FROM range(500000)"
    );
    const rows = parseCsv(await written("SELECT * FROM memory.main.meters"));
    expect(rows).toHaveLength(500_001);
    expect(rows.slice(1).findIndex(([n], index) => Number(n) !== index)).toBe(-1);
  });

  it("has its header made safe, and is there for no rows", async () => {
    expect(await written(`SELECT 1 AS "=a", 2 AS "b, ""c""", 3 AS "é" WHERE false`)).toBe(`'=a,"b, ""c""",é\r\n`);
  });
});
