import {describe, expect, it} from "vitest";
import type {Metadata} from "../../pipelines/delta/actions.js";
import {refuseUnsupported} from "../../pipelines/delta/protocol.js";

const metadata = (type: string, properties: object = {}): Metadata => ({
  id: "table",
  format: {provider: "parquet", options: {}},
  schemaString: JSON.stringify({
    type: "struct",
    fields: [
      {name: "kwh", type: "decimal(18,6)", nullable: true, metadata: {}},
      {name: "note", type, nullable: true, metadata: properties}
    ]
  }),
  partitionColumns: [],
  configuration: {}
});
const protocol = (...readerFeatures: string[]) => ({
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures,
  writerFeatures: readerFeatures
});

describe("a table whose protocol lists a feature", () => {
  it.each([["variantType"], ["variantType-preview"], ["variantShredding"], ["typeWidening"], ["deletionVectors"]])(
    "%s is read where no column and no file uses it",
    (feature) => {
      expect(() => refuseUnsupported("/table", protocol(feature), metadata("string"), [])).not.toThrow();
    }
  );

  it.each([
    ["variantType", metadata("variant"), "variantType in column note"],
    ["typeWidening", metadata("long", {"delta.typeChanges": []}), "typeWidening in column note"],
    ["a-feature-of-tomorrow", metadata("string"), "a-feature-of-tomorrow"]
  ])("%s is refused by what uses it", (feature, used, named) => {
    expect(() => refuseUnsupported("/table", protocol(feature), used, [])).toThrow(
      `table not supported: /table uses ${named}; rewrite it without, or read it with another engine`
    );
  });
});
