import {relative} from "node:path";
import type {Connection} from "../engines/duckdb.js";
import {checksOf} from "../models/check.js";
import type {UsedColumn} from "../models/column_lineage.js";
import {byLayer} from "../models/layers.js";
import type {Check, Model} from "../models/model.js";
import {didYouMean} from "../models/near.js";
import type {Project} from "../models/project.js";
import {programSql} from "../models/sql_folders.js";
import {programTables, type TableColumns, tableColumns} from "../table_columns.js";
import {unitOf} from "./unit.js";

/** A table as its model says it is, built or not. */
export interface TableDescription {
  readonly table: string;
  /** Of a view, no row is stored; `written by the program` is no model's. */
  readonly kind: "table" | "view" | "written by the program";
  readonly description: string;
  readonly columns: readonly ColumnDescription[];
  readonly key: readonly string[];
  readonly partition: readonly string[];
  readonly increment?: string;
  readonly lookback?: Model["lookback"];
  readonly around?: Model["around"];
  /** How old its newest row may be. */
  readonly fresh_hours?: number;
  readonly params: Readonly<Record<string, string>>;
  readonly checks: readonly CheckDescription[];
  /** The tables that it reads; `landing` stands for files. */
  readonly made_from: readonly string[];
  /** What decides which rows it has, and bears on every column by that. */
  readonly rows_from: readonly UsedColumn[];
  /** The models that read it. */
  readonly made_into: readonly string[];
  /** Its model's file, or folder. */
  readonly file?: string;
  /** Whose model it is: the program's, or that of the project that uses it. */
  readonly owner?: "wattlake" | "project";
}

export interface ColumnDescription {
  readonly name: string;
  /** DuckDB's. */
  readonly type: string;
  readonly unit?: string;
  readonly from: readonly UsedColumn[];
  /** The columns of other tables that it is used in. */
  readonly into: readonly UsedColumn[];
  /** The tables whose rows it decides, and how. */
  readonly decides: readonly Pick<UsedColumn, "table" | "uses">[];
}

export type CheckDescription = Pick<Check, "name" | "severity" | "description" | "column">;

/** Describes every table there can be, from the project's SQL alone, by layer and name. */
export async function describeTables(database: Connection, project: Project): Promise<TableDescription[]> {
  const columns = await tableColumns(database, project);
  const models = new Map(project.models.map((model) => [model.name, model]));
  const programs = new Map(programTables.map((program) => [program.table, program]));
  return byLayer([...columns.keys()]).map((table) => {
    const {columns: own, lineage} = columns.get(table)!;
    const from = new Map(lineage?.columns.map(({name, inputs}) => [name, inputs]));
    const described = own.map((column) => ({
      ...column,
      ...withUnit(column),
      from: from.get(column.name) ?? [],
      into: usesOf(columns, table, column.name),
      decides: decidedBy(columns, table, column.name)
    }));
    const made = {
      rows_from: lineage?.rows ?? [],
      made_into: byLayer(
        project.models.map(({name}) => name).filter((name) => project.inputs.get(name)!.includes(table))
      )
    };
    const model = models.get(table);
    return model
      ? describeModel(model, {...made, columns: described}, project)
      : {
          table,
          kind: "written by the program",
          description: programs.get(table)!.description,
          ...made,
          columns: described,
          key: [],
          partition: [],
          params: {},
          checks: [],
          made_from: []
        };
  });
}

/** @throws Error naming the tables that are nearest, when none has that name. */
export function described(tables: readonly TableDescription[], name: string): TableDescription {
  const found = tables.find(({table}) => table === name);
  if (found) return found;
  const names = tables.map(({table}) => table);
  throw new Error(`table not found: ${name}${didYouMean(name, names) || `; there are ${names.join(", ")}`}`);
}

function describeModel(
  model: Model,
  made: Pick<TableDescription, "columns" | "rows_from" | "made_into">,
  {inputs}: Project
): TableDescription {
  const {name, description, stored, key, partition, increment, lookback, around, freshHours, params} = model;
  return {
    table: name,
    kind: stored ? "table" : "view",
    description,
    ...made,
    key,
    partition,
    ...(increment && {increment}),
    ...(lookback && {lookback}),
    ...(around && {around}),
    ...(freshHours && {fresh_hours: freshHours}),
    params,
    checks: checksOf(model).map(({name, severity, description, column}) => ({
      name,
      severity,
      description,
      ...(column && {column})
    })),
    made_from: name.startsWith("bronze.") ? ["landing"] : byLayer(inputs.get(name)!),
    file: `sql/${name.replace(".", "/")}${model.file.endsWith(".sql") ? ".sql" : "/"}`,
    owner: relative(programSql, model.file).startsWith("..") ? "project" : "wattlake"
  };
}

function withUnit(column: {readonly name: string; readonly type: string}): {readonly unit?: string} {
  const unit = unitOf(column);
  return unit === undefined ? {} : {unit};
}

type Tables = ReadonlyMap<string, TableColumns>;

function usesOf(tables: Tables, table: string, column: string): UsedColumn[] {
  return byLayer([...tables.keys()]).flatMap((other) =>
    (tables.get(other)!.lineage?.columns ?? []).flatMap(({name, inputs}) =>
      inputs.filter(isColumn(table, column)).map(({uses}) => ({table: other, column: name, uses}))
    )
  );
}

function decidedBy(tables: Tables, table: string, column: string): Pick<UsedColumn, "table" | "uses">[] {
  return byLayer([...tables.keys()]).flatMap((other) =>
    (tables.get(other)!.lineage?.rows ?? []).filter(isColumn(table, column)).map(({uses}) => ({table: other, uses}))
  );
}

function isColumn(table: string, column: string): (used: UsedColumn) => boolean {
  return (used) => used.table === table && used.column === column;
}
