import {layerOf} from "../models/layers.js";
import type {TableDescription} from "./description.js";
import {firstSentence} from "./words.js";

/** All tables as one page of Markdown: a line each by layer, Gold first, then a graph of what is made from what. */
export function tablesDocument(tables: readonly TableDescription[]): string {
  return [
    "# Tables",
    "",
    "Made by `npm run tables` from the models in `sql/`; edits are lost. `npm run -s lake -- describe TABLE` prints one of them:",
    "its columns with their types and units, its key and its checks, and the lineage of every column in both directions.",
    "",
    ...Object.entries(layers).flatMap(([layer, holds]) => section(layer, holds, tables)),
    "## What is made from what",
    "",
    ...graph(tables),
    ""
  ].join("\n");
}

/** The layers as a reader looks for a table in them. */
const layers: Readonly<Record<string, string>> = {
  gold: "answers, ready for a chart or a BI tool",
  silver: "the curated truth: each reading, price, hour of weather and outage at its instant, once",
  quality: "what is missing or odd, and the account of all that came in",
  bronze: "what came in, as it came",
  ops: "what the runs did"
};

function section(layer: string, holds: string, tables: readonly TableDescription[]): string[] {
  return [
    `## ${layer[0]!.toUpperCase()}${layer.slice(1)}: ${holds}`,
    "",
    "| table | holds |",
    "|---|---|",
    ...tables.filter(({table}) => layerOf(table) === layer).map(line),
    ""
  ];
}

function line({table, file, kind, description}: TableDescription): string {
  const name = file === undefined ? `\`${table}\`` : `[\`${table}\`](../${file})`;
  return `| ${name} | ${escaped(firstSentence(description))}${kind === "view" ? " A view." : ""} |`;
}

function graph(tables: readonly TableDescription[]): string[] {
  const node = ({table, kind}: TableDescription) => {
    const name = table.split(".")[1]!;
    const [open, close] = kind === "view" ? ["([", "])"] : ["[", "]"];
    return `${idOf(table)}${open}${name}${close}`;
  };
  return [
    "```mermaid",
    "flowchart LR",
    ...Object.keys(layers).flatMap((layer) => [
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

/** Text in which no name is taken for markup. */
function escaped(text: string): string {
  return text.replaceAll(/[*<>|]/g, "\\$&");
}
