import {setImmediate as nextTurn} from "node:timers/promises";
import type {Connection} from "../../engines/duckdb.js";
import {withinTime} from "../../engines/time_limit.js";
import {decodedBytes, documentBytes, type Limits, overLimit} from "./limits.js";

/** Without a turn of the event loop for so long, nobody's signal is heard. */
const longestTurn = 50;
let turnedAt = 0;

/** Lets signals and timers have their turn, where they had none for a while. */
export async function takeTurns(): Promise<void> {
  if (performance.now() - turnedAt < longestTurn) return;
  await nextTurn();
  turnedAt = performance.now();
}

/** A file that is being read, and how much of it may be: its bytes once they are decompressed, and the time that it takes. */
export class FileReading {
  readonly file: string;
  readonly limits: Limits;
  readonly #began = performance.now();

  constructor(file: string, limits: Limits) {
    this.file = file;
    this.limits = limits;
  }

  /** How many milliseconds are left of its time; zero or less when it is over. */
  get left(): number {
    return this.limits.minutes * 60_000 - (performance.now() - this.#began);
  }

  /** @throws Error when so many bytes are more than the limit on a file */
  refuseSize(bytes: number): void {
    if (bytes > decodedBytes(this.limits))
      throw overLimit("it is too large once it is decoded", this.limits, "decodedGiB");
  }

  /** @throws Error when so many bytes are more than is held in memory of a document */
  refuseDocument(bytes: number): void {
    if (bytes > documentBytes(this.limits))
      throw overLimit("it is too large to be held in memory whole", this.limits, "documentMiB");
  }

  /**
   * To be called again and again while the file is read: lets signals have their turn.
   *
   * @throws Error when its time is over
   */
  async goOn(): Promise<void> {
    if (this.left <= 0) throw this.tooLong();
    await takeTurns();
  }

  /**
   * Does what DuckDB reads of the file within the time that is left.
   *
   * @throws Error when that is over
   */
  within<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    return withinTime(connection, this.left, () => this.tooLong(), work);
  }

  tooLong(): Error {
    return overLimit("reading it takes too long", this.limits, "minutes");
  }
}
