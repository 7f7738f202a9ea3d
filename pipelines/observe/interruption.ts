import type {Listener} from "./events.js";
import {count} from "./text.js";

/** Watches for a person who stops a run. */
export interface Interruption {
  readonly listener: Listener;
  /** Lets a signal end the program as it would without. */
  clear(): void;
}

/** The signals that end a run. */
const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Ends the program at once on Ctrl-C or SIGTERM, and says what is kept and how to go on. Nothing has to be put in order for
 * that: a table is published in one commit, or is as it was. The process ends by the signal itself, which a shell shows as 130
 * or 143: an exit would wait until the engine's statement under way has ended.
 */
export function watchInterruption(stream: NodeJS.WriteStream): Interruption {
  let built = 0;
  let underWay: string | undefined;
  const clear = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  const stop = (signal: (typeof signals)[number]) => {
    const kept = `what is built so far is kept (${count(built, "table")})`;
    const dropped = underWay === undefined ? "" : `, ${underWay} is as it was before`;
    stream.write(
      `\nstopped: ${kept}${dropped}, and readers stay on the last complete run\n` +
        "to go on, give the same command again: it does what is left\n"
    );
    clear();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    listener(event) {
      if (event.kind === "table planned" && event.scope !== "nothing") underWay = event.table;
      if (event.kind !== "table finished") return;
      underWay = undefined;
      if (event.outcome === "built") built++;
    },
    clear
  };
}
