import {join} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import {type Arrival, contentKey, type Landing} from "./arrivals.js";
import {breach, type Contract} from "./contract.js";
import type {Reader} from "./formats/reader.js";

/** A file that can be read, and its columns. */
export interface Readable {
  readonly arrival: Arrival;
  readonly file: string;
  readonly columns: ReadonlyMap<string, string>;
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
}

/** Opens each arrival's file as far as its columns. */
export async function inspectFiles(
  connection: Connection,
  arrivals: readonly Arrival[],
  landing: Landing,
  folder: string,
  {reader, contract}: Intake
): Promise<{readable: Readable[]; rejected: FileReject[]}> {
  const readable: Readable[] = [];
  const rejected: FileReject[] = [];
  for (const arrival of arrivals) {
    const path = landing.paths.get(contentKey(arrival));
    const reject = (reason: string) => rejected.push({arrival, reason});
    if (path === undefined) reject("its content is no longer in the landing folder");
    else if (!reader.extensions.some((extension) => path.toLowerCase().endsWith(extension))) {
      reject(`not a ${reader.extensions.join(" or ")} file`);
    } else if (arrival.bytes === 0) reject("the file is empty");
    else {
      const file = join(folder, path);
      try {
        const columns = await reader.columns(connection, file);
        const fault = breach(contract, columns);
        if (fault) reject(fault);
        else readable.push({arrival, file, columns});
      } catch (error) {
        reject(unreadable(error, file));
      }
    }
  }
  return {readable, rejected};
}

/** Reads every row of every file, to find those that only break further in. */
export async function readThrough(
  connection: Connection,
  files: readonly Readable[],
  reader: Reader
): Promise<{readable: Readable[]; rejected: FileReject[]}> {
  const readable: Readable[] = [];
  const rejected: FileReject[] = [];
  for (const found of files) {
    try {
      // A hash of each row needs all of its columns, and keeps none of them.
      await connection.rows(`SELECT max(hash(landed)) FROM (${reader.select([found.file])}) AS landed`);
      readable.push(found);
    } catch (error) {
      rejected.push({arrival: found.arrival, reason: unreadable(error, found.file)});
    }
  }
  return {readable, rejected};
}

/** DuckDB's first sentence, without the path of this machine, which the reject names by itself. */
function unreadable(error: unknown, file: string): string {
  const [sentence = ""] = String(error instanceof Error ? error.message : error).split("\n");
  return `not readable: ${sentence.replaceAll(file, "the file").replace(/^[\w ]+ Error: /, "")}`;
}
