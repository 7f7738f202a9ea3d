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
    if (readable.has(feature) || feature === "columnMapping" || feature === "deletionVectors") continue;
    const uses = usesOfColumns[feature];
    if (!uses) needs.push(feature);
    else needs.push(...columnsUsing(metadata.schemaString, uses).map((column) => `${feature} in column ${column}`));
  }
  if (metadata.format.provider !== "parquet") needs.push(`the format ${metadata.format.provider}`);
  if (needs.length > 0) {
    throw new Error(
      `table not supported: ${root} uses ${needs.join(", ")}; rewrite it without, or read it with another engine`
    );
  }
}

/** Features of single columns: without a column that uses it, such a feature asks nothing of a reader or a writer. */
const usesOfColumns: Readonly<Record<string, (field: string) => boolean>> = {
  variantType: hasVariant,
  "variantType-preview": hasVariant,
  variantShredding: hasVariant,
  "variantShredding-preview": hasVariant,
  typeWidening: hasChangedType,
  "typeWidening-preview": hasChangedType
};

function hasVariant(field: string): boolean {
  return field.includes('"variant"');
}

function hasChangedType(field: string): boolean {
  return field.includes('"delta.typeChanges"');
}

/** The top-level columns of a schema whose field, as JSON, uses a feature. */
function columnsUsing(schemaString: string, uses: (field: string) => boolean): string[] {
  const {fields} = JSON.parse(schemaString) as {fields: {name: string}[]};
  return fields.filter((field) => uses(JSON.stringify(field))).map(({name}) => name);
}

/** What a writer version below 7 asks for; from 7 on, the table itself lists it. */
const featuresOfVersions: readonly (readonly [version: number, feature: string])[] = [
  [2, "appendOnly"],
  [2, "invariants"],
  [3, "checkConstraints"],
  [4, "changeDataFeed"],
  [4, "generatedColumns"],
  [5, "columnMapping"],
  [6, "identityColumns"]
];

/**
 * Whether a commit would owe a feature anything. A feature that isn't here always counts: nothing is known of it.
 * Files with deletion vectors, and mapped columns, are refused before, when the table is read.
 */
const owes: Readonly<Record<string, (metadata: Metadata, removes: boolean) => boolean>> = {
  appendOnly: ({configuration}, removes) => removes && configuration?.["delta.appendOnly"] === "true",
  invariants: ({schemaString}) => schemaString.includes('"delta.invariants"'),
  checkConstraints: ({configuration}) =>
    Object.keys(configuration ?? {}).some((key) => /^delta\.constraints\./.test(key)),
  // Rows that only come are told by their files; those that go need files of their own to tell them.
  changeDataFeed: ({configuration}, removes) => removes && configuration?.["delta.enableChangeDataFeed"] === "true",
  generatedColumns: ({schemaString}) => schemaString.includes('"delta.generationExpression"'),
  columnMapping: () => false,
  identityColumns: ({schemaString}) => schemaString.includes('"delta.identity.'),
  deletionVectors: () => false
};

/**
 * Refuses to write to a table whose writers owe it more than is done here, naming the features. One that is allowed
 * but isn't in use is no obstacle: constraints that nobody has set, a change data feed that is off.
 *
 * @param removes whether the commit takes rows away
 * @throws Error `table not writable: …`
 */
export function refuseUnwritable(root: string, protocol: Protocol, metadata: Metadata, removes: boolean): void {
  const {minWriterVersion, writerFeatures = []} = protocol;
  const asked =
    minWriterVersion < 7
      ? featuresOfVersions.filter(([version]) => version <= minWriterVersion).map(([, feature]) => feature)
      : writerFeatures;
  const isOwed = (feature: string) => {
    const uses = usesOfColumns[feature];
    if (uses) return columnsUsing(metadata.schemaString, uses).length > 0;
    return owes[feature]?.(metadata, removes) ?? true;
  };
  const owed = asked.filter(isOwed).sort();
  if (minWriterVersion > 7) owed.unshift(`writer version ${minWriterVersion}`);
  if (owed.length === 0) return;
  throw new Error(
    `table not writable: ${root} uses ${owed.join(", ")}; turn it off there, or write the table with another engine`
  );
}
