import type {Beside} from "../explain/beside.js";
import type {ExplainedTable, Explanation} from "../explain/explain.js";
import type {OddHour} from "../explain/odd_hour.js";
import type {Rows} from "../explain/rows.js";
import type {Writer} from "../explain/writer.js";
import {jsonObject, text} from "../exports/values.js";
import {bold, dim, yellow} from "./terminal.js";
import {columns, count, quantity} from "./text.js";

/** How many rows of a table are shown: of the rows asked for and those they are made from, and of what lies deeper. */
export const shownRows = 30;
const shownDeeper = 3;

/** A value longer than this is cut. */
const shownLength = 160;

/** By column, the value that was told last: what is the same further down isn't told again. */
type Told = Map<string, string>;

/** An explanation as a person reads it: the rows, what came of the odd hours, what all is made from, what lies beside. */
export function explanationText({tables, oddHours, beside, accounts}: Explanation): string {
  const told: Told = new Map();
  const [asked, ...sources] = tables;
  const lines = tableLines(asked!, told);
  if (oddHours.length > 0) lines.push("", bold("odd hours"), ...oddHours.flatMap(oddHourLines));
  for (const table of sources)
    lines.push("", ...tableLines(table, table.table.startsWith("bronze.") ? new Map() : told));
  lines.push("", bold("superseded or rejected beside it"));
  if (beside.length === 0) lines.push("  nothing");
  for (const found of beside) lines.push(`  ${heading(found)}`, ...rowLines(found, shownDeeper, told).map(indented));
  for (const account of accounts) lines.push("", heading(account), ...rowLines(account, shownDeeper, new Map(told)));
  return lines.join("\n");
}

function tableLines(table: ExplainedTable, told: Told): string[] {
  const {into, remade, notFollowed, writers, fingerprint, kind} = table;
  const lines = [
    into.length > 0 ? `${into.join(", ")} made from ${heading(table)}` : heading(table),
    ...rowLines(table, table.depth > 1 ? shownDeeper : shownRows, told)
  ];
  if (kind === "view") lines.push(`  computed when read, model ${short(fingerprint)}`);
  for (const writer of writers.slice(0, shownDeeper)) lines.push(`  ${writerText(writer, fingerprint)}`);
  if (writers.length > shownDeeper) lines.push(`  and by ${count(writers.length - shownDeeper, "earlier version")}`);
  if (remade === "same") lines.push("  made again from the rows below: the same");
  if (remade === "differs")
    lines.push(yellow("  made again from the rows below: not the same; npm run pipeline brings it in line"));
  if (notFollowed !== undefined) lines.push(yellow(`  not followed further: ${notFollowed}`));
  return lines;
}

function heading({table, count: rows}: {table: string; count: number}): string {
  return `${bold(table)}: ${count(rows, "row")}`;
}

function writerText({version, run, at, fingerprint, reason}: Writer, current: string | null): string {
  const by = run === null ? "" : ` by run ${run}`;
  const model = fingerprint === null ? "" : `, model ${short(fingerprint)}`;
  const since = fingerprint !== null && fingerprint !== current ? ", whose text has changed since" : "";
  return `written${by} as version ${version} at ${at}${model}${since}${reason === null ? "" : `: ${reason}`}`;
}

function short(fingerprint: string | null): string {
  return (fingerprint ?? "").slice(0, 12);
}

/** What all rows share in one line, less what was told before; what they differ in as a table. */
function rowLines({columns: names, rows, shared, count: all}: Rows, most: number, told: Told): string[] {
  const cells = rows.slice(0, most).map((row) => row.map((value) => (value === null ? "" : cut(text(value)))));
  const common = names.flatMap((name, index) => {
    const value = cells[0]![index]!;
    if (!shared.has(name) || value === "" || told.get(name) === value) return [];
    told.set(name, value);
    return [`${dim(name)} ${value}`];
  });
  const lines = common.length > 0 ? [`  ${common.join(", ")}`] : [];
  const varying = names.map((_, index) => index).filter((index) => !shared.has(names[index]!));
  if (varying.length === 0) return lines;
  const shown = [names, ...cells].map((row) => varying.map((index) => row[index]!));
  const align = varying.map((index) => (typeof rows[0]![index] === "string" ? "left" : "right"));
  lines.push(...columns(shown, align).map((line, index) => `  ${index === 0 ? dim(line) : line}`));
  if (all > cells.length) lines.push(`  … ${quantity(all - cells.length)} more: --json lists them all`);
  return lines;
}

function oddHourLines({
  label,
  local_date,
  tz,
  minutes,
  value_kwh,
  readings,
  policy,
  meaning,
  meter_id
}: OddHour): string[] {
  const happened = minutes === 0 ? "never was" : `lasted ${minutes} minutes`;
  const value =
    value_kwh === undefined ? "" : value_kwh === null ? "; its value is empty" : `; its value is ${value_kwh} kWh`;
  const parts = readings.map(
    ({interval_start, interval_minutes, energy_kwh, quality}) =>
      `    ${interval_start}  ${String(interval_minutes).padStart(2)} min  ${energy_kwh} kWh  ${quality}`
  );
  return [
    `  ${meter_id}: ${label} on ${local_date} in ${tz} ${happened}${value}${readings.length > 1 && value_kwh ? ", placed at" : ""}`,
    ...parts,
    `    by ${policy}: ${meaning}`
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

function cut(value: string): string {
  const line = value.replaceAll(/\p{Cc}+/gu, " ");
  return line.length > shownLength ? `${line.slice(0, shownLength - 1)}…` : line;
}

/** An explanation for a machine: whole, every number with all its digits. */
export function explanationJson({tables, beside, accounts, ...rest}: Explanation): string {
  const list = (parts: readonly (ExplainedTable | Beside)[]) => `[${parts.map(partJson).join(",")}]`;
  return `${JSON.stringify(rest).slice(0, -1)},"tables":${list(tables)},"beside":${list(beside)},"accounts":${list(accounts)}}`;
}

function partJson({columns: names, rows, shared: _, ...rest}: ExplainedTable | Beside): string {
  const list = rows.map((row) => jsonObject(names, row));
  return `${JSON.stringify(rest).slice(0, -1)},"rows":[${list.join(",")}]}`;
}
