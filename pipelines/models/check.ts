import type {Column} from "../delta/schema.js";
import type {Slice} from "../delta/slice.js";
import {identifier} from "../engines/duckdb.js";
import {openWorkspace, quoteName, type Workspace} from "../engines/workspace.js";
import type {Catalog} from "./catalog.js";
import type {Check, Model} from "./model.js";
import {parse} from "./parse.js";
import {referencesOf} from "./references.js";
import {defineTables} from "./relations.js";

/** A check that found rows it must not find. */
export interface Failure {
  readonly table: string;
  readonly check: string;
  readonly severity: "error" | "warn";
  /** The column at fault, where it is one. */
  readonly column?: string;
  readonly violations: number;
  /** Up to five of the violating rows. */
  readonly examples: readonly Record<string, unknown>[];
}

/**
 * Runs a model's checks on rows of these columns that aren't published yet: its key, then the files in `sql/checks/<table>/`. The
 * other tables that a check reads are cut to the same slice.
 *
 * A file called `key.sql` stands for the check of the key's uniqueness: a model whose rows are unique for a reason
 * that is cheaper to prove than to count proves it there.
 */
export async function checkRows(
  catalog: Catalog,
  model: Model,
  columns: readonly Column[],
  staged: string,
  slice?: Slice
): Promise<Failure[]> {
  const checks = checksOf(model, columns);
  const read = await Promise.all(
    model.checks.map(async ({sql}) => referencesOf(await parse(catalog.database, sql)).tables)
  );
  const failures: Failure[] = [];
  const workspace = await openWorkspace(catalog.database);
  try {
    await defineTables(workspace, catalog, [model.name, ...read.flat()], {
      slice,
      instead: new Map([[model.name, staged]])
    });
    for (const check of checks) {
      const failure = await violationsOf(workspace, check);
      if (failure) failures.push({table: model.name, ...failure});
    }
  } finally {
    await workspace.close();
  }
  return failures;
}

/** The checks that a model's rows have to pass: those of its key, and its files. Known columns make them cheaper. */
export function checksOf(model: Model, columns: readonly Column[] = []): ProvenCheck[] {
  const checks: ProvenCheck[] = [...nullChecks(model), ...model.checks];
  if (model.key.length > 0 && !checks.some(({name}) => name === "key")) checks.push(uniqueCheck(model, columns));
  return checks;
}

async function violationsOf(workspace: Workspace, check: ProvenCheck): Promise<Omit<Failure, "table"> | undefined> {
  if (check.proof) {
    const [{holds}] = (await workspace.connection.rows<{holds: boolean}>(check.proof)) as [{holds: boolean}];
    if (holds) return undefined;
  }
  const rows = await workspace.connection.rows<{violations: bigint; row: string}>(
    `SELECT count(*) OVER () AS violations, to_json(violation)::VARCHAR AS row FROM (${check.sql}) AS violation LIMIT 5`
  );
  if (rows.length === 0) return undefined;
  const {name, severity, column} = check;
  return {
    check: name,
    severity,
    ...(column && {column}),
    violations: Number(rows[0]!.violations),
    examples: rows.map(({row}) => JSON.parse(row))
  };
}

function nullChecks(model: Model): Check[] {
  if (model.key.length === 0) return [];
  const isNull = model.key.map((column) => `${identifier(column)} IS NULL`).join(" OR ");
  return [
    {
      name: "key_not_null",
      description: "No part of the key is null.",
      severity: "error",
      column: model.key.join(", "),
      sql: `SELECT ${model.key.map(identifier).join(", ")} FROM ${quoteName(model.name)} WHERE ${isNull}`,
      file: model.file,
      line: 1
    }
  ];
}

/** A check with a cheaper question before it: where that `holds`, no row can violate the check. */
interface ProvenCheck extends Check {
  readonly proof?: string;
}

function uniqueCheck(model: Model, columns: readonly Column[]): ProvenCheck {
  const key = model.key.map(identifier).join(", ");
  return {
    name: "key",
    description: "No key stands twice.",
    severity: "error",
    column: model.key.join(", "),
    sql: `SELECT ${key}, count(*) AS row_count FROM ${quoteName(model.name)} GROUP BY ${key} HAVING count(*) > 1`,
    proof: proofOf(model, columns),
    file: model.file,
    line: 1
  };
}

/**
 * Keys whose hashes all differ all differ, and numbers are counted three times as fast as texts. Where the key ends in
 * a whole number or a date, whose values mostly follow each other, sixty of them are counted at once, by a bit for
 * each: as many bits as rows, and no two rows share one. A NULL has none.
 */
function proofOf({key, name}: Model, columns: readonly Column[]): string {
  const table = quoteName(name);
  const last = identifier(key.at(-1)!);
  const type = columns.find((column) => column.name === key.at(-1))?.type ?? "";
  if (!/^(DATE|INTEGER|BIGINT)$/.test(type)) {
    return `SELECT count(*) = count(DISTINCT hash(${key.map(identifier).join(", ")})) AS holds FROM ${table}`;
  }
  const number = type === "DATE" ? `${last} - DATE '1970-01-01'` : last;
  const others = key.slice(0, -1).map(identifier);
  return `SELECT coalesce(sum(told) = sum(coalesce(bit_count(bits), 0)), true) AS holds
          FROM (
            SELECT count(*) AS told, bit_or(1::BIGINT << CAST(abs(number % 60) AS INTEGER)) AS bits
            FROM (SELECT ${number} AS number, ${others.length > 0 ? `hash(${others.join(", ")})` : "0"} AS others FROM ${table})
            GROUP BY others, number // 60
          )`;
}
