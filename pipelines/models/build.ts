import {availableParallelism} from "node:os";
import {damageOf} from "../delta/damage.js";
import {defaultFileRows} from "../delta/layout.js";
import {allHoldOneOf} from "../delta/scan.js";
import type {Column} from "../delta/schema.js";
import {distinct, holdsOneOf, type Values} from "../delta/slice.js";
import type {Snapshot} from "../delta/snapshot.js";
import {discardFiles, rowsOfFiles, stageRows} from "../delta/stage.js";
import type {NewFile} from "../delta/stats.js";
import {append, replace} from "../delta/write.js";
import {watch} from "../engines/watch.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import type {Tell} from "../observe/events.js";
import {progressOfParts} from "../observe/parts.js";
import {stopwatch} from "../observe/stopwatch.js";
import {type Catalog, storedInputs} from "./catalog.js";
import {checkRows, checksOf, type Failure} from "./check.js";
import {type Chunk, chunksOf, driversOf, isInPartitions} from "./chunk.js";
import {dictionaryError, withDictionaries} from "./dictionary.js";
import {differ, differingValues} from "./digest.js";
import {hasRowsWithout} from "./increment.js";
import type {Model} from "./model.js";
import {inputVersions, type Plan} from "./plan.js";
import {defineTables, rowsOf, withoutRows} from "./relations.js";
import {widened} from "./values.js";

/** What became of a table that was planned to be built. */
export interface Built {
  /** `lost`: another process committed first, so the table has to be planned anew. */
  readonly outcome: "built" | "unchanged" | "failed" | "lost";
  /** Rows written, those of other dates in rewritten files left out. */
  readonly rows: number;
  /** The checks that failed, warnings too. */
  readonly failures: readonly Failure[];
}

/** What a build writes into the log beside the rows, and whom it tells what it does. */
export interface BuildContext {
  readonly run: number;
  readonly fingerprint: string;
  /** How many rows a file should have, about; `defaultFileRows` where it isn't given. */
  readonly fileRows?: number;
  readonly tell: Tell;
}

/** A table in the making. */
interface Draft {
  readonly catalog: Catalog;
  readonly model: Model;
  readonly columns: readonly Column[];
  readonly standing: Snapshot | undefined;
  /** Nothing that stands can stay: the columns or the partitions are others than before, or it is beyond repair. */
  readonly reshaped: boolean;
}

interface StagedChunk extends Chunk {
  readonly files: readonly NewFile[];
  /** The values whose rows differ from those that stand. */
  readonly changed: Values;
}

/**
 * Builds what the plan says of one table: stages the rows chunk by chunk, leaves out the chunks that came out as
 * they stand, checks what is left, and commits all of it at once, or nothing.
 */
