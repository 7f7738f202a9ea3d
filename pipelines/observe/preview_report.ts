import type {Preview, PreviewedTable} from "../preview.js";
import {bold} from "./terminal.js";
import {columns, count} from "./text.js";

/** What is or would be rebuilt of a table, in words: nothing, these values, all, and why. */
export function scopeText({scope, reason}: Pick<PreviewedTable, "scope" | "reason">): string {
  return `${extentText(scope)}: ${reason}`;
}

function extentText(scope: PreviewedTable["scope"]): string {
  if (scope === "nothing" || scope === "all") return scope;
  if ("follows" in scope) return "what changes upstream";
  const [first, last] = [scope[0]!, scope.at(-1)!];
  if (scope.length <= 2) return scope.join(" and ");
  return `${count(scope.length, "value")} from ${first} to ${last}`;
}

/** A preview as a person reads it. */
export function previewText({files, tables}: Preview): string {
  return [
    bold(count(files.length, "new file")),
    ...files.map((path) => `  ${path}`),
    "",
    ...columns(
      tables.map((plan) => [plan.table, scopeText(plan)]),
      ["left", "left"]
    )
  ].join("\n");
}

/** A preview for a machine. */
export function previewJson(preview: Preview): string {
  return JSON.stringify(preview);
}
