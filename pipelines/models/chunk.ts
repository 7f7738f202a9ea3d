import {filesWhere} from "../delta/scan.js";
import type {Column} from "../delta/schema.js";
import {distinct, type Values} from "../delta/slice.js";
import {type Catalog, storedInputs} from "./catalog.js";
import {incrementValues, standingValues} from "./increment.js";
import type {Model} from "./model.js";
import type {Plan} from "./plan.js";
import {partitionOf, widened} from "./values.js";

/** A part that is small enough for memory: one partition, where the increment tells it. */
export interface Chunk {
  /** Values of the increment column; undefined for all rows of a table that has none. */
  readonly values?: Values;
  readonly partition?: string;
}

/** The chunks of what a plan says to build, of a table that stands so, if anything of it can stay, and its columns. */
export async function chunksOf(
  catalog: Catalog,
  model: Model,
  columns: readonly Column[],
  stays: boolean,
  {scope}: Plan
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
  const partitions = new Map<string | undefined, string[]>();
  for (const value of values) {
    const partition = partitionOf(
      value,
      increment,
      model.partition,
      columns.find(({name}) => name === increment)!.type
    );
    partitions.set(partition, [...(partitions.get(partition) ?? []), value]);
  }
  if (partitions.size > 1 && (await inputRows(catalog, model, increment, values)) <= fewRows) return [{values}];
  return [...partitions].map(([partition, values]) => ({values, ...(partition !== undefined && {partition})}));
}

/** So many rows of a table's inputs are read at once, however many partitions they come out in. */
const fewRows = 50_000;

/** The inputs that have the same increment as a model. */
export function driversOf(catalog: Catalog, {name, increment}: Model): string[] {
  return storedInputs(catalog, name).filter((input) => catalog.models.get(input)?.increment === increment);
}

/** The most rows of some values in the inputs that have the same increment as a model; in all of them where none has. */
async function inputRows(catalog: Catalog, model: Model, increment: string, values: Values): Promise<number> {
  const drivers = driversOf(catalog, model);
  let rows = 0;
  for (const input of drivers.length > 0 ? drivers : storedInputs(catalog, model.name)) {
    const snapshot = (await catalog.snapshot(input))!;
    for (const {numRecords = Infinity} of filesWhere(snapshot, increment, values)) rows += numRecords;
  }
  return rows;
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
