import type {Listener, RunEvent} from "./events.js";
import {visible} from "./terminal.js";
import {count, quantity} from "./text.js";

/** Shows how far a run is. */
export interface Progress {
  readonly listener: Listener;
  /** Takes the line away again. */
  clear(): void;
}

const width = 24;

/**
 * A line on a terminal for the table that is being built: a bar, the rows gone through and the time left, which is
 * the time taken in proportion to what is left. In a pipe, a line for each table as it ends.
 */
export function showProgress(stream: NodeJS.WriteStream, wanted: boolean): Progress {
  if (!wanted) return {listener: () => {}, clear: () => {}};
  if (!stream.isTTY) return {listener: (event) => void showEnd(stream, event), clear: () => {}};
  let started = 0;
  const show = (line: string) => stream.write(`\r\x1b[K${visible(line).slice(0, (stream.columns || 80) - 1)}`);
  return {
    listener(event) {
      if (event.kind === "lease awaited") show(`waiting: ${event.holder}`);
      if (event.kind === "table planned" && event.scope !== "nothing") {
        started = performance.now();
        show(`${bar(0)} ${event.table}`);
      }
      if (event.kind !== "table progress") return;
      const {table, share, rows} = event;
      const seconds = ((performance.now() - started) / 1000) * (1 / share - 1);
      const left = share > 0.02 && share < 1 && seconds >= 1 ? `, ${timeText(seconds)} left` : "";
      show(`${bar(share)} ${table}: ${quantity(rows)} rows${left}`);
    },
    clear: () => void stream.write("\r\x1b[K")
  };
}

/** A line for a table that has ended otherwise than it was. */
function showEnd(stream: NodeJS.WriteStream, event: RunEvent): void {
  if (event.kind === "lease awaited") stream.write(`waiting: ${visible(event.holder)}\n`);
  if (event.kind === "table ingested")
    stream.write(`${event.table}: ${quantity(event.rows)} rows from ${count(event.files, "new file")}\n`);
  if (event.kind !== "table finished" || event.outcome === "unchanged") return;
  const {table, outcome, rows, seconds} = event;
  const done = outcome === "built" ? `${quantity(rows)} rows ` : "";
  stream.write(`${table}: ${done}${outcome} in ${seconds.toFixed(1)} s\n`);
}

function bar(share: number): string {
  const filled = Math.floor(width * share);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
