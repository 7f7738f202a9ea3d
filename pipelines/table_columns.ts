import type {Column} from "./delta/schema.js";
import {type Connection, identifier} from "./engines/duckdb.js";
import {openWorkspace} from "./engines/workspace.js";
import {checkFailureTable} from "./models/check_failure.js";
import {type ColumnLineage, columnLineage} from "./models/column_lineage.js";
import {erasureTable} from "./models/erasure_record.js";
import type {Project} from "./models/project.js";
import type {ProgramTable} from "./models/rows.js";
import {runRecordTable} from "./models/run_record.js";
import {fileAccountTable, recordRejectTable} from "./sources/file_account.js";
import {fileRejectTable} from "./sources/file_reject.js";
import {defineEmptyLanding} from "./sources/landing_rows.js";
import {sourceTable} from "./sources/settings.js";
import {queryFault} from "./wording/query.js";

/** The tables that the program writes, no model. */
export const programTables: readonly ProgramTable[] = [
  sourceTable,
  fileRejectTable,
  fileAccountTable,
  recordRejectTable,
  checkFailureTable,
  runRecordTable,
  erasureTable
];

/** The columns of a table, and where they come from; a table of the program's own comes from none. */
export interface TableColumns {
  readonly columns: readonly Column[];
  readonly lineage?: ColumnLineage;
}

/**
 * Finds the columns of every table that a project can build, with their types and their lineage, from its SQL alone:
 * no lake need be there. Bronze tables come from `landing`, the columns of their files.
 *
 * @throws Error naming the model whose SELECT doesn't fit the tables it reads.
 */
export async function tableColumns(
  database: Connection,
  project: Pick<Project, "models">
): Promise<ReadonlyMap<string, TableColumns>> {
  const found = new Map<string, TableColumns>();
  const workspace = await openWorkspace(database);
  const describe = async (select: string): Promise<Column[]> => {
    const rows = await workspace.connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${select}`);
    return rows.map(({column_name, column_type}) => ({name: column_name, type: column_type}));
  };
  const names = new Map<string, readonly string[]>();
  const keep = async (table: string, columns: readonly Column[], lineage?: ColumnLineage) => {
    found.set(table, {columns, ...(lineage && {lineage})});
    names.set(table, namesOf(columns));
    const empty = columns.map(({name, type}) => `CAST(NULL AS ${type}) AS ${identifier(name)}`);
    await workspace.define(table, `SELECT ${empty.join(", ")} WHERE false`);
  };
  try {
    for (const {table, shape} of programTables)
      await keep(
        table,
        Object.entries(shape).map(([name, type]) => ({name, type}))
      );
    for (const model of project.models) {
      try {
        const isBronze = model.name.startsWith("bronze.");
        if (isBronze) await defineEmptyLanding(workspace, model);
        const read = isBronze ? new Map([["landing", namesOf(await describe("landing"))]]) : names;
        await keep(model.name, await describe(model.sql), await columnLineage(database, model.sql, read));
      } catch (error) {
        throw new Error(`${model.name}: ${queryFault(error, {sql: model.sql})}`);
      }
    }
  } finally {
    await workspace.close();
  }
  return found;
}

function namesOf(columns: readonly Column[]): string[] {
  return columns.map(({name}) => name);
}
