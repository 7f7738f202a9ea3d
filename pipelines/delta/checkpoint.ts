import type {Connection} from "../engines/duckdb.js";
import type {Add, Metadata, Protocol, Remove, Transaction} from "./actions.js";

/** A table as a checkpoint holds it. */
export interface Checkpoint {
  readonly version: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly adds: readonly Add[];
  readonly removes: readonly Remove[];
  readonly transactions: readonly Transaction[];
}

export async function readCheckpoint(
  _connection: Connection,
  _root: string,
  _logFiles: readonly string[],
  _version: number
): Promise<Checkpoint | undefined> {
  return undefined;
}
