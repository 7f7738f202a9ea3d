import {type DuckDBType, DuckDBTypeId} from "@duckdb/node-api";
import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {quoteName} from "../engines/workspace.js";
import {typedColumns} from "./columns.js";
import {safeText, safeTextSql} from "./formula.js";
import {jsonSql, textSql} from "./values_sql.js";

/**
 * Writes a table to a CSV file: RFC 4180, UTF-8, a header, instants in ISO 8601, lists and structs as JSON. NULL is
 * an empty cell, an empty text is `""`. Text that a spreadsheet would take for a formula gets an apostrophe before
 * it, which says that it is text; numbers stay numbers. Control characters but line ends become U+FFFD.
 */
export async function writeCsv(connection: Connection, table: string, file: string): Promise<void> {
  const columns = await typedColumns(connection, table);
  const cells = columns.map(({name, type}) => `${cell(identifier(name), type)} AS ${identifier(safeText(name))}`);
  await connection.run(
    `COPY (SELECT ${cells.join(", ")} FROM ${quoteName(table)})
     TO ${literal(file)} (FORMAT csv, HEADER, NEW_LINE '\r\n')`
  );
}

function cell(column: string, type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
      return jsonSql(column, type);
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.ENUM:
    case DuckDBTypeId.BLOB:
    case DuckDBTypeId.UNION:
    case DuckDBTypeId.VARIANT:
      return safeTextSql(textSql(column, type));
    default:
      return textSql(column, type);
  }
}
