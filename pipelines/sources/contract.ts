/** The columns that a Bronze model asks of its files: by name, their DuckDB types. */
export interface Contract {
  readonly required: ReadonlyMap<string, string>;
  readonly optional: ReadonlyMap<string, string>;
  /** Optional columns of which there is at least one. */
  readonly oneOf?: readonly string[];
}

/** Reads `client_id VARCHAR, value DECIMAL(18,6)` as a header has it; an odd name in quotes, as SQL has it: `"P+" VARCHAR`. */
export function parseColumns(text: string | undefined): ReadonlyMap<string, string> {
  const columns = [...(text ?? "").matchAll(/\s*(?:"([^"]+)"|(\w+))\s+((?:[^,(]|\([^)]*\))+)\s*(?:,|$)/g)];
  return new Map(columns.map(([, quoted, plain, type]) => [quoted ?? plain!, type!.trim()]));
}

/** Why a file with these columns doesn't meet the contract, as one sentence; undefined when it does. */
export function breach(
  {required, optional, oneOf = []}: Contract,
  columns: ReadonlyMap<string, string>
): string | undefined {
  const faults: string[] = [];
  for (const [name, type] of [...required, ...optional]) {
    const found = columns.get(name);
    if (found === undefined) {
      if (required.has(name)) faults.push(`column ${name} is missing`);
    } else if (!widens(found, type)) faults.push(`column ${name} is ${found}, not ${type}`);
  }
  if (oneOf.length > 0 && !oneOf.some((name) => columns.has(name)))
    faults.push(`a column ${oneOf.join(" or ")} is missing`);
  return faults.length > 0 ? faults.join("; ") : undefined;
}

const integers = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"];
const unsigned = ["UTINYINT", "USMALLINT", "UINTEGER"];

/** Whether every value of one type is a value of the other. */
function widens(from: string, to: string): boolean {
  if (from === to) return true;
  if (from.endsWith("[]") && to.endsWith("[]")) return widens(from.slice(0, -2), to.slice(0, -2));
  if (integers.includes(to))
    return integers.indexOf(from) >= 0
      ? integers.indexOf(from) <= integers.indexOf(to)
      : unsigned.indexOf(from) >= 0 && unsigned.indexOf(from) < integers.indexOf(to);
  if (to === "DOUBLE") return from === "FLOAT";
  const [decimalFrom, decimalTo] = [from, to].map((type) =>
    /^DECIMAL\((\d+),(\d+)\)$/.exec(type)?.slice(1).map(Number)
  );
  if (decimalFrom && decimalTo)
    return decimalFrom[1]! <= decimalTo[1]! && decimalFrom[0]! - decimalFrom[1]! <= decimalTo[0]! - decimalTo[1]!;
  return false;
}
