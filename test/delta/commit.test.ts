import {cp, mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {commit, createTable} from "../../pipelines/delta/commit.js";
import {latestVersion} from "../../pipelines/delta/log.js";
import {readSnapshot} from "../../pipelines/delta/snapshot.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";

const duckdb = await openDuckDB();
const tables = join(import.meta.dirname, "..", "golden", "delta-tables");
const temporary = await mkdtemp(join(tmpdir(), "wattlake-commit-"));
afterAll(() => rm(temporary, {recursive: true, force: true}));

const nothing = {adds: [], removes: [], info: {}, operation: "WRITE"};
const definition = {columns: [{name: "kwh", type: "DECIMAL(18,6)"}], partitionColumns: [], description: "Test."};

describe("commit", () => {
  it("says first who made it, when and why", async () => {
    const root = join(temporary, "info");
    await createTable(root, definition, {...nothing, info: {run: 7}, transactions: [{appId: "a", version: 3}]});
    const text = await readFile(join(root, "_delta_log", "00000000000000000000.json"), "utf8");
    const actions = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(actions[0].commitInfo).toMatchObject({
      run: 7,
      operation: "WRITE",
      isBlindAppend: true,
      timestamp: expect.any(Number),
      engineInfo: expect.stringMatching(/^wattlake\/\d/)
    });
    expect(actions.find(({protocol}) => protocol)).toEqual({protocol: {minReaderVersion: 1, minWriterVersion: 2}});
    expect((await readSnapshot(duckdb, root))!.transactions.get("a")).toBe(3);
  });

  const file = {path: "a", file: "a", partitionValues: {}, size: 1, modificationTime: 0, dataChange: true};
  const features = (...writerFeatures: string[]) => ({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: [],
    writerFeatures
  });
  const column = (metadata: object) =>
    JSON.stringify({type: "struct", fields: [{name: "a", type: "long", nullable: true, metadata}]});

  it.each([
    ["a constraint", 3, {configuration: {"delta.constraints.positive": "kwh > 0"}}, "checkConstraints"],
    ["generated columns", 4, {schemaString: column({"delta.generationExpression": "1"})}, "generatedColumns"],
    ["identity columns", 6, {schemaString: column({"delta.identity.start": 1})}, "identityColumns"],
    ["invariants", 2, {schemaString: column({"delta.invariants": "{}"})}, "invariants"],
    ["row tracking", features("rowTracking", "domainMetadata", "appendOnly"), {}, "domainMetadata, rowTracking"],
    ["instants of commits", features("inCommitTimestamp", "deletionVectors"), {}, "inCommitTimestamp"],
    ["a variant", features("variantType"), {schemaString: column({}).replace("long", "variant")}, "variantType"],
    ["a later protocol", {minReaderVersion: 3, minWriterVersion: 8}, {}, "writer version 8"]
  ])("refuses to write to a table with %s, by the feature's name", async (name, asked, change, feature) => {
    const root = join(temporary, `needs ${name}`);
    await createTable(root, definition, nothing);
    const {metadata, ...snapshot} = (await readSnapshot(duckdb, root))!;
    const protocol = typeof asked === "number" ? {minReaderVersion: 1, minWriterVersion: asked} : asked;
    await expect(commit({...snapshot, protocol, metadata: {...metadata, ...change}}, nothing)).rejects.toThrow(
      `table not writable: ${root} uses ${feature}; turn it off there, or write the table with another engine`
    );
    expect(await latestVersion(root)).toBe(0);
  });

  it("refuses to write to a table of others for what it uses", async () => {
    const root = join(temporary, "checkpoint-v2-table");
    await cp(join(tables, "checkpoint-v2-table"), root, {recursive: true});
    const before = await latestVersion(root);
    const snapshot = (await readSnapshot(duckdb, root))!;
    await expect(commit(snapshot, nothing)).rejects.toThrow(
      `table not writable: ${root} uses identityColumns, v2Checkpoint; turn`
    );
    expect(await latestVersion(root)).toBe(before);
  });

  it.each([
    ["asks for what is not in use", 6, {}],
    ["allows deletion vectors", features("deletionVectors", "appendOnly", "invariants"), {}],
    ["allows variants, of which no column is one", features("variantType", "typeWidening"), {}],
    ["has a change data feed", 4, {configuration: {"delta.enableChangeDataFeed": "true"}}],
    ["is append-only", 2, {configuration: {"delta.appendOnly": "true"}}]
  ])("adds to a table that %s", async (name, asked, change) => {
    const root = join(temporary, name);
    await createTable(root, definition, nothing);
    const {metadata, ...snapshot} = (await readSnapshot(duckdb, root))!;
    const protocol = typeof asked === "number" ? {minReaderVersion: 1, minWriterVersion: asked} : asked;
    expect(await commit({...snapshot, protocol, metadata: {...metadata, ...change}}, {...nothing, adds: [file]})).toBe(
      1
    );
  });

  it.each([
    ["delta.appendOnly", "appendOnly"],
    ["delta.enableChangeDataFeed", "changeDataFeed"]
  ])("takes nothing from a table with %s, but lays it out anew", async (property, feature) => {
    const root = join(temporary, feature);
    await createTable(root, definition, nothing);
    const {metadata, ...snapshot} = (await readSnapshot(duckdb, root))!;
    const protocol = {minReaderVersion: 1, minWriterVersion: 4};
    const table = {...snapshot, protocol, metadata: {...metadata, configuration: {[property]: "true"}}};
    await expect(commit(table, {...nothing, removes: [file]})).rejects.toThrow(`uses ${feature};`);
    expect(await commit(table, {...nothing, removes: [file], dataChange: false})).toBe(1);
  });
});
