import {join} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import type {Model} from "../models/model.js";
import {fileFault} from "../wording/file.js";
import {isDiskFull} from "../wording/system.js";
import {type Arrival, bytesIn, contentKey, type Landing} from "./arrivals.js";
import {breach, type Contract} from "./contract.js";
import {hasExtension} from "./formats/file_name.js";
import {FileReading} from "./formats/file_reading.js";
import {defaultLimits, type Limits} from "./formats/limits.js";
import type {FileColumns, Reader} from "./formats/reader.js";
import {contractOf, readerFor} from "./formats/readers.js";
import type {Source} from "./source.js";

/** A file that can be read, and its columns. */
export interface Readable {
  readonly arrival: Arrival;
  readonly file: string;
  readonly columns: FileColumns;
}

/** A file that can't be read, or can't be understood. */
export interface FileReject {
  readonly arrival: Arrival;
  readonly reason: string;
}

/** How the files of a Bronze table are read. */
export interface Intake {
  readonly reader: Reader;
  readonly contract: Contract;
  readonly limits: Limits;
}

/** How a Bronze model, by its header, has its files read; those of a source with a shape, or a reader of its own, by that. */
export function intakeOf(model: Model, source?: Source, limits: Limits = defaultLimits): Intake {
  return {
    reader: readerFor(model, source),
    contract: contractOf(model.extra),
    limits
  };
}

/** Those files that can be read, and the others. */
interface Inspected {
  readonly readable: Readable[];
  readonly rejected: FileReject[];
}

/** Opens each arrival's file as far as its columns. */
export async function inspectFiles(
  connection: Connection,
  arrivals: readonly Arrival[],
  landing: Pick<Landing, "paths" | "refused">,
  folder: string,
  {reader, contract, limits}: Intake
): Promise<Inspected> {
  const readable: Readable[] = [];
  const rejected: FileReject[] = [];
  const found: {arrival: Arrival; file: string}[] = [];
  for (const arrival of arrivals) {
    const path = landing.paths.get(contentKey(arrival));
    const reject = (reason: string) => rejected.push({arrival, reason});
    const refusal = landing.refused.get(arrival.sha256);
    if (refusal !== undefined) reject(refusal);
    else if (path === undefined) reject("its content is no longer in the landing folder");
    else if (!suits(reader, path)) reject(`not a ${reader.extensions.join(" or ")} file`);
    else if (arrival.bytes === 0) reject("the file is empty");
    else if (bytesIn(join(folder, path)) !== arrival.bytes)
      reject("it changed while it was taken in; the next run takes it in as it is then");
    else found.push({arrival, file: join(folder, path)});
  }
  await inHalves(
    found,
    async (some) => {
      const columns = await reader.columns(
        connection,
        some.map(({file}) => file),
        limits
      );
      for (const {arrival, file} of some) {
        const found = columns.get(file)!;
        if (isDiskFull(found)) throw found;
        const fault =
          found instanceof Error
            ? fileFault(found, file)
            : reader.breach
              ? reader.breach(found)
              : breach(contract, found);
        if (fault !== undefined) rejected.push({arrival, reason: fault});
        else readable.push({arrival, file, columns: found as FileColumns});
      }
    },
    ({arrival, file}, error) => rejected.push({arrival, reason: fileFault(error, file)})
  );
  return {readable, rejected: rejected.sort((a, b) => a.arrival.arrival - b.arrival.arrival)};
}

/** Reads every row of every file, to find those that only break further in. */
export async function readThrough(
  connection: Connection,
  files: readonly Readable[],
  {reader, limits}: Intake
): Promise<Inspected> {
  const readable: Readable[] = [];
  const rejected: FileReject[] = [];
  for (const alike of alikeIn(files)) {
    await inHalves(
      alike,
      async (some) => {
        const rows = reader.select(
          some.map(({file}) => file),
          some[0]!.columns
        );
        // A hash of each row needs all of its columns, and keeps none of them.
        await new FileReading(some[0]!.file, limits).within(connection, () =>
          connection.rows(`SELECT max(hash(landed)) FROM (${rows}) AS landed`)
        );
        readable.push(...some);
      },
      ({arrival, file}, error) => rejected.push({arrival, reason: fileFault(error, file)})
    );
  }
  return {readable, rejected};
}

/** Whether a reader is for files of such a name. */
export function suits(reader: Reader, path: string): boolean {
  return hasExtension(path, reader.extensions);
}

/** Files with the same columns in the same order, which can be read together. */
export function alikeIn(files: readonly Readable[]): Readable[][] {
  const alike = new Map<string, Readable[]>();
  for (const file of files) {
    const signature = JSON.stringify([file.columns.group, ...file.columns]);
    const others = alike.get(signature);
    if (others) others.push(file);
    else alike.set(signature, [file]);
  }
  return [...alike.values()];
}

/** Works on all items at once; where that fails, on each half of them, down to the single ones that it fails for. */
async function inHalves<T>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<void>,
  failed: (item: T, error: unknown) => void
): Promise<void> {
  if (items.length === 0) return;
  try {
    await work(items);
  } catch (error) {
    // That is no fault of a file: it is read once there is room.
    if (isDiskFull(error)) throw error;
    if (items.length === 1) return failed(items[0]!, error);
    const middle = Math.ceil(items.length / 2);
    await inHalves(items.slice(0, middle), work, failed);
    await inHalves(items.slice(middle), work, failed);
  }
}
