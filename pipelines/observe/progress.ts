import type {ProgressEvent} from "../pipeline.js";
import {quantity} from "./text.js";

/** Shows how far a run is. */
export interface Progress {
  update(event: ProgressEvent): void;
  /** Takes the line away again. */
  clear(): void;
}

/** A line on a terminal that says which table is being built and how much of it is done; nothing in a pipe. */
export function showProgress(stream: NodeJS.WriteStream, wanted: boolean): Progress {
  if (!wanted || !stream.isTTY) return {update: () => {}, clear: () => {}};
  const width = 24;
  return {
    update({table, done, of}) {
      const filled = Math.round((width * done) / Math.max(of, 1));
      stream.write(
        `\r\x1b[K${"█".repeat(filled)}${"░".repeat(width - filled)} ${quantity(done)}/${quantity(of)} ${table}`
      );
    },
    clear: () => void stream.write("\r\x1b[K")
  };
}
