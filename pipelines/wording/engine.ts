/** A fault that DuckDB reports, taken apart. */
export interface EngineFault {
  /** What DuckDB calls its kind: `Binder`, `Invalid Input`. */
  readonly kind: string;
  /** All that it says, without the kind and without the statement. */
  readonly text: string;
  /** Where in the statement it is, as DuckDB shows it; none where it doesn't. */
  readonly place?: ShownPlace;
}

/** A piece of a statement's line that DuckDB shows, with a caret below it. */
interface ShownPlace {
  /** From 1. */
  readonly line: number;
  /** The piece, perhaps cut off at both ends. */
  readonly shown: string;
  /** How far into the piece the caret stands. */
  readonly offset: number;
}

const kinds = /^((?:[A-Z][A-Za-z]*)(?: [A-Za-z]+){0,3}) Error: /;
const shownPlace = /\n+LINE (\d+): (.*)\n( *)\^/;

/** Takes a fault of DuckDB apart; undefined for any other error. */
export function engineFault(error: unknown): EngineFault | undefined {
  const message = messageOf(error);
  const [prefix, kind] = kinds.exec(message) ?? [];
  if (prefix === undefined) return undefined;
  const [, line, shown, spaces] = shownPlace.exec(message) ?? [];
  const text = message
    .slice(prefix.length)
    .split(/\n+LINE \d+: /)[0]!
    .trim();
  if (line === undefined) return {kind: kind!, text};
  const offset = spaces!.length - `LINE ${line}: `.length;
  return {kind: kind!, text, place: {line: Number(line), shown: shown!, offset}};
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Names of types as DuckDB's casts have them, and as SQL has them. */
const sqlTypes: Readonly<Record<string, string>> = {
  BOOL: "BOOLEAN",
  INT8: "TINYINT",
  INT16: "SMALLINT",
  INT32: "INTEGER",
  INT64: "BIGINT",
  INT128: "HUGEINT",
  UINT8: "UTINYINT",
  UINT16: "USMALLINT",
  UINT32: "UINTEGER",
  UINT64: "UBIGINT",
  INTEGER_LITERAL: "INTEGER",
  STRING_LITERAL: "VARCHAR"
};

/** A type's name as SQL has it: `INTEGER` for `INT32`. */
export function sqlType(name: string): string {
  return sqlTypes[name] ?? name;
}
