import type {Table} from "apache-arrow";
import {tableFromIPC, tableToIPC} from "apache-arrow";
import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {toArrow} from "../../pipelines/exports/arrow.js";

let connection: Connection;
beforeAll(async () => {
  connection = await openDuckDB({threads: 2});
});
afterAll(() => connection.close());

/** The table, sent through Arrow's own file format and back: what any other reader sees. */
async function arrow(sql: string): Promise<Table> {
  const table = await toArrow(await connection.native.stream(sql));
  return tableFromIPC(tableToIPC(table, "file"));
}

/** A column's values as what JSON would say, numbers past 2^53 and bytes included. */
function values(table: Table, column = "x"): unknown[] {
  return [...table.getChild(column)!].map(plain);
}

function plain(value: any): unknown {
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array) return [...value];
  if (typeof value.toArray === "function" && Symbol.iterator in value && value.type) return [...value].map(plain);
  return Object.fromEntries(Object.entries(value.toJSON()).map(([key, inner]) => [key, plain(inner)]));
}

/** Unscaled decimals or raw microseconds, exact, NULL where the column says so. */
function integers(table: Table, words: 1 | 2): (bigint | null)[] {
  const vector = table.getChild("x")!;
  return vector.data.flatMap((data) =>
    Array.from({length: data.length}, (_, index) => {
      if (!data.getValid(index)) return null;
      const raw = new BigInt64Array(data.values.buffer, data.values.byteOffset, data.length * words);
      if (words === 1) return raw[index]!;
      return (raw[index * 2 + 1]! << 64n) | BigInt.asUintN(64, raw[index * 2]!);
    })
  );
}

describe("types", () => {
  it.each([
    ["TRUE", "Bool", true],
    ["(-1)::TINYINT", "Int8", -1],
    ["(-2)::SMALLINT", "Int16", -2],
    ["(-3)::INTEGER", "Int32", -3],
    ["9007199254740993::BIGINT", "Int64", "9007199254740993"],
    ["255::UTINYINT", "Uint8", 255],
    ["65535::USMALLINT", "Uint16", 65535],
    ["4294967295::UINTEGER", "Uint32", 4294967295],
    ["18446744073709551615::UBIGINT", "Uint64", "18446744073709551615"],
    ["0.5::FLOAT", "Float32", 0.5],
    ["0.1::DOUBLE", "Float64", 0.1],
    ["DATE '2022-03-27'", "Date32<DAY>", Date.UTC(2022, 2, 27)],
    ["TIMESTAMPTZ '2022-03-27 03:00:00+02'", "Timestamp<MICROSECOND, UTC>", Date.UTC(2022, 2, 27, 1)],
    ["TIMESTAMP '2022-03-27 03:00'", "Timestamp<MICROSECOND>", Date.UTC(2022, 2, 27, 3)],
    ["TIME '03:00'", "Time64<MICROSECOND>", "10800000000"],
    ["'twelve bytes'", "Utf8", "twelve bytes"],
    ["'thirteen byte'", "Utf8", "thirteen byte"],
    ["'Žiemą šalta, ' || repeat('🔥', 9)", "Utf8", `Žiemą šalta, ${"🔥".repeat(9)}`],
    ["''", "Utf8", ""],
    ["'gas'::ENUM('electricity', 'gas')", "Utf8", "gas"],
    ["'ab'::BLOB", "Binary", [97, 98]],
    ["[100, NULL, 200]::BIGINT[]", "List<Int64>", ["100", null, "200"]],
    ["[]::BIGINT[]", "List<Int64>", []],
    ["[['a'], NULL, []]::VARCHAR[][]", "List<List<Utf8>>", [["a"], null, []]],
    ["[1, 2]::INTEGER[2]", "FixedSizeList[2]<Int32>", [1, 2]],
    ["{a: 1, b: ['x']}", "Struct<{a:Int32, b:List<Utf8>}>", {a: 1, b: ["x"]}],
    ["MAP {'a': 1, 'b': NULL}", "Map<{key:Utf8, value:Int32}>", {a: 1, b: null}]
  ])("%s is %s", async (expression, type, value) => {
    const table = await arrow(`SELECT ${expression} AS x`);
    expect([String(table.schema.fields[0]!.type), values(table)[0]]).toEqual([type, value]);
  });

  it.each([
    ["1.5::DECIMAL(4, 1)", 4, 1, 15n],
    ["(-1.5)::DECIMAL(9, 2)", 9, 2, -150n],
    ["(-876.000001)::DECIMAL(18, 6)", 18, 6, -876000001n],
    ["12345678901234567890123456789012.345678::DECIMAL(38, 6)", 38, 6, 12345678901234567890123456789012345678n],
    ["sum((-1)::BIGINT)", 38, 0, -1n]
  ])("%s is exact", async (expression, precision, scale, unscaled) => {
    const table = await arrow(`SELECT ${expression} AS x`);
    expect(table.schema.fields[0]!.type).toMatchObject({precision, scale, bitWidth: 128});
    expect(integers(table, 2)).toEqual([unscaled]);
  });

  it("names a column it has no type for", async () => {
    await expect(arrow("SELECT INTERVAL '1 day' AS wait")).rejects.toThrow(
      "no arrow type for column wait: INTERVAL; cast it in the query"
    );
  });
});

