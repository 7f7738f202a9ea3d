import {layerOf} from "../models/layers.js";
import type {TableDescription} from "./description.js";
import {properties, usedText} from "./words.js";

/** All tables as one page of Markdown: a graph, then each with its columns and where they come from. */
export function tablesDocument(tables: readonly TableDescription[]): string {
  return [
    "# Tables",
    "",
    "Made by `npm run tables` from the models in `sql/`; edits are lost. `npm run -s lake -- describe TABLE` prints one of",
    "them, with the columns that are made from each column. Types are DuckDB's. Behind a column that isn't passed on as it is",
    "stands how it is used: transformation, aggregation, or, where its values only bear on others', conditional, filter,",
    "window, sort, join, group by. *Rows* are the columns that decide which rows there are.",
    "",
    ...graph(tables),
    "",
    ...tables.flatMap(tableLines)
  ].join("\n");
}

function graph(tables: readonly TableDescription[]): string[] {
  const layers = [...new Set(tables.map(({table}) => layerOf(table)))];
  const node = ({table, kind}: TableDescription) => {
    const name = table.split(".")[1]!;
    const [open, close] = kind === "view" ? ["([", "])"] : ["[", "]"];
    return `${idOf(table)}${open}${name}${close}`;
  };
  return [
    "```mermaid",
    "flowchart LR",
    ...layers.flatMap((layer) => [
      `  subgraph ${layer}`,
      ...tables.filter(({table}) => layerOf(table) === layer).map((table) => `    ${node(table)}`),
      "  end"
    ]),
    ...tables.flatMap(({table, made_into}) => made_into.map((other) => `  ${idOf(table)} --> ${idOf(other)}`)),
    "```"
  ];
}

function idOf(table: string): string {
  return table.replace(".", "_");
}

function tableLines(table: TableDescription): string[] {
  const {description, columns, checks, rows_from, made_into, made_from, kind} = table;
  const facts = [
    ...(kind === "table" ? [] : [`- ${kind}`]),
    ...properties(table).map(([name, value]) => `- ${name}: ${name === "model" ? modelLink(value) : code(value)}`),
    ...(made_from.length > 0 ? [`- made from: ${made_from.map(tableLink).join(", ")}`] : []),
    ...(made_into.length > 0 ? [`- made into: ${made_into.map(tableLink).join(", ")}`] : [])
  ];
  return [
    `## ${table.table}`,
    "",
    escaped(description),
    "",
    ...(facts.length > 0 ? [...facts, ""] : []),
    "| column | type | unit | made from |",
    "|---|---|---|---|",
    ...columns.map(
      ({name, type, unit = "", from}) => `| ${code(name)} | ${cell(type)} | ${unit} | ${cell(usedText(from))} |`
    ),
    ...(rows_from.length > 0 ? [`| *rows* | | | ${cell(usedText(rows_from))} |`] : []),
    "",
    ...(checks.length > 0
      ? [
          "| check | severity | |",
          "|---|---|---|",
          ...checks.map(
            ({name, severity, description}) => `| ${code(name)} | ${severity} | ${cell(escaped(description))} |`
          ),
          ""
        ]
      : [])
  ];
}

function tableLink(table: string): string {
  return table.includes(".") ? `[${table}](#${table.replace(".", "")})` : table;
}

function modelLink(file: string): string {
  return `[${file}](../${file})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Text in which no name is taken for markup. */
function escaped(text: string): string {
  return text.replaceAll(/[*<>]/g, "\\$&");
}