export async function buildTable(catalog: Catalog, model: Model, plan: Plan, context: BuildContext): Promise<Built> {
  const inputs = await inputVersions(catalog, model.name);
  const draft = await draftOf(catalog, model, plan);
  const stays = draft.standing !== undefined && !draft.reshaped;
  const fileRows = context.fileRows ?? defaultFileRows;
  const chunks = await chunksOf(catalog, model, plan, {stays, fileRows});
  const staged: StagedChunk[] = [];
  const table = model.name;
  const lap = stopwatch();
  try {
    const progress = progressOfParts(chunks.length, (share, rows) =>
      context.tell({kind: "table progress", table, share, rows})
    );
    await inParallel(chunks, async (chunk, index) => {
      const done = await stageChunk(draft, chunk, (share, rows) => progress(index, share, rows));
      if (done) staged.push(done);
      progress(index, 1, rowsIn(done?.files ?? []));
    });
    if (staged.length === 0 && draft.standing && !draft.reshaped) return {outcome: "unchanged", rows: 0, failures: []};

    const files = staged.flatMap((chunk) => chunk.files);
    const rows = rowsIn(files);
    const written = {rows, files: files.length, bytes: files.reduce((sum, {size}) => sum + size, 0)};
    context.tell({kind: "table staged", table, ...written, seconds: lap()});
    const replaced = model.increment === undefined ? undefined : distinct(staged.flatMap(({values}) => values ?? []));
    const slice = replaced && {column: model.increment!, values: replaced};
    const failures = await checkRows(
      catalog,
      model,
      draft.columns,
      rowsOfFiles(draft.columns, model.partition, files),
      slice
    );
    context.tell({kind: "table checked", table, checks: checksOf(model), failures, seconds: lap()});
    if (failures.some(({severity}) => severity === "error")) {
      await discard(staged);
      return {outcome: "failed", rows, failures};
    }

    const changed = distinct(staged.flatMap((chunk) => chunk.changed));
    const info = {
      run: context.run,
      fingerprint: context.fingerprint,
      inputs: Object.fromEntries(inputs),
      reason: plan.reason,
      rows,
      checks: checksOf(model).map(({name}) => name),
      ...(draft.standing && model.increment && {touched: {column: model.increment, values: changed}})
    };
    const {columns, standing} = draft;
    const target = {
      root: catalog.root(model.name),
      columns,
      partitionColumns: model.partition,
      description: model.description,
      order: model.key,
      fileRows
    };
    const published = standing
      ? await replace(catalog.database, standing, target, files, draft.reshaped ? undefined : slice, {info})
      : await append(catalog.database, standing, target, files, {info});
    if (!published) await discard(staged);
    const version = (standing?.version ?? -1) + 1;
    if (published) context.tell({kind: "table committed", table, version, columns, ...written, seconds: lap()});
    catalog.forget(model.name);
    return {outcome: published ? "built" : "lost", rows, failures};
  } catch (error) {
    await discard(staged);
    throw error;
  }
}

async function draftOf(catalog: Catalog, model: Model, {scope}: Plan): Promise<Draft> {
  const standing = await catalog.snapshot(model.name);
  // Values are planned where neither the model's text nor the columns of anything it reads have changed.
  if (standing && scope !== "all") return {catalog, model, columns: standing.columns, standing, reshaped: false};
  const workspace = await openWorkspace(catalog.database);
  try {
    await defineTables(workspace, catalog, catalog.inputs.get(model.name) ?? [], {
      instead: await withoutRows(catalog, storedInputs(catalog, model.name)),
      // Of no row they cost nothing, and what reads them is bound without their SELECTs: bound one in another, they take longest.
      hold: true
    });
    const described = await workspace.connection.rows<{column_name: string; column_type: string}>(
      `DESCRIBE ${model.sql}`
    );
    const columns = described.map(({column_name, column_type}) => ({name: column_name, type: column_type}));
    for (const name of [...model.key, ...model.partition, ...(model.increment ? [model.increment] : [])]) {
      if (!columns.some((column) => column.name === name)) {
        throw new Error(`column not found: ${name}; the header of ${model.file} names it, its select doesn't`);
      }
    }
    const shape = (of: readonly Column[], partition: readonly string[]) =>
      JSON.stringify([of.map(({name, type}) => [name, type]), partition]);
    const reshaped =
      standing !== undefined &&
      (shape(columns, model.partition) !== shape(standing.columns, standing.partitionColumns) ||
        (scope === "all" && (await isBeyondRepair(catalog, model, standing))));
    return {catalog, model, columns, standing, reshaped};
  } finally {
    await workspace.close();
  }
}

/** Whether a table has what no part of it that is built anew would replace: lost files, rows of no increment value. */
async function isBeyondRepair(catalog: Catalog, {name, increment}: Model, standing: Snapshot): Promise<boolean> {
  if (await damageOf(standing.files)) return true;
  return increment !== undefined && (await hasRowsWithout(catalog, name, increment));
}

