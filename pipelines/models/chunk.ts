import {inWholeMonths, monthOf, weightByValue} from "../delta/layout.js";
import {distinct, type Values} from "../delta/slice.js";
import type {Snapshot} from "../delta/snapshot.js";
import {type Catalog, storedInputs} from "./catalog.js";
import {incrementValues, standingValues} from "./increment.js";
import type {Model} from "./model.js";
import type {Plan} from "./plan.js";
import {isLookup} from "./relations.js";
import {widened} from "./values.js";

/** A part of a table that is small enough for memory, and comes to one file: whole months of its increment, or all of it. */
export interface Chunk {
  /** Values of the increment column; undefined for all rows of a table that has none. */
  readonly values?: Values;
}

interface ChunkOptions {
  /** Whether anything of the table that stands can stay. */
  readonly stays: boolean;
  /** How many rows a file should have, about. */
  readonly fileRows: number;
}

/** The chunks of what a plan says to build. */
export async function chunksOf(
  catalog: Catalog,
  model: Model,
  {scope}: Plan,
  {stays, fileRows}: ChunkOptions
): Promise<Chunk[]> {
  const {increment} = model;
  if (increment === undefined) return [{}];
  const values =
    scope === "all"
      ? distinct([
          ...widened(await incrementValues(catalog, model), {around: model.around}, 1),
          ...(stays ? await standingValues(catalog, model.name, increment) : [])
        ])
      : (scope as Values);
  if (isInPartitions(model)) return runsOf(values, await valuesAtOnce(catalog, model)).map((run) => ({values: run}));
  const weights = await inputWeights(catalog, model, values);
  const weighed = values.map((value) => ({value, month: monthOf(value), weight: weights.get(value) ?? 0}));
  return inWholeMonths(weighed, fileRows).map((group) => ({values: group.map(({value}) => value)}));
}

/** The inputs that have the same increment as a model. */
export function driversOf(catalog: Catalog, {name, increment}: Model): string[] {
  return storedInputs(catalog, name).filter((input) => catalog.models.get(input)?.increment === increment);
}

/**
 * About how many rows each value of a model's increment is made from, by its statistics: those of the largest of the
 * inputs that carry the column and are more than looked into, or of all its inputs where there is none.
 */
async function inputWeights(catalog: Catalog, model: Model, values: Values): Promise<ReadonlyMap<string, number>> {
  const increment = model.increment!;
  const [carriers, snapshots]: [Snapshot[], Snapshot[]] = [[], []];
  for (const input of storedInputs(catalog, model.name)) {
    const snapshot = (await catalog.snapshot(input))!;
    snapshots.push(snapshot);
    const carries = snapshot.columns.some(({name}) => name === increment);
    if (carries && !(await isLookup(catalog, input, {column: increment, values}))) carriers.push(snapshot);
  }
  const most = new Map<string, number>();
  for (const snapshot of carriers.length > 0 ? carriers : snapshots) {
    for (const [value, weight] of weightByValue(snapshot, increment, values))
      most.set(value, Math.max(most.get(value) ?? 0, weight));
  }
  return most;
}

/** Whether each value of the increment has partitions of its own, divided further: a date's sites. */
export function isInPartitions({partition, increment}: Model): boolean {
  return increment !== undefined && partition.length > 1 && partition.includes(increment);
}

/** How many rows a chunk of several values should have, and the most values it may: each has files open at once. */
const [chunkRows, chunkValues] = [1_000_000, 16];

/** How many values of a model's increment come to a chunk, by the rows that its largest input has of a value. */
async function valuesAtOnce(catalog: Catalog, {name, increment}: Model): Promise<number> {
  let most = 1;
  for (const input of storedInputs(catalog, name)) {
    const {columns, files} = (await catalog.snapshot(input))!;
    if (files.length === 0 || !columns.some((column) => column.name === increment)) continue;
    const rows = files.reduce((sum, {numRecords = chunkRows}) => sum + numRecords, 0);
    most = Math.max(most, rows / (await standingValues(catalog, input, increment!)).length);
  }
  return Math.max(1, Math.min(chunkValues, Math.floor(chunkRows / most)));
}

function runsOf(values: Values, length: number): Values[] {
  return Array.from({length: Math.ceil(values.length / length)}, (_, run) =>
    values.slice(run * length, (run + 1) * length)
  );
}
