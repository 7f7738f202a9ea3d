import * as Plot from "@observablehq/plot";
import {chalk} from "zx";
import type {DayShape, Inspection} from "../inspect/inspection.js";
import {drawChart} from "../notebook/chart.js";
import {columns, quantity} from "./text.js";

/** What was found out about a file, as a person reads it. */
export function inspectionText({file, findings, days, shapes, draft}: Inspection): string {
  const width = Math.max(...findings.map(({about}) => about.length));
  const lines = findings.flatMap(({about, answer, sure, evidence, wouldTell}) => [
    `${about.padEnd(width)}  ${answer === null ? chalk.yellow("not known") : chalk.bold(answer)}${sure === "likely" ? " (likely)" : ""}`,
    `${" ".repeat(width)}  ${evidence}`,
    ...(wouldTell === undefined ? [] : [`${" ".repeat(width)}  ${chalk.dim(`would tell: ${wouldTell}`)}`])
  ]);
  const span = days ? [`${"days".padEnd(width)}  ${quantity(days.count)}, from ${days.first} to ${days.last}`] : [];
  const chart = shapes.length > 0 ? ["", ...chartLines(shapes)] : [];
  const drafted = draft
    ? ["", chalk.bold("pipelines/sources/sources.ts"), draft.source, "", chalk.bold(draft.path), draft.sql]
    : [];
  return [chalk.bold(file), ...lines, ...span, ...chart, ...drafted].join("\n");
}

const bars = "▁▂▃▄▅▆▇█";

/** Days as bars, two characters an hour; a dot where there is no value. */
function chartLines(shapes: readonly DayShape[]): string[] {
  const most = Math.max(...shapes.flatMap(({values}) => values.map((value) => value ?? 0)));
  const bar = (value: number | null) =>
    value === null ? "·" : bars[Math.max(0, Math.min(7, Math.ceil((value / most) * 8) - 1))]!;
  const hours = Array.from({length: 8}, (_, index) =>
    String(index * 3)
      .padStart(2, "0")
      .padEnd(6)
  ).join("");
  const rows = shapes.map(({name, resMin, values}) => {
    const repeats = Math.max(1, resMin / 30);
    const every = Math.max(1, 30 / resMin);
    return [
      name,
      values
        .filter((_, index) => index % every === 0)
        .map((value) => bar(value).repeat(repeats))
        .join("")
    ];
  });
  return columns([["", hours], ...rows] as [string, string][], ["left", "left"]);
}

/** The same days as an SVG document. */
export function inspectionChart({file, days, shapes}: Inspection): string {
  if (shapes.length === 0) throw new Error(`nothing to draw: ${file}; its values could not be read`);
  const points = shapes.flatMap(({name, resMin, values}) =>
    values.map((value, index) => ({name, hour: (index * resMin) / 60, value}))
  );
  const names = shapes.map(({name}) => name);
  return drawChart({
    title: "The mean day, and those on which a clock changes",
    subtitle: `All series together, by the hour of the labels; ${days!.first} to ${days!.last}`,
    description: "One line a day. A line is broken where there is no value.",
    caption: file.split("/").at(-1),
    x: {label: "hour by the labels", domain: [0, 24]},
    y: {label: "value", grid: true, zero: true},
    color: {type: "categorical", domain: names, legend: true},
    marks: [Plot.line(points, {x: "hour", y: "value", stroke: "name", curve: "step-after"})]
  });
}
