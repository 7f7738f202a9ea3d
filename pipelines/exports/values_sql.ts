import {type DuckDBType, DuckDBTypeId} from "@duckdb/node-api";
import {literal} from "../engines/duckdb.js";

/** An SQL expression for what `text` makes of a value: DuckDB writes a table's cells much faster than JavaScript. */
export function textSql(value: string, type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return value;
    case DuckDBTypeId.TIMESTAMP_TZ:
      return instantSql(value);
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return `CASE WHEN isnan(${value}) THEN 'NaN' WHEN isinf(${value}) THEN if(${value} > 0, 'Infinity', '-Infinity') ELSE CAST(${value} AS VARCHAR) END`;
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
      return jsonSql(value, type);
    default:
      return `CAST(${value} AS VARCHAR)`;
  }
}

/**
 * An SQL expression for what `json` makes of a value, but NULL for NULL. DuckDB's own `to_json` writes instants in
 * its own way, and NaN, which no reader of JSON takes.
 */
export function jsonSql(value: string, type: DuckDBType, depth = 0): string {
  // A lambda inside another one needs a name of its own.
  const item = `item_${depth}`;
  const inside = (inner: string, innerType: DuckDBType) => `coalesce(${jsonSql(inner, innerType, depth + 1)}, 'null')`;
  const joined = (list: string, each: string) =>
    `array_to_string(list_transform(${list}, lambda ${item}: ${each}), ',')`;
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
    case DuckDBTypeId.DECIMAL:
      return `CAST(${value} AS VARCHAR)`;
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return `if(isfinite(${value}), CAST(${value} AS VARCHAR), '"' || ${textSql(value, type)} || '"')`;
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return `'[' || ${joined(value, inside(item, type.valueType))} || ']'`;
    case DuckDBTypeId.MAP: {
      const key = `CAST(to_json(${textSql(`${item}.key`, type.keyType)}) AS VARCHAR)`;
      const entry = `${key} || ':' || ${inside(`${item}.value`, type.valueType)}`;
      return `'{' || ${joined(`map_entries(${value})`, entry)} || '}'`;
    }
    case DuckDBTypeId.STRUCT: {
      const entries = type.entryNames.map((name, index) => {
        const entry = inside(`struct_extract(${value}, ${literal(name)})`, type.entryTypes[index]!);
        return `${literal(`${JSON.stringify(name)}:`)} || ${entry}`;
      });
      return `CASE WHEN ${value} IS NOT NULL THEN '{' || ${entries.join(" || ',' || ")} || '}' END`;
    }
    default:
      return `CAST(to_json(${textSql(value, type)}) AS VARCHAR)`;
  }
}

function instantSql(instant: string): string {
  const local = `timezone('UTC', ${instant})`;
  return `CASE
    WHEN ${instant} < TIMESTAMPTZ '0001-01-01 00:00:00+00' OR ${instant} >= TIMESTAMPTZ '10000-01-01 00:00:00+00'
      THEN CAST(${instant} AS VARCHAR)
    WHEN epoch_us(${instant}) % 1000000 = 0 THEN strftime(${local}, '%Y-%m-%dT%H:%M:%SZ')
    WHEN epoch_us(${instant}) % 1000 = 0 THEN strftime(${local}, '%Y-%m-%dT%H:%M:%S.%gZ')
    ELSE strftime(${local}, '%Y-%m-%dT%H:%M:%S.%fZ')
  END`;
}