describe("rows", () => {
  it("keeps NULL apart from every value, in each kind of buffer", async () => {
    const table = await arrow(`
      SELECT nullif(i % 3, 0)::INTEGER AS number, nullif(i % 3, 0)::VARCHAR AS text, nullif(i % 3, 0) = 1 AS flag,
        nullif(i % 3, 0)::DECIMAL(9, 2) AS price, CASE WHEN i % 3 > 0 THEN [i, NULL] END AS list,
        CASE WHEN i % 3 > 0 THEN {a: i} END AS struct
      FROM range(7) t(i) ORDER BY i`);
    for (const name of table.schema.names) {
      expect(table.getChild(name as string)!.nullCount, String(name)).toBe(3);
    }
    expect(values(table, "number")).toEqual([null, 1, 2, null, 1, 2, null]);
    expect(values(table, "text")).toEqual([null, "1", "2", null, "1", "2", null]);
    expect(values(table, "flag")).toEqual([null, true, false, null, true, false, null]);
    expect(values(table, "list")).toEqual([null, ["1", null], ["2", null], null, ["4", null], ["5", null], null]);
    expect(values(table, "struct")).toEqual([null, {a: "1"}, {a: "2"}, null, {a: "4"}, {a: "5"}, null]);
  });

  it("agrees with DuckDB over many chunks and batches", async () => {
    const rows = 300_001;
    const table = await arrow(`
      SELECT i, 'meter ' || i AS text, CASE WHEN i % 5 > 0 THEN range(i % 4) END AS list,
        [{k: i::VARCHAR || repeat('x', (i % 20)::INTEGER)}] AS nested
      FROM range(${rows}) t(i) ORDER BY i`);
    expect(table.numRows).toBe(rows);
    expect(table.batches.length).toBeGreaterThan(1);
    for (let i = 0; i < rows; i += 997) {
      const row = plain(table.get(i));
      const list = i % 5 > 0 ? Array.from({length: i % 4}, (_, n) => String(n)) : null;
      expect(row).toEqual({i: String(i), text: `meter ${i}`, list, nested: [{k: i + "x".repeat(i % 20)}]});
    }
  });

  it("follows lists that repeat, skip and reorder what they hold", async () => {
    await connection.run("CREATE OR REPLACE TABLE day AS SELECT i, range(i, i + 3) AS list FROM range(5000) t(i)");
    const table = await arrow(`
      SELECT list AS x FROM day JOIN (SELECT unnest([4999, 7, 7, 2500]) AS i, generate_subscripts([1, 2, 3, 4], 1) AS n)
      USING (i) ORDER BY n`);
    expect(values(table)).toEqual(
      [
        [4999, 5000, 5001],
        [7, 8, 9],
        [7, 8, 9],
        [2500, 2501, 2502]
      ].map((list) => list.map(String))
    );
  });

  it("gives the schema of a result without rows", async () => {
    const table = await arrow("SELECT 1::DECIMAL(18, 6) AS energy_kwh WHERE FALSE");
    expect([table.numRows, String(table.schema.fields[0])]).toEqual([0, "energy_kwh: Decimal[18e+6]"]);
  });

  it("keeps columns of one name apart", async () => {
    const table = await arrow("SELECT 1 AS a, 2 AS a");
    expect(new Set(table.schema.names).size).toBe(2);
  });
});

describe("properties", () => {
  const decimal = fc.tuple(fc.constantFrom(4, 9, 18, 38), fc.nat(1000)).chain(([width, seed]) => {
    const limit = 10n ** BigInt(width) - 1n;
    const unscaled = fc.option(fc.bigInt({min: -limit, max: limit}), {nil: null});
    return fc.record({
      width: fc.constant(width),
      scale: fc.constant(seed % (width + 1)),
      unscaled: fc.array(unscaled, {minLength: 1, maxLength: 40})
    });
  });

  it("every decimal of every width comes back digit for digit", async () => {
    await fc.assert(
      fc.asyncProperty(decimal, async ({width, scale, unscaled}) => {
        const rows = unscaled.map(
          (value, n) => `(${n}, ${value === null ? "NULL" : `'${decimalText(value, scale)}'`})`
        );
        const table = await arrow(
          `SELECT v::DECIMAL(${width}, ${scale}) AS x FROM (VALUES ${rows.join(", ")}) t(n, v) ORDER BY n`
        );
        expect(integers(table, 2)).toEqual(unscaled);
      }),
      {numRuns: 40}
    );
  });

  it("every instant comes back to the microsecond, before 1970 too", async () => {
    const micros = fc.option(fc.bigInt({min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n}), {nil: null});
    await fc.assert(
      fc.asyncProperty(fc.array(micros, {minLength: 1, maxLength: 40}), async (instants) => {
        const rows = instants.map((value, n) => `(${n}, ${value === null ? "NULL::BIGINT" : `${value}::BIGINT`})`);
        const table = await arrow(
          `SELECT make_timestamptz(v) AS x FROM (VALUES ${rows.join(", ")}) t(n, v) ORDER BY n`
        );
        expect(integers(table, 1)).toEqual(instants);
      }),
      {numRuns: 40}
    );
  });

  // A NUL would end the SQL that carries it.
  const text = fc.string({unit: "binary", maxLength: 30}).filter((value) => !value.includes("\0"));

  it("every text comes back, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text, {nil: null}), {minLength: 1}), async (texts) => {
        const rows = texts.map((text, n) => `(${n}, ${text === null ? "NULL" : `'${text.replaceAll("'", "''")}'`})`);
        const table = await arrow(`SELECT v::VARCHAR AS x FROM (VALUES ${rows.join(", ")}) t(n, v) ORDER BY n`);
        expect(values(table)).toEqual(texts);
      }),
      {numRuns: 40}
    );
  });
});

/** An unscaled integer as SQL's decimal text: 15 at scale 1 is 1.5. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? "-" : ""}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ""}`;
}
