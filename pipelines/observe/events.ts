import type {Column} from "../delta/schema.js";
import type {Values} from "../delta/slice.js";
import type {Catalog} from "../models/catalog.js";
import type {Failure} from "../models/check.js";
import type {Reconciliation} from "../models/reconciliation.js";
import type {TableState} from "../models/table_state.js";
import {faultText} from "../wording/command.js";

/** What happens in a run, told as it happens. Durations are in seconds. */
export type RunEvent =
  /** Another process holds the lake's lease, and is waited for. */
  | {readonly kind: "lease awaited"; readonly holder: string}
  | RunStarted
  | {readonly kind: "file taken"; readonly table: string; readonly file: LandedFile}
  | {readonly kind: "file rejected"; readonly file: LandedFile; readonly reason: string}
  | TableIngested
  | TablePlanned
  /** How far the staging of a table is, from 0 to 1, and how many rows its statements have gone through. */
  | {readonly kind: "table progress"; readonly table: string; readonly share: number; readonly rows: number}
  | TableStaged
  | TableChecked
  | TableCommitted
  /** Another process committed to the table first: it is planned anew. */
  | {readonly kind: "table lost"; readonly table: string}
  | TableFinished
  /** Another process committed while the tables were built: they are looked through again. */
  | {readonly kind: "run repeated"; readonly run: number}
  | RunFinished
  /** What ended a run before it was recorded. */
  | {readonly kind: "run failed"; readonly error: string; readonly seconds: number};

export interface RunStarted {
  readonly kind: "run started";
  readonly run: number;
  /** The lake's folder. */
  readonly lake: string;
  readonly program: string;
  /** Of the engine, such as `v1.5.6`. */
  readonly engineVersion: string;
  readonly catalog: Catalog;
}

/** A file of the landing folder, as an arrival. */
export interface LandedFile {
  readonly source: string;
  readonly arrival: number;
  readonly path: string;
  readonly sha256: string;
}

export interface TableIngested {
  readonly kind: "table ingested";
  readonly table: string;
  readonly files: number;
  readonly rows: number;
}

export interface TablePlanned {
  readonly kind: "table planned";
  readonly table: string;
  /** Nothing, everything, or these values of the increment column. */
  readonly scope: "nothing" | "all" | Values;
  readonly reason: string;
  /** The versions of what it is made from. */
  readonly inputs: readonly {readonly table: string; readonly version: number}[];
}

export interface TableStaged {
  readonly kind: "table staged";
  readonly table: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface TableChecked {
  readonly kind: "table checked";
  readonly table: string;
  readonly checks: readonly {readonly name: string; readonly column?: string}[];
  readonly failures: readonly Failure[];
  readonly seconds: number;
}

export interface TableCommitted {
  readonly kind: "table committed";
  readonly table: string;
  readonly version: number;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds?: number;
}

export interface TableFinished {
  readonly kind: "table finished";
  readonly table: string;
  readonly outcome: "built" | "unchanged" | "failed" | "blocked";
  /** Why; where it failed or is blocked, by what. */
  readonly reason: string;
  readonly rows: number;
  readonly seconds: number;
}

export interface RunFinished {
  readonly kind: "run finished";
  /** Its number as recorded: the next one, should another process have taken its own. */
  readonly run: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly rows: number;
  readonly filesTaken: number;
  readonly filesRejected: number;
  /** Files of all runs that can't be read. */
  readonly filesUnreadable: number;
  readonly reconciliation: readonly Reconciliation[];
  readonly tables: readonly TableState[];
}

/** Tells of an event. */
export type Tell = (event: RunEvent) => void;

/** Is told of events; what it throws, or its promise is rejected with, is no failure of the run. */
export type Listener = (event: RunEvent) => void | Promise<void>;

/** Events on their way to listeners. */
export interface Broadcast {
  readonly tell: Tell;
  /** Waits until the listeners are done, and says of each that failed what was lost: `log not written: …`. */
  settle(): Promise<string[]>;
}

/** Tells each listener of every event, by what it makes: `log`. One that fails is told of nothing more. */
export function broadcast(listeners: Readonly<Record<string, Listener | undefined>>): Broadcast {
  const troubles = new Map<string, string>();
  const pending = new Set<Promise<unknown>>();
  const fail = (name: string, error: unknown) => {
    if (!troubles.has(name)) troubles.set(name, faultText(error));
  };
  return {
    tell(event) {
      for (const [name, listener] of Object.entries(listeners)) {
        if (!listener || troubles.has(name)) continue;
        try {
          const told = listener(event)?.catch((error) => fail(name, error));
          if (told) pending.add(told);
          told?.finally(() => pending.delete(told));
        } catch (error) {
          fail(name, error);
        }
      }
    },
    async settle() {
      await Promise.all(pending);
      return [...troubles].map(([name, trouble]) => `${name} not written: ${trouble}`);
    }
  };
}
