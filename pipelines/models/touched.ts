import {distinct, type Values} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import {openWorkspace, type Workspace} from "../engines/workspace.js";
import {type Catalog, isView, storedInputs} from "./catalog.js";
import {type Change, changeOf, type TableVersion, versionOf} from "./change.js";
import type {Model} from "./model.js";
import {isMonotone} from "./monotone.js";
import {once} from "./once.js";
import {parse} from "./parse.js";
import {referencesOf} from "./references.js";
import {defineTables, rowsOf, withoutRows} from "./relations.js";

/** What a model has to rebuild since it last agreed with its inputs, and why. */
export type Touched =
  | {readonly kind: "nothing"}
  | {readonly kind: "all"; readonly reason: string}
  | {readonly kind: "values"; readonly values: Values; readonly reason: string};

/**
 * Learns from the data which values of a model's increment column the changes of its inputs touch.
 *
 * Of five ways the first that is sound for the model and the input is taken: the values that the input's commits
 * name, where it has the same increment; those of the changed files, where each has only one, such as a partition or a
 * month; the months in the rows of the values that the input's commits name; the model's own SELECT over only the
 * changed rows, where its parse tree shows that each affected row comes out of them; the values in the changed rows,
 * where the input carries the column. Where none is, everything is touched.
 */
export async function touchedBy(
  catalog: Catalog,
  modelName: string,
  since: ReadonlyMap<string, TableVersion>
): Promise<Touched> {
  const changes = new Map<string, Change>();
  for (const table of storedInputs(catalog, modelName)) {
    const before = since.get(table);
    changes.set(
      table,
      before ? await changeOf(catalog, table, before) : {kind: "all", reason: `${table} is a new input`}
    );
  }
  const changed = [...changes].filter(([, change]) => change.kind !== "none");
  if (changed.length === 0) return {kind: "nothing"};
  const {increment} = catalog.models.get(modelName)!;
  const reason = `${changed.map(([table]) => table).join(", ")} changed`;
  for (const [, change] of changed) if (change.kind === "all") return change;
  if (increment === undefined) return {kind: "all", reason};

  const values = await valuesTouched(catalog, modelName, increment, {since, of: changes});
  return values ? {kind: "values", values, reason} : {kind: "all", reason};
}

/** What a model's inputs have done, each since the version that the model last read. */
interface Changes {
  readonly since: ReadonlyMap<string, TableVersion>;
  readonly of: ReadonlyMap<string, Change>;
}

/** The values of the increment in what comes out of a model (or a view it reads) for the changes; undefined for all. */
async function valuesTouched(
  catalog: Catalog,
  modelName: string,
  increment: string,
  {since, of: changes}: Changes
): Promise<Values | undefined> {
  const model = catalog.models.get(modelName)!;
  const touched = new Set<string>();
  for (const input of catalog.inputs.get(modelName) ?? []) {
    if (isView(catalog, input)) {
      if (storedInputs(catalog, input).every((table) => changes.get(table)?.kind === "none")) continue;
      const key = [input, increment, await inputsOf(catalog, input, since)];
      const values = await once(catalog, ["touched", ...key], async () =>
        (await hasColumn(catalog, input, increment))
          ? valuesTouched(catalog, input, increment, {since, of: changes})
          : undefined
      );
      if (!values) return undefined;
      for (const value of values) touched.add(value);
      continue;
    }
    const change = changes.get(input);
    if (change?.kind !== "rows") continue;
    const told = change.touched?.column === increment ? change.touched.values : change.told(increment);
    if (told) {
      for (const value of told) touched.add(value);
      continue;
    }
    const workspace = await openWorkspace(catalog.database);
    try {
      let select: string | undefined;
      if (change.near && (await isText(catalog, input, increment))) select = change.near;
      else if (isMonotone(await parse(catalog.database, model.sql), input, increment)) {
        await defineChange(workspace, catalog, modelName, input, changes);
        select = await readingOf(catalog, model, input);
      } else if ((await catalog.snapshot(input))!.columns.some(({name}) => name === increment)) select = change.changed;
      if (select === undefined) return undefined;
      for (const value of await distinctValues(workspace, select, increment)) touched.add(value);
    } finally {
      await workspace.close();
    }
  }
  return distinct(touched);
}

/**
 * A model's SELECT without those of its files that don't read an input: beside its changed rows they would give all of
 * theirs. The first file names the columns, so it stays, without its rows.
 */
async function readingOf(catalog: Catalog, {sources, sql}: Model, input: string): Promise<string> {
  if (sources.length < 2) return sql;
  const reading: string[] = [];
  for (const source of sources)
    if (referencesOf(await parse(catalog.database, source.sql)).tables.includes(input)) reading.push(source.sql);
  return [`SELECT * FROM (${sources[0]!.sql}\n) WHERE false`, ...reading.map((text) => `(${text}\n)`)].join(
    "\nUNION ALL\n"
  );
}

/**
 * Lets a model's names mean: of the input, its changed rows; of the others, all their rows, those just lost
 * included, since a lost row of one may have met a lost row of another.
 */
async function defineChange(
  workspace: Workspace,
  catalog: Catalog,
  model: string,
  input: string,
  changes: ReadonlyMap<string, Change>
): Promise<void> {
  const instead = new Map<string, string>();
  for (const [table, change] of changes) {
    if (change.kind !== "rows") continue;
    if (table === input) instead.set(table, change.changed);
    else if (change.lost) instead.set(table, `${await rowsOf(catalog, table)} UNION ALL ${change.lost}`);
  }
  const {most} = changes.get(input) as Extract<Change, {kind: "rows"}>;
  // Of few rows, views cost least worked out one after the other: bound one in another, they take longest.
  const hold = most <= mostHeld && ((view: string) => storedInputs(catalog, view).includes(input));
  await defineTables(workspace, catalog, catalog.inputs.get(model) ?? [], {instead, hold});
}

/** Each stored table that a view reads, with the version since which its changes are looked for, and the newest. */
async function inputsOf(catalog: Catalog, view: string, since: Changes["since"]): Promise<unknown[]> {
  const versions: unknown[] = [];
  for (const table of storedInputs(catalog, view)) {
    const standing = await catalog.snapshot(table);
    versions.push([table, since.get(table), standing && versionOf(standing)]);
  }
  return versions;
}

/** So many changed rows may be held, with what each view makes of them. */
const mostHeld = 100_000;

/** Whether a stored table carries a column of texts, such as months. */
async function isText(catalog: Catalog, table: string, column: string): Promise<boolean> {
  return (await catalog.snapshot(table))!.columns.some(({name, type}) => name === column && type === "VARCHAR");
}

async function hasColumn(catalog: Catalog, view: string, column: string): Promise<boolean> {
  const workspace = await openWorkspace(catalog.database);
  try {
    const instead = await withoutRows(catalog, storedInputs(catalog, view));
    await defineTables(workspace, catalog, [view], {instead, hold: () => true});
    const columns = await workspace.connection.rows<{column_name: string}>(`DESCRIBE ${view}`);
    return columns.some(({column_name}) => column_name === column);
  } finally {
    await workspace.close();
  }
}

/** The distinct values of a column in what a SELECT gives, as text. */
export async function distinctValues(workspace: Workspace, select: string, column: string): Promise<Values> {
  const rows = await workspace.connection.rows<{value: string}>(
    `SELECT CAST(value AS VARCHAR) AS value FROM (SELECT DISTINCT ${identifier(column)} AS value FROM (${select}))`
  );
  return distinct(rows.map(({value}) => value));
}
