import {isDirect, type Use, type UsedColumn} from "../models/column_lineage.js";
import type {ColumnDescription, TableDescription} from "./description.js";

/**
 * Columns and how they are used, those whose values come out first: `silver.reading.energy_kwh (aggregation)`, where
 * several of a table are used alike `silver.slot: wall_minutes, wall_before (transformation)`, and a value that comes
 * out as it is without a word.
 */
export function usedText(used: readonly UsedColumn[]): string {
  const direct = used.filter(({uses}) => uses.some(isDirect));
  const groups = new Map<string, UsedColumn[]>();
  for (const column of [...direct, ...used.filter((other) => !direct.includes(other))]) {
    const alike = `${column.table} ${column.uses}`;
    groups.set(alike, [...(groups.get(alike) ?? []), column]);
  }
  return [...groups.values()]
    .map(([first, ...others]) => {
      const columns = [first!, ...others].map(({column}) => column).join(", ");
      return `${first!.table}${others.length > 0 ? ": " : "."}${columns}${waysText(first!.uses)}`;
    })
    .join("; ");
}

/** Where a column is used: the columns it is used in, and the tables whose rows it decides. */
export function intoText({into, decides}: Pick<ColumnDescription, "into" | "decides">): string {
  const rows = decides.map(({table, uses}) => `rows of ${table}${waysText(uses)}`);
  return [...(into.length > 0 ? [usedText(into)] : []), ...rows].join("; ");
}

function waysText(uses: readonly Use[]): string {
  const told = uses.filter((use) => use !== "identity").map((use) => use.replace("_", " "));
  if (told.length === 0) return "";
  return ` (${uses.length > told.length ? "as it is, " : ""}${told.join(", ")})`;
}

/** The first sentence of a description. A full stop ends it where a space follows: in 2.5 there is none. */
export function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** What its header says of it besides its description and columns: a name and a value each. */
export function properties(table: TableDescription): [string, string][] {
  const {key, partition, increment, lookback, around, fresh_hours, params, file, owner} = table;
  const found: [string, string][] = [];
  if (key.length > 0) found.push(["key", key.join(", ")]);
  if (partition.length > 0) found.push(["partition", partition.join(", ")]);
  if (increment) {
    const reach = [lookback && `, looking back ${span(lookback)}`, around && `, up to ${span(around)} off`];
    found.push(["increment", `${increment}${reach.join("")}`]);
  }
  if (fresh_hours) found.push(["fresh", `${fresh_hours} hours`]);
  for (const [name, value] of Object.entries(params)) found.push(["parameter", `${name} = ${value}`]);
  if (file) found.push(["model", owner === "project" ? `${file} of this project` : file]);
  return found;
}

function span({days, months}: NonNullable<TableDescription["lookback"]>): string {
  return days ? `${days} days` : `${months} months`;
}
