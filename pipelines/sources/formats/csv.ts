import type {Connection} from "../../engines/duckdb.js";
import {type Dialect, findDialect, isAsked, type TableRule} from "./csv_dialect.js";
import {csvWithout} from "./csv_rows.js";
import {findEncoding, NotUtf8, utf8Of} from "./encoding.js";
import type {FileReading} from "./file_reading.js";
import {type Limits, refuseColumns} from "./limits.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";
import {fieldsOf} from "./records.js";
import {type ScratchTable, ScratchTables, uniqueNames} from "./scratch_table.js";
import {type FoundRow, refuseDuplicates, TableScan} from "./table_scan.js";

export const csvExtensions = [".csv", ".csv.gz"];

/**
 * Delimited text with a header, found by the columns that the rule asks for: every column is text, what it means is for
 * Silver to say. What is no row of the table is counted, and rejected unless the rule knows it; the rows go to DuckDB as
 * text that leaves nothing to be found out.
 */
export function delimited(rule: TableRule, extensions: readonly string[] = csvExtensions): Reader {
  return {
    extensions,
    columns: (connection, files, limits) => scanFiles(connection, files, rule, limits),
    select: (files, columns) => selectOf(files, columns),
    without: csvWithout(rule)
  };
}

/** The columns of a file whose rows are in scratch tables. */
class ScannedColumns extends Map<string, string> implements FileColumns {
  account?: FileColumns["account"];
  tables: readonly ScratchTable[] = [];

  /** Files are read together where their rows are in the same tables. */
  get group(): string {
    return JSON.stringify(this.tables.map(({path}) => path));
  }
}

async function scanFiles(
  connection: Connection,
  files: readonly string[],
  rule: TableRule,
  limits: Limits
): Promise<ReadonlyMap<string, FileColumns | Error>> {
  const scratch = new ScratchTables(await connection.scratch());
  const columns = await eachFile(files, limits, (reading) => scanFile(reading, rule, scratch));
  scratch.flush();
  return columns;
}

async function scanFile(reading: FileReading, rule: TableRule, scratch: ScratchTables): Promise<FileColumns> {
  const dialect = await findDialect(reading, rule);
  if (!dialect) throw new Error("there is nothing in it");
  refuseColumns(dialect.columns.length, `line ${dialect.headerLine}`, reading.limits);
  // What it lacks is said by the contract that the rule stands for.
  if (!dialect.isComplete && rule.required.length > 0) return namesOf(dialect.columns);
  refuseDuplicates(dialect.columns, rule, dialect.headerLine);
  try {
    return await copyRows(reading, rule, dialect, scratch);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return copyRows(reading, rule, {...dialect, ...(await findEncoding(reading))}, scratch);
  }
}

async function copyRows(
  reading: FileReading,
  rule: TableRule,
  dialect: Dialect,
  scratch: ScratchTables
): Promise<FileColumns> {
  const found = new ScannedColumns();
  const tables = new Set<ScratchTable>();
  let table: ScratchTable | undefined;
  const titles = titlesOf(rule, dialect);
  const scan = new TableScan(
    {dialect, rule, limits: reading.limits},
    {
      header(columns, unnamed) {
        const {delimiter, quote} = dialect;
        const unique = uniqueNames(columns.filter((name) => isAsked(name, rule)));
        const names = columns.map((name) => (isAsked(name, rule) ? unique.shift() : undefined));
        table = scratch.of({delimiter, quote, names, width: columns.length + unnamed, titles: [...titles.keys()]});
        table.begin(reading.file, [...titles.values()]);
        tables.add(table);
        for (const name of [...names, ...titles.keys()]) if (name !== undefined) found.set(name, "VARCHAR");
      },
      row: (row: FoundRow) => table!.add(row)
    }
  );
  for await (const chunk of utf8Of(reading, dialect)) scan.push(chunk);
  found.account = scan.finish();
  found.tables = [...tables];
  return found;
}

/** The texts above the header of a file, by the columns that they become. */
function titlesOf({titles = []}: TableRule, {preamble, delimiter, quote}: Dialect): Map<string, string> {
  const lines = preamble.map((line) => fieldsOf(line, delimiter, quote));
  const found = new Map<string, string>();
  for (const {column, textIn} of titles) {
    const text = textIn(lines);
    if (text !== undefined) found.set(column, text);
  }
  return found;
}

function namesOf(columns: readonly string[]): FileColumns {
  return new Map(columns.map((name) => [name, "VARCHAR"]));
}

function selectOf(files: readonly string[], columns: FileColumns): string {
  if (!(columns instanceof ScannedColumns)) throw new Error("files are read after their columns are found");
  return columns.tables.map((table) => table.select(files)).join(" UNION ALL BY NAME ");
}
