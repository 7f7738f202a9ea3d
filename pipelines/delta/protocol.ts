import type {Add, Metadata, Protocol} from "./actions.js";

/**
 * Reader features that ask nothing of us: reading timestamps without a zone, and checkpoints of the second kind, which
 * are read; `vacuumProtocolCheck` is for those who vacuum.
 */
const readable = new Set(["timestampNtz", "v2Checkpoint", "vacuumProtocolCheck"]);

/**
 * Refuses a table that can't be read, or not rightly, naming what it needs. A feature that is allowed but isn't in
 * use is no obstacle: deletion vectors when no file has one, column mapping when its mode is `none`.
 *
 * @param adds the files of the version that is read
 * @throws Error `table not supported: …`
 */
export function refuseUnsupported(root: string, protocol: Protocol, metadata: Metadata, adds: Iterable<Add>): void {
  const needs: string[] = [];
  if (protocol.minReaderVersion > 3) needs.push(`reader version ${protocol.minReaderVersion}`);
  const mapping = metadata.configuration?.["delta.columnMapping.mode"] ?? "none";
  if (mapping !== "none") needs.push("columnMapping");
  for (const {deletionVector} of adds) {
    if (!deletionVector) continue;
    needs.push("deletionVectors");
    break;
  }
  for (const feature of protocol.readerFeatures ?? []) {
    if (!readable.has(feature) && feature !== "columnMapping" && feature !== "deletionVectors") needs.push(feature);
  }
  if (metadata.format.provider !== "parquet") needs.push(`the format ${metadata.format.provider}`);
  if (needs.length > 0) {
    throw new Error(
      `table not supported: ${root} uses ${needs.join(", ")}; rewrite it without, or read it with another engine`
    );
  }
}

/**
 * Refuses to write to a table whose writers owe it more than we do: writer version 2 is ours, less the invariants
 * that a column may have, which nobody would check.
 *
 * @param removes whether the commit takes rows away
 * @throws Error `table not writable: …`
 */
export function refuseUnwritable(root: string, protocol: Protocol, metadata: Metadata, removes: boolean): void {
  const refuse = (why: string): never => {
    throw new Error(`table not writable: ${root} ${why}; write it with another engine`);
  };
  if (protocol.minWriterVersion > 2) {
    const features = protocol.writerFeatures?.length ? ` (${protocol.writerFeatures.join(", ")})` : "";
    refuse(`asks for writer version ${protocol.minWriterVersion}${features}`);
  }
  if (metadata.schemaString.includes('"delta.invariants"')) refuse("has column invariants");
  if (removes && metadata.configuration?.["delta.appendOnly"] === "true") refuse("is append-only");
}
