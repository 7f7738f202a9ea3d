import type {TableDescription} from "../describe/description.js";
import {intoText, properties, usedText} from "../describe/words.js";
import {bold} from "./terminal.js";
import {columns} from "./text.js";

/** A line is broken past this, at a space; a name never is. */
const width = 120;

/** What a table is, as a person reads it: description, columns, checks, what it is made from and what is made from it. */
export function describeText(table: TableDescription): string {
  const {checks, made_from, made_into} = table;
  const lines = [
    `${bold(table.table)}: ${table.kind}`,
    ...broken(table.description, ""),
    ...section("columns", columnLines(table)),
    ...section(
      "",
      properties(table)
        .map(([name, value]) => `${name}: ${value}`)
        .flatMap((line) => broken(line, "  "))
    ),
    ...section(
      "checks",
      columns(
        checks.map(({name, severity, description}) => [name, severity, description]),
        ["left", "left", "left"]
      ).flatMap((line) => broken(line, "  "))
    ),
    "",
    ...heading(`made from ${made_from.join(", ") || "no table"}`),
    ...(made_from.length > 0 ? namedLines(fromLines(table), "<-") : []),
    "",
    ...heading(`made into ${made_into.join(", ") || "no table"}`),
    ...namedLines(intoLines(table), "->")
  ];
  return lines.join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ["", ...(title ? [bold(title)] : []), ...lines];
}

function heading(line: string): string[] {
  return broken(line, "").map((part) => bold(part));
}

type Line = readonly [name: string, text: string];

function fromLines({columns, rows_from}: TableDescription): Line[] {
  const lines = columns.map(({name, from}): Line => [name, usedText(from) || "no column"]);
  return rows_from.length > 0 ? [...lines, ["rows", usedText(rows_from)]] : lines;
}

function intoLines({columns}: TableDescription): Line[] {
  return columns.map((column): Line => [column.name, intoText(column)]).filter(([, text]) => text !== "");
}

function columnLines({columns: own, key}: TableDescription): string[] {
  const rows = own.map(({name, type, unit = ""}) => [name, type, unit, key.includes(name) ? "key" : ""]);
  return columns(rows, ["left", "left", "left", "left"]).flatMap((line) => broken(line, "  ", "  "));
}

function namedLines(lines: readonly Line[], arrow: string): string[] {
  const longest = Math.max(0, ...lines.map(([name]) => name.length));
  return lines.flatMap(([name, text]) =>
    broken(`${name.padEnd(longest)}  ${arrow} ${text}`, "  ", " ".repeat(longest + 5))
  );
}

/** A line broken at its spaces; what follows the first is set in further. */
function broken(line: string, indent: string, further = ""): string[] {
  const found: string[] = [];
  let rest = line;
  let before = indent;
  while (rest !== "") {
    const room = width - before.length;
    const at = rest.length <= room ? rest.length : rest.lastIndexOf(" ", room);
    const cut = at > rest.length - rest.trimStart().length ? at : rest.length;
    found.push(before + rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
    before = indent + further;
  }
  return found;
}
