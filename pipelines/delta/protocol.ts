import type {Metadata, Protocol} from "./actions.js";

/** Reader features that need nothing of a reader but to know their name, or that it ignores. */
const harmless = new Set(["timestampNtz", "vacuumProtocolCheck"]);

/**
 * Refuses a table that can't be read, or not rightly, naming what it needs.
 *
 * @throws Error `table not supported: …`
 */
export function refuseUnsupported(root: string, protocol: Protocol, metadata: Metadata): void {
  const refuse = (feature: string): never => {
    throw new Error(`table not supported: ${root} uses ${feature}; rewrite it without, or read it with another engine`);
  };
  const unknown = (protocol.readerFeatures ?? []).filter((feature) => !harmless.has(feature));
  if (unknown.length > 0) refuse(unknown.join(", "));
  if (protocol.minReaderVersion > 3) refuse(`reader version ${protocol.minReaderVersion}`);
  const mapping = metadata.configuration?.["delta.columnMapping.mode"] ?? "none";
  if (mapping !== "none") refuse(`column mapping by ${mapping}`);
  if (metadata.format.provider !== "parquet") refuse(`the format ${metadata.format.provider}`);
}
