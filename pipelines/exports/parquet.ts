import {type DuckDBType, DuckDBTypeId} from "@duckdb/node-api";
import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {quoteName} from "../engines/workspace.js";
import {typedColumns} from "./columns.js";

/**
 * Writes a table to one plain Parquet file: no Delta is needed to read it.
 *
 * @throws Error of DuckDB's for a HUGEINT of 39 digits, which no Parquet type holds exactly
 */
export async function writeParquet(connection: Connection, table: string, file: string): Promise<void> {
  const columns = (await typedColumns(connection, table)).map(({name, type}) => {
    const exact = exactType(type);
    const column = identifier(name);
    return exact === type.toString() ? column : `CAST(${column} AS ${exact}) AS ${column}`;
  });
  await connection.run(
    `COPY (SELECT ${columns.join(", ")} FROM ${quoteName(table)})
     TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`
  );
}

/** The type with DECIMAL(38, 0) for HUGEINT, which Parquet lacks and DuckDB would write as DOUBLE. */
function exactType(type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return "DECIMAL(38, 0)";
    case DuckDBTypeId.LIST:
      return `${exactType(type.valueType)}[]`;
    case DuckDBTypeId.ARRAY:
      return `${exactType(type.valueType)}[${type.length}]`;
    case DuckDBTypeId.MAP:
      return `MAP(${exactType(type.keyType)}, ${exactType(type.valueType)})`;
    case DuckDBTypeId.STRUCT: {
      const entries = type.entryNames.map((name, index) => `${identifier(name)} ${exactType(type.entryTypes[index]!)}`);
      return `STRUCT(${entries.join(", ")})`;
    }
    default:
      return type.toString();
  }
}