/** Stages a chunk; undefined, and nothing left behind, when its rows are the rows that stand. */
async function stageChunk(
  draft: Draft,
  chunk: Chunk,
  onProgress: (share: number, rows: number) => void
): Promise<StagedChunk | undefined> {
  const {catalog, model, columns, standing, reshaped} = draft;
  const {increment} = model;
  const workspace = await openWorkspace(catalog.database);
  try {
    const values = chunk.values && widened(chunk.values, model, -1);
    const slice = values && {column: increment!, values};
    const {sql, instead} = slice
      ? await withDictionaries(workspace, catalog, model, slice)
      : {sql: model.sql, instead: undefined};
    await defineTables(workspace, catalog, catalog.inputs.get(model.name) ?? [], {slice, instead});
    const stage = () => stageValues(workspace, draft, chunk, sql);
    const files = await watch(workspace.connection, onProgress, stage).catch((error) => {
      throw dictionaryError(model, error);
    });
    if (!standing || reshaped) return {...chunk, files, changed: chunk.values ?? []};

    const names = columns.map(({name}) => name);
    const after = rowsOfFiles(columns, model.partition, files);
    const before = await rowsOf(
      catalog,
      model.name,
      increment ? {column: increment, values: chunk.values!} : undefined
    );
    const changed = increment ? await differingValues(workspace, names, increment, after, before) : [];
    if (increment !== undefined && isInPartitions(model)) return await onlyChanged(increment, files, changed);
    if (increment ? changed.length > 0 : await differ(workspace, names, after, before))
      return {...chunk, files, changed};
    await discardFiles(files.map(({file}) => file));
    return undefined;
  } finally {
    await workspace.close();
  }
}

/** Of a chunk whose values have partitions of their own, what differs from what stands: the other partitions stay. */
async function onlyChanged(
  increment: string,
  files: readonly NewFile[],
  changed: Values
): Promise<StagedChunk | undefined> {
  const isChanged = ({partitionValues}: NewFile) => changed.includes(partitionValues[increment] ?? "");
  await discardFiles(files.filter((file) => !isChanged(file)).map(({file}) => file));
  return changed.length > 0 ? {values: changed, files: files.filter(isChanged), changed} : undefined;
}

/**
 * Stages the rows of a chunk's values. The inputs mostly are cut to them already, and then so is the result: it is
 * only cut again where the files turn out to hold more, as a filter would reach the scans once more, and the
 * optimizer expect a fifth of the rows that there are.
 */
async function stageValues(
  {connection}: Workspace,
  {catalog, model, columns}: Draft,
  {values}: Chunk,
  sql: string
): Promise<NewFile[]> {
  const texts = Object.keys(model.dictionary);
  const stage = {root: catalog.root(model.name), columns, partitionColumns: model.partition, texts};
  if (values === undefined) return stageRows(connection, sql, stage);
  const column = model.increment!;
  const only = holdsOneOf({column, values}, typeOf(columns, column));
  if (driversOf(catalog, model).length > 0 && !isInPartitions(model) && !model.lookback && !model.around) {
    const files = await stageRows(connection, sql, stage);
    if (allHoldOneOf(stage, files, column, values)) return files;
    // Bounds with a gap between the values prove nothing: the column itself does.
    const others = await connection.rows(
      `SELECT 1 FROM (${rowsOfFiles(columns, model.partition, files)}) WHERE (${only}) IS NOT TRUE LIMIT 1`
    );
    if (others.length === 0) return files;
    await discardFiles(files.map(({file}) => file));
  }
  return stageRows(connection, `SELECT * FROM (${sql}) WHERE ${only}`, stage);
}

function rowsIn(files: readonly NewFile[]): number {
  return files.reduce((sum, {numRecords}) => sum + numRecords, 0);
}

function typeOf(columns: readonly Column[], name: string): string {
  return columns.find((column) => column.name === name)!.type;
}

async function discard(staged: readonly StagedChunk[]): Promise<void> {
  await discardFiles(staged.flatMap(({files}) => files.map(({file}) => file)));
}

/** Runs the work with as many at a time as there are cores: one statement alone leaves some of them idle. */
async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = [...items.entries()];
  const workers = Array.from({length: Math.min(availableParallelism(), queue.length)}, async () => {
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next[1], next[0]);
    } catch (error) {
      queue.length = 0;
      throw error;
    }
  });
  const results = await Promise.allSettled(workers);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
