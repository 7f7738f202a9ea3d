import * as Plot from "@observablehq/plot";
import type {Added} from "../inspect/add_source.js";
import type {DayShape, Inspection} from "../inspect/inspection.js";
import {drawChart} from "../notebook/chart.js";
import {bold, dim, yellow} from "./terminal.js";
import {columns, quantity} from "./text.js";

/** What was found out about a file, as a person reads it. */
export function inspectionText({file, findings, days, shapes, open, known, draft}: Inspection): string {
  const width = Math.max(...findings.map(({about}) => about.length));
  const lines = findings.flatMap(({about, answer, sure, evidence, wouldTell}) => [
    `${about.padEnd(width)}  ${answer === null ? yellow("not known") : bold(answer)}${sure === "likely" ? " (likely)" : ""}`,
    `${" ".repeat(width)}  ${evidence}`,
    ...(wouldTell === undefined ? [] : [`${" ".repeat(width)}  ${dim(`would tell: ${wouldTell}`)}`])
  ]);
  const span = days ? [`${"days".padEnd(width)}  ${quantity(days.count)}, from ${days.first} to ${days.last}`] : [];
  const chart = shapes.length > 0 ? ["", ...chartLines(shapes)] : [];
  return [bold(file), ...lines, ...span, ...chart, ...nextSteps(file, {open, known, draft})].join("\n");
}

/** The drafted source, and what to do with it. */
function nextSteps(file: string, {open, known, draft}: Pick<Inspection, "open" | "known" | "draft">): string[] {
  if (known && !draft) return ["", known.command.replace("FILE", file)];
  const questions = open.map(({about, option}) => yellow(`${about} is open: say it, such as ${option}`));
  if (!draft) return questions.length > 0 ? ["", ...questions] : [];
  if (draft.fault !== undefined) return ["", yellow(`no source can read it as it is: ${draft.fault}`), ...questions];
  const words = open.map(({option}) => ` ${option}`).join("");
  return [
    "",
    bold("An object of lake/sources.json"),
    JSON.stringify(draft.source, null, 2),
    "",
    ...questions,
    `npm run inspect -- ${file} --add ${draft.source.name}${words}`
  ];
}

/** What was added, and what comes next. */
export function addedText({file, findings}: Inspection, {file: sources, source}: Added): string {
  const unsure = findings.filter(({sure, about}) => sure === "likely" && about !== "label names");
  return [
    `source ${source.name} is in ${sources}`,
    ...unsure.map(({about, answer, evidence}) => yellow(`${about} is likely ${answer}: ${evidence}`)),
    `next: npm run land -- ${source.name} ${file}`,
    "then: npm run pipeline"
  ].join("\n");
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
