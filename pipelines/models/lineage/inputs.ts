/**
 * How a column is used, as OpenLineage's facet of column lineage (1-2-0) tells it. Direct: its values come out as they
 * are, changed, or many in one. Indirect: they only bear on which rows or values come out.
 */
export type Use = (typeof directUses)[number] | (typeof indirectUses)[number];

/** From the least change to the most. */
export const directUses = ["identity", "transformation", "aggregation"] as const;

export const indirectUses = ["join", "group_by", "filter", "sort", "window", "conditional"] as const;

/** A column of an input table, and one use of it. */
export interface Input {
  readonly table: string;
  readonly column: string;
  readonly use: Use;
}

export function isDirect(use: Use): boolean {
  return (directUses as readonly Use[]).includes(use);
}

/** What becomes of inputs whose values are used once more: what is indirect once stays so. */
export function through(inputs: readonly Input[], use: Use): Input[] {
  return inputs.map((input) => ({...input, use: after(input.use, use)}));
}

function after(inner: Use, outer: Use): Use {
  if (!isDirect(outer)) return outer;
  if (!isDirect(inner)) return inner;
  const rank = (use: Use) => (directUses as readonly Use[]).indexOf(use);
  return rank(inner) > rank(outer) ? inner : outer;
}

/** All of them, each once. */
export function union(...lists: readonly (readonly Input[])[]): Input[] {
  const found = new Map<string, Input>();
  for (const input of lists.flat()) found.set(`${input.table} ${input.column} ${input.use}`, input);
  return [...found.values()];
}
