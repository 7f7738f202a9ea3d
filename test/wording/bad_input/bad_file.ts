import type {Said} from "../../../pipelines/sources/catalogue/land_format.js";

/** The tables that list what isn't taken in. */
export type RejectList =
  | "bronze.file_reject"
  | "bronze.record_reject"
  | "silver.reading_reject"
  | "silver.record_reject"
  | "silver.telemetry_reject"
  | "quality.agreement_problem";

/** A fault that who reads the list would call another one than the rest. */
export interface Kind {
  readonly name: string;
  readonly list: RejectList;
  readonly reason: string;
}

/** A file with all that is wrong with it, or within it. */
export interface BadFile {
  /** Relative to the landing folder; of a file of a known format its name alone. */
  readonly path: string;
  /** None of what the test makes by other means than writing: Parquet, databases, links. */
  readonly content?: string | Buffer;
  readonly kinds: readonly Kind[];
  /** Whether rows of it come in all the same. */
  readonly hasGood: boolean;
  /** By which known format it is landed, with what is said of it. */
  readonly format?: Said & {readonly name: string};
}

/** What is wrong with a row, or with a few rows together; and the reason that must be listed. */
export type BadRow<Row> = readonly [name: string, row: Row, reason: string];

/** A file of good and bad rows, whose bad rows are in one list. */
export function fileOfRows(
  path: string,
  list: RejectList,
  {above = "", good, below = ""}: {above?: string; good: string; below?: string},
  rows: readonly BadRow<string>[]
): BadFile {
  const content = `${[...(above === "" ? [] : [above]), good, ...rows.map(([, row]) => row)].join("\n")}\n${below}`;
  return {path, content, kinds: kindsOf(list, rows), hasGood: true};
}

/** A file of lines of JSON: a good one, and those that differ from it by some of their fields. */
export function fileOfObjects(
  path: string,
  list: RejectList,
  good: (index: number) => object,
  rows: readonly BadRow<object | string | readonly object[]>[]
): BadFile {
  const line = (row: object | string, index: number) =>
    typeof row === "string" ? row : JSON.stringify({...good(index + 1), ...row});
  const texts = rows.map(([name, row, reason], index): BadRow<string> => {
    const parts = Array.isArray(row) ? (row as readonly object[]) : [row as object | string];
    return [name, parts.map((part) => line(part, index)).join("\n"), reason];
  });
  return fileOfRows(path, list, {good: line({}, -1)}, texts);
}

/** A file that is refused whole. */
export function wholeFile(name: string, path: string, content: string | Buffer | undefined, reason: string): BadFile {
  return {path, content, kinds: [{name, list: "bronze.file_reject", reason}], hasGood: false};
}

/** The kinds of bad rows, which are all in one list. */
export function kindsOf(list: RejectList, rows: readonly BadRow<unknown>[]): Kind[] {
  return rows.map(([name, , reason]) => ({name, list, reason}));
}
