import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {columnsOf, schemaString} from "../../pipelines/delta/schema.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const plain = fc.constantFrom(
  ...["VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "BOOLEAN", "DATE", "BLOB"],
  ...["DECIMAL(18,6)", "DECIMAL(38,0)", "TIMESTAMP WITH TIME ZONE"]
);
const field = fc.constantFrom("a", "b c", 'k"Wh', "d,e", "(f", "żółć", "select", "STRUCT(x INTEGER)");
const {type} = fc.letrec<{type: string}>((tie) => ({
  type: fc.oneof(
    {maxDepth: 3, withCrossShrink: true},
    plain,
    tie("type").map((element) => `${element}[]`),
    fc.tuple(plain, tie("type")).map(([key, value]) => `MAP(${key}, ${value})`),
    fc
      .uniqueArray(fc.tuple(field, tie("type")), {minLength: 1, maxLength: 4, selector: ([name]) => name})
      .map((fields) => `STRUCT(${fields.map(([name, type]) => `"${name.replaceAll('"', '""')}" ${type}`).join(", ")})`)
  )
}));

describe("a schema", () => {
  it("gives back every type that DuckDB has, as DuckDB writes it", async () => {
    await fc.assert(
      fc.asyncProperty(type, async (type) => {
        const [described] = await duckdb.rows<{column_type: string}>(`DESCRIBE SELECT CAST(NULL AS ${type}) AS c`);
        const [column] = columnsOf(schemaString([{name: "c", type: described!.column_type}]));
        const [again] = await duckdb.rows<{column_type: string}>(`DESCRIBE SELECT CAST(NULL AS ${column!.type}) AS c`);
        expect(again!.column_type).toBe(described!.column_type);
      }),
      {numRuns: 100}
    );
  });

  it.each([
    ...["TIMESTAMP", "TIMESTAMP_NS", "TIME", "HUGEINT", "UHUGEINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT"],
    ...["INTERVAL", "UUID", "BIT", "ENUM('a', 'b')", "INTEGER[3]", "UBIGINT[]", "STRUCT(a TIME)", "MAP(TIME, DATE)"]
  ])("refuses %s, and says what to do", (type) => {
    expect(() => schemaString([{name: "c", type}])).toThrow(/^type not storable: column c is .*; cast it/);
  });

  it.each(["void", "variant", "interval day to second"])("refuses the type %s of others by its name", (type) => {
    const schema = JSON.stringify({type: "struct", fields: [{name: "c", type, nullable: true, metadata: {}}]});
    expect(() => columnsOf(schema)).toThrow(`type not supported: column c is ${type}`);
  });
});
