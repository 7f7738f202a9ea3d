import type {Collected} from "../collect/collection.js";
import type {Delivery} from "../sources/handover.js";
import {count} from "./text.js";

/** What became of a file handed over, in one line. */
export function deliveryText({name, outcome, path, bytes = 0, reason}: Delivery): string {
  if (outcome === "landed") return `landed: ${name}: ${count(bytes, "byte")} in ${path}`;
  if (outcome === "known") return `content known: ${name}: it came as ${path}, nothing done`;
  if (outcome === "rejected")
    return `file rejected: ${name}: ${reason}${path === undefined ? "" : `; kept as ${path}`}`;
  return reason!;
}

/** What became of a request to a service, in one line. */
export function collectedText({place, from, to, outcome, path, reason}: Collected): string {
  const what = `${place} ${from === to ? from : `${from} to ${to}`}`;
  if (outcome === "landed") return `landed: ${what}: ${path}`;
  if (outcome === "known") return `content known: ${what}: it came as ${path}, nothing done`;
  if (outcome === "rejected") return `answer rejected: ${what}: ${reason}; kept as ${path}`;
  return `${outcome === "failed" ? "not collected" : outcome === "none" ? "nothing there" : outcome}: ${what}: ${reason}`;
}

/** What came of all requests, in one line. */
export function collectionText(all: readonly Collected[]): string {
  if (all.length === 0) return "nothing to ask for: all of it has landed";
  const outcomes = [...new Set(all.map(({outcome}) => outcome))];
  const counts = outcomes.map((one) => `${all.filter(({outcome}) => outcome === one).length} ${one}`).join(", ");
  const isWhole = outcomes.every((outcome) => outcome === "landed" || outcome === "known");
  return `${count(all.length, "request")}: ${counts}${isWhole ? "" : "; the same command asks for what is missing"}`;
}
