import type {Exported, ExportFormat} from "../exports/export.js";
import type {RowFormat} from "../exports/format.js";
import type {Row} from "../exports/values.js";
import type {AsOf, OpenOptions} from "../lakehouse.js";

/** How a reader opens its lake; its memory is in the options. */
export interface Opening {
  readonly folder: string;
  readonly asOf: AsOf;
  readonly options: OpenOptions;
}

/** What a reader is to do. */
export type Job =
  | {readonly kind: "rows" | "arrow"; readonly sql: string}
  | {readonly kind: "print"; readonly sql: string; readonly format: RowFormat}
  | {
      readonly kind: "export";
      readonly folder: string;
      readonly format: ExportFormat;
      readonly tables: readonly string[] | undefined;
    };

/** What a reader is asked. */
export type Question =
  | {readonly kind: "open"; readonly opening: Opening}
  | {readonly kind: "work"; readonly job: Job}
  | {readonly kind: "next"}
  | {readonly kind: "stop"};

/** A part of what a job gives: rows, an Arrow table in its format for streams, text to print, tables that were written. */
export type Part =
  | {readonly kind: "rows"; readonly rows: readonly Row[]}
  | {readonly kind: "arrow"; readonly bytes: Uint8Array}
  | {readonly kind: "text"; readonly text: string}
  | {readonly kind: "exported"; readonly exported: readonly Exported[]};

/** What a reader answers. */
export type Answer =
  | {readonly kind: "opened"; readonly notices: readonly string[]}
  | {readonly kind: "part"; readonly part: Part}
  | {readonly kind: "done"}
  | {readonly kind: "failed"; readonly message: string; readonly cause: unknown}
  | {readonly kind: "over memory"};
