import {type Catalog, isView} from "./catalog.js";
import {type ColumnLineage, columnLineage, grouped, type UsedColumn} from "./column_lineage.js";
import {through} from "./lineage/inputs.js";

/**
 * Finds where the columns of a model come from as a lake's tables are now, down to stored tables: views are seen
 * through, to what they read.
 */
export async function storedLineage(catalog: Catalog, name: string): Promise<ColumnLineage> {
  const views = new Map<string, ColumnLineage>();
  const columns = new Map<string, readonly string[]>();
  for (const input of catalog.inputs.get(name) ?? []) {
    if (isView(catalog, input)) {
      const view = await storedLineage(catalog, input);
      views.set(input, view);
      columns.set(
        input,
        view.columns.map((column) => column.name)
      );
    } else {
      const snapshot = await catalog.snapshot(input);
      columns.set(input, snapshot?.columns.map((column) => column.name) ?? []);
    }
  }
  const own = await columnLineage(catalog.database, catalog.models.get(name)!.sql, columns);
  if (views.size === 0) return own;
  const seeThrough = (used: readonly UsedColumn[]) => grouped(used.flatMap((each) => inputsOf(each, views)));
  const deciding = [...views.values()].flatMap((view) => view.rows);
  return {
    columns: own.columns.map(({name, inputs}) => ({name, inputs: seeThrough(inputs)})),
    rows: seeThrough([...own.rows, ...deciding])
  };
}

/** A column used, one entry a use; that of a view as what the view makes it from. */
function inputsOf({table, column, uses}: UsedColumn, views: ReadonlyMap<string, ColumnLineage>) {
  const view = views.get(table);
  if (!view) return uses.map((use) => ({table, column, use}));
  const within = view.columns.find(({name}) => name === column)?.inputs ?? [];
  const inner = within.flatMap((input) => input.uses.map((use) => ({table: input.table, column: input.column, use})));
  return uses.flatMap((use) => through(inner, use));
}
