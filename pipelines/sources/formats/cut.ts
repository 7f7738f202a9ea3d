import {open, readFile} from "node:fs/promises";
import {gunzipSync, gzipSync} from "node:zlib";
import {isCompressed} from "./file_name.js";

/** A piece of a file's bytes: from the first up to the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the rows of a file stand in its bytes: by their numbers, as its reader counts them. */
export type SpansOf = (bytes: Buffer) => ReadonlyMap<number, Span>;

/**
 * Writes a file anew without some of its rows, and every other byte as it was; compressed where the file is. A file is
 * held in memory whole.
 *
 * @throws Error when a row isn't found.
 */
export async function cutRows(file: string, draft: string, rows: ReadonlySet<number>, spansOf: SpansOf): Promise<void> {
  const bytes = await readPlain(file);
  const spans = spansOf(bytes);
  const gone = [...rows].map((row) => {
    const span = spans.get(row);
    if (!span) throw new Error(`row ${row} not found in it`);
    return span;
  });
  const pieces: Buffer[] = [];
  let at = 0;
  for (const {start, end} of gone.sort((a, b) => a.start - b.start)) {
    if (start > at) pieces.push(bytes.subarray(at, start));
    at = Math.max(at, end);
  }
  pieces.push(bytes.subarray(at));
  const left = Buffer.concat(pieces);
  await writeWhole(draft, isCompressed(file) ? gzipSync(left) : left);
}

/** A file's bytes, decompressed where its name ends in `.gz`. */
export async function readPlain(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  return isCompressed(file) ? gunzipSync(bytes) : bytes;
}

/** Writes a file that outlasts a power cut once this returns. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
