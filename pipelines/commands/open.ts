import type {RowFormat} from "../exports/format.js";
import type {Lakehouse} from "../lakehouse.js";
import type {Limits} from "../limits/limits.js";
import type {Readers} from "../limits/readers.js";
import type {ParameterValues} from "../models/parameters.js";
import type {RowShape} from "../models/rows.js";
import {complain, visible, yellow} from "../observe/terminal.js";

/** The options by which a lake is opened. */
export interface OpenCommand {
  lake: string;
  asOf?: string;
  client?: string;
  param?: ParameterValues;
  files?: boolean;
  timeout?: number;
  memory?: string;
}

/** Does work on an open lake, and closes it. */
export async function withLake<T>(options: OpenCommand, work: (lake: Lakehouse) => Promise<T>): Promise<T> {
  const {openLakehouse} = await import("../lakehouse.js");
  const {lake: folder, asOf, param: params, client, files} = options;
  const lake = await openLakehouse(folder, asOf, {params, client, files});
  try {
    for (const notice of lake.notices) complain(yellow(notice));
    return await work(lake);
  } finally {
    await lake.close();
  }
}

/** Does work on a lake within limits, in a process that ends where it goes over one. */
export async function withReaders<T>(options: OpenCommand, work: (readers: Readers) => Promise<T>): Promise<T> {
  const {openReaders} = await import("../limits/readers.js");
  const {lake: folder, asOf, param: params, client, files} = options;
  const opening = {folder, asOf, options: {params, client, files}};
  const readers = openReaders(opening, limitsOf(options), (notice) => complain(yellow(notice)));
  try {
    return await work(readers);
  } finally {
    readers.close();
  }
}

/** The limits that options set. */
export function limitsOf({timeout: timeoutSeconds, memory}: Pick<OpenCommand, "timeout" | "memory">): Limits {
  return {...(timeoutSeconds !== undefined && {timeoutSeconds}), ...(memory !== undefined && {memory})};
}

/** Prints rows that the program made as it prints those of a query. */
export async function printRows(
  lake: Lakehouse,
  shape: RowShape,
  rows: readonly object[],
  format: RowFormat
): Promise<void> {
  const {selectOf} = await import("../models/rows.js");
  const {printResult} = await import("../exports/format.js");
  const select = selectOf(shape, rows as readonly Record<string, unknown>[]);
  await printResult(await lake.workspace.connection.native.stream(select), format, print);
}

/**
 * Writes rows to standard output, and waits where its reader is slower; where it has gone, as `head` does, nobody wants the rest.
 * The returns of CSV's lines stay.
 */
export async function print(text: string): Promise<void> {
  const isTaken = process.stdout.write(text.split("\r\n").map(visible).join("\r\n"));
  if (!isTaken && !process.stdout.destroyed)
    await new Promise<void>((resolve) => {
      const goOn = () => {
        process.stdout.off("drain", goOn).off("close", goOn);
        resolve();
      };
      process.stdout.on("drain", goOn).on("close", goOn);
    });
  if (process.stdout.destroyed) process.exit();
}
