import type {Delivery} from "../sources/delivery.js";
import {count} from "./text.js";

/** What became of a file handed over, in one line. */
export function deliveryText({name, outcome, path, bytes = 0, reason}: Delivery): string {
  if (outcome === "landed") return `landed: ${name}: ${count(bytes, "byte")} in ${path}`;
  if (outcome === "known") return `content known: ${name}: it came as ${path}, nothing done`;
  if (outcome === "rejected") return `file rejected: ${name}: ${reason}; kept as ${path}`;
  return reason!;
}
