import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {quoteName} from "../engines/workspace.js";

/**
 * Writes a table to a CSV file: RFC 4180, UTF-8, instants in ISO 8601. Text that a spreadsheet would take for a
 * formula gets an apostrophe before it, which says that it is text; numbers stay numbers.
 */
export async function writeCsv(connection: Connection, table: string, file: string): Promise<void> {
  const columns = await connection.rows<{column_name: string; column_type: string}>(`DESCRIBE ${quoteName(table)}`);
  const cells = columns.map(
    ({column_name, column_type}) => `coalesce(${cell(identifier(column_name), column_type)}, '')`
  );
  const header = columns.map(({column_name}) => csvText(literal(column_name)));
  // Each line is made whole by the query: DuckDB's own CSV ends lines with a newline alone, where the RFC wants two.
  await connection.run(
    `COPY (SELECT concat_ws(',', ${header.join(", ")}) || chr(13) AS line
           UNION ALL SELECT concat_ws(',', ${cells.join(", ")}) || chr(13) FROM ${quoteName(table)})
     TO ${literal(file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\x01')`.replace("\\x01", "\u0001")
  );
}

function cell(column: string, type: string): string {
  if (type === "VARCHAR") return csvText(column);
  if (type === "TIMESTAMP WITH TIME ZONE") {
    return `regexp_replace(strftime(${column}, '%Y-%m-%dT%H:%M:%S.%f'), '(\\.000)?000$', '') || 'Z'`;
  }
  if (/\[\]$|^(STRUCT|MAP)\(/.test(type)) return quoted(`CAST(to_json(${column}) AS VARCHAR)`);
  return `CAST(${column} AS VARCHAR)`;
}

/** An empty text in quotes, so that it isn't NULL. */
function csvText(text: string): string {
  const safe = `CASE WHEN regexp_matches(${text}, '^[=+\\-@\\t\\r]') THEN '''' || ${text} ELSE ${text} END`;
  return `CASE WHEN ${text} = '' THEN '""' ELSE ${quoted(safe)} END`;
}

function quoted(text: string): string {
  return `CASE WHEN regexp_matches(${text}, '[",\\r\\n]') THEN '"' || replace(${text}, '"', '""') || '"' ELSE ${text} END`;
}
