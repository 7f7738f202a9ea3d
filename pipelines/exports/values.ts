import {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  type DuckDBResult,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue
} from "@duckdb/node-api";

/** A value as notebooks have it: integers and DECIMAL as number, instants as Date, local dates as `2022-03-27`. */
export type Plain = null | boolean | number | string | Date | readonly Plain[] | {readonly [name: string]: Plain};

/** A row of a query, by column name. */
export type Row = {readonly [column: string]: any};

/** All rows of a result as plain objects. */
export async function plainRows(result: DuckDBResult): Promise<Row[]> {
  const names = result.deduplicatedColumnNames();
  const rows: Row[] = [];
  for await (const chunk of result.yieldRows()) {
    for (const values of chunk)
      rows.push(Object.fromEntries(names.map((name, index) => [name, plain(values[index]!)])));
  }
  return rows;
}

function plain(value: DuckDBValue): Plain {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBTimestampTZValue) return new Date(Number(value.micros) / 1000);
  if (isList(value)) return value.items.map(plain);
  if (isWrapped(value)) return plain(value.value);
  if (value instanceof DuckDBStructValue) return mapEntries(Object.entries(value.entries), plain);
  if (value instanceof DuckDBMapValue)
    return mapEntries(
      value.entries.map(({key, value}) => [text(key), value]),
      plain
    );
  return text(value);
}

/** A value as exact JSON: every digit of an integer and a DECIMAL, instants in ISO 8601, UTC. */
export function json(value: DuckDBValue): string {
  if (value === null) return "null";
  if (typeof value === "bigint" || typeof value === "boolean" || value instanceof DuckDBDecimalValue)
    return String(value);
  // JSON has no word for what isn't a finite number.
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
  if (isList(value)) return `[${value.items.map(json).join(",")}]`;
  if (isWrapped(value)) return json(value.value);
  const entries =
    value instanceof DuckDBStructValue
      ? Object.entries(value.entries)
      : value instanceof DuckDBMapValue
        ? value.entries.map(({key, value}): [string, DuckDBValue] => [text(key), value])
        : undefined;
  if (entries) return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${json(entry)}`).join(",")}}`;
  return JSON.stringify(text(value));
}

/** A row as a JSON object, by the names of its columns. */
export function jsonObject(names: readonly string[], row: readonly DuckDBValue[]): string {
  return `{${row.map((value, index) => `${JSON.stringify(names[index])}:${json(value)}`).join(",")}}`;
}

/** A value as text for a cell; what is nested as JSON. */
export function text(value: DuckDBValue): string {
  if (typeof value === "string") return value;
  if (value instanceof DuckDBTimestampTZValue) return instant(value.micros);
  if (value instanceof DuckDBDateValue) return value.isFinite ? String(value) : infinity(value.days);
  if (isList(value) || value instanceof DuckDBStructValue || value instanceof DuckDBMapValue) return json(value);
  if (isWrapped(value)) return text(value.value);
  return String(value);
}

function isList(value: DuckDBValue): value is DuckDBListValue | DuckDBArrayValue {
  return value instanceof DuckDBListValue || value instanceof DuckDBArrayValue;
}

/** Whether a value is one of several types, of which it says no more than its value. */
function isWrapped(value: DuckDBValue): value is DuckDBUnionValue | DuckDBVariantValue {
  return value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue;
}

/** The instants of the years 1 to 9999, in microseconds since 1970. */
const firstInstant = -62_135_596_800_000_000n;
const afterInstants = 253_402_300_800_000_000n;

/**
 * Microseconds since 1970 as `2022-03-27T01:00:00Z`, with as much of a second's fraction as there is. ISO 8601 writes
 * years of four digits only: others are as DuckDB writes them, `infinity` among them.
 */
function instant(micros: bigint): string {
  if (micros < firstInstant || micros >= afterInstants) {
    const wall = new DuckDBTimestampValue(micros);
    return wall.isFinite ? outOfIso(String(wall)) : infinity(micros);
  }
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const second = new Date(Number((micros - fraction) / 1000n)).toISOString().replace(".000Z", "");
  const digits = String(fraction).padStart(6, "0");
  if (fraction === 0n) return `${second}Z`;
  return `${second}.${digits.endsWith("000") ? digits.slice(0, 3) : digits}Z`;
}

/** DuckDB has the zone before the era: `0044-03-15 12:00:00+00 (BC)`. */
function outOfIso(wall: string): string {
  return wall.endsWith(" (BC)") ? `${wall.slice(0, -" (BC)".length)}+00 (BC)` : `${wall}+00`;
}

function infinity(sign: number | bigint): string {
  return sign > 0 ? "infinity" : "-infinity";
}

function mapEntries(
  entries: Iterable<[string, DuckDBValue]>,
  value: (value: DuckDBValue) => Plain
): {[name: string]: Plain} {
  return Object.fromEntries([...entries].map(([name, entry]) => [name, value(entry)]));
}
