import type {Node} from "../tree.js";
import {type Input, through, union} from "./inputs.js";

/** A column of a relation or a query, and what it is made from. */
export interface Column {
  readonly name: string;
  readonly inputs: readonly Input[];
}

/** What a query gives. */
export interface Rows {
  readonly columns: readonly Column[];
  /** What decides which rows there are. */
  readonly deciding: readonly Input[];
}

/** One thing that a FROM clause names. */
export interface Relation {
  /** Its names in lower case: its alias, or its table's name with and without the schema. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  /** Of a table function whose columns aren't known by name: what each of them is made from. */
  readonly others?: readonly Input[];
}

/** A FROM clause: what it names, and which of the names are one column by USING. */
export interface From {
  readonly relations: readonly Relation[];
  /** By lower-case name. */
  readonly merged: ReadonlyMap<string, Column>;
  readonly deciding: readonly Input[];
}

export const nothingRead: From = {relations: [], merged: new Map(), deciding: []};

/** What names mean at one place of a query. */
export interface Scope {
  readonly from: From;
  /** By lower-case name, common table expressions. */
  readonly tables: ReadonlyMap<string, Rows>;
  /** By lower-case name, other columns of the same select list; they come after those of the FROM clause. */
  readonly aliases?: ReadonlyMap<string, () => readonly Input[]>;
  /** Whether aliases come first, as they do in ORDER BY. */
  readonly aliasesFirst?: boolean;
  /** Names that a lambda gives to elements of an array, in lower case. */
  readonly elements?: ReadonlySet<string>;
  readonly outer?: Scope;
}

/** A scope for a query inside a place. */
export function inside(scope: Scope): Scope {
  return {from: nothingRead, tables: scope.tables, outer: scope};
}

/**
 * What a name is made from: `x`, `table.x`, `schema.table.x`, and each of them with fields of a struct behind.
 *
 * @throws Error when nothing in scope has that name.
 */
export function resolve(names: readonly string[], scope: Scope): readonly Input[] {
  for (let place: Scope | undefined = scope; place; place = place.outer) {
    const found = resolveHere(
      names.map((name) => name.toLowerCase()),
      place
    );
    if (found) return found;
  }
  throw new Error(`column not found: ${names.join(".")}`);
}

function resolveHere(names: readonly string[], scope: Scope): readonly Input[] | undefined {
  const [first] = names as [string];
  if (scope.elements?.has(first)) return [];
  const alias = names.length === 1 ? scope.aliases?.get(first) : undefined;
  if (alias && scope.aliasesFirst) return alias();
  for (let qualifiers = names.length - 1; qualifiers > 0; qualifiers--) {
    const relation = relationNamed(scope.from, names.slice(0, qualifiers).join("."));
    const column = relation && columnOf(relation, names[qualifiers]!);
    if (column) return fields(column, names.length - qualifiers - 1);
  }
  const column = findColumn(scope.from, first);
  if (column) return fields(column, names.length - 1);
  if (alias) return alias();
  const row = relationNamed(scope.from, names.join("."));
  return row && through(union(...row.columns.map(({inputs}) => inputs), row.others ?? []), "transformation");
}

function fields({inputs}: Column, count: number): readonly Input[] {
  return count === 0 ? inputs : through(inputs, "transformation");
}

function relationNamed({relations}: From, name: string): Relation | undefined {
  return relations.find(({names}) => names.includes(name));
}

function columnOf({columns, others}: Relation, name: string): Column | undefined {
  return columns.find((column) => column.name.toLowerCase() === name) ?? (others && {name, inputs: others});
}

/** A column of a FROM clause by its name alone, in lower case. */
export function findColumn({relations, merged}: From, name: string): Column | undefined {
  const found = merged.get(name);
  if (found) return found;
  const known = relations.flatMap(({columns}) => columns).find((column) => column.name.toLowerCase() === name);
  if (known) return known;
  const open = relations.find(({others}) => others);
  return open && {name, inputs: open.others!};
}

/**
 * The columns that `*` or `table.*` stands for, those of USING once, with its EXCLUDE, REPLACE and RENAME.
 *
 * @throws Error when they can't be known from the text and the tables.
 */
export function starColumns(star: Node, {from}: Scope, inputsOf: (expression: Node) => readonly Input[]): Column[] {
  if (star.columns) throw new Error("column lineage doesn't follow COLUMNS: list the columns");
  const own = star.relation_name && relationNamed(from, star.relation_name.toLowerCase());
  if (star.relation_name && !own) throw new Error(`table not found: ${star.relation_name}`);
  const relations: readonly Relation[] = own ? [own] : from.relations;
  const open = relations.find(({others}) => others);
  if (open) throw new Error(`column lineage can't know the columns of ${open.names[0]}: list them`);
  const excluded = new Set<string>((star.exclude_list ?? []).map((name: string) => name.toLowerCase()));
  const replaced = new Map<string, Node>(pairs(star.replace_list));
  const renamed = new Map<string, string>(pairs(star.rename_list));
  const columns: Column[] = [];
  const merged = new Set<string>();
  for (const column of relations.flatMap((relation) => relation.columns)) {
    const name = column.name.toLowerCase();
    const shared = star.relation_name ? undefined : from.merged.get(name);
    if (excluded.has(name) || merged.has(name)) continue;
    if (shared) merged.add(name);
    const replacement = replaced.get(name);
    const inputs = replacement ? inputsOf(replacement) : (shared ?? column).inputs;
    columns.push({name: renamed.get(name) ?? column.name, inputs});
  }
  return columns;
}

function pairs<T>(list: readonly {key: any; value: T}[] = []): [string, T][] {
  return list.map(({key, value}) => [String(key.column ?? key).toLowerCase(), value]);
}
