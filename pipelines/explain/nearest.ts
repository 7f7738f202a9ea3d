import type {Slice} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import type {Lakehouse} from "../lakehouse.js";
import {count} from "../observe/text.js";
import {verdictsBeside} from "./beside.js";
import {relationOf} from "./rows.js";

/** Says of values that no row has what there is instead, and what of them was rejected or superseded. */
export async function nearest(lake: Lakehouse, table: string, asked: readonly Slice[]): Promise<string> {
  const lines = [`no row of ${table} has ${told(asked)}`];
  for (const left of [...asked].reverse()) {
    const others = asked.filter((slice) => slice !== left);
    const name = identifier(left.column);
    const [row] = await lake.workspace.connection.rows<{rows: bigint; values: bigint; least: string; most: string}>(
      `SELECT count(*) AS rows, count(DISTINCT ${name}) AS values, CAST(min(${name}) AS VARCHAR) AS least, CAST(max(${name}) AS VARCHAR) AS most
       FROM (${await relationOf(lake, table, others)})`
    );
    if (row!.rows === 0n) continue;
    const range =
      row!.values === 1n ? row!.least : `${row!.least} to ${row!.most} (${count(Number(row!.values), "value")})`;
    lines.push(`${others.length > 0 ? `with ${told(others)}` : "there"} ${left.column} is ${range}`);
    break;
  }
  for (const {table: verdicts, count: found, columns, rows} of await verdictsBeside(lake, table, asked, 3)) {
    const reasons = rows.map((row) => row[columns.indexOf("reason")] ?? row[columns.indexOf("fate")]);
    lines.push(`${verdicts} has ${count(found, "row")} of it: ${[...new Set(reasons)].join("; ")}`);
  }
  return lines.join("\n");
}

function told(slices: readonly Slice[]): string {
  return slices.map(({column, values}) => `${column} ${values.join(" or ")}`).join(", ");
}
