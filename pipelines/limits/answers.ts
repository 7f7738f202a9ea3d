import type {Table} from "apache-arrow";
import type {Exported} from "../exports/export.js";
import type {Row} from "../exports/values.js";
import type {Job} from "./messages.js";
import type {Readers} from "./readers.js";

/** The rows of a SELECT as plain objects. */
export async function rowsWithin(readers: Readers, sql: string): Promise<Row[]> {
  const all: Row[] = [];
  await readers.work({kind: "rows", sql}, (part) => {
    if (part.kind === "rows") for (const row of part.rows) all.push(row);
  });
  return all;
}

/** The rows of a SELECT as an Arrow table. */
export async function arrowWithin(readers: Readers, sql: string): Promise<Table> {
  const {tableFromIPC} = await import("apache-arrow");
  let table: Table | undefined;
  await readers.work({kind: "arrow", sql}, (part) => {
    if (part.kind === "arrow") table = tableFromIPC(part.bytes);
  });
  return table!;
}

/** Prints what a job gives as text, as it comes. */
export function printWithin(
  readers: Readers,
  job: Job & {readonly kind: "print"},
  print: (text: string) => void | Promise<void>
): Promise<void> {
  return readers.work(job, (part) => (part.kind === "text" ? print(part.text) : undefined));
}

/** Writes tables for other tools. */
export async function exportWithin(
  readers: Readers,
  job: Job & {readonly kind: "export"}
): Promise<readonly Exported[]> {
  let exported: readonly Exported[] = [];
  await readers.work(job, (part) => {
    if (part.kind === "exported") exported = part.exported;
  });
  return exported;
}
