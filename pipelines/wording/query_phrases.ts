import {didYouMean} from "../models/near.js";
import {sqlType} from "./engine.js";

/** A SELECT that somebody wrote, and what is known of what it reads. */
export interface AskedQuery {
  readonly sql: string;
  /** The columns of the tables that it reads, by name. */
  readonly columns?: readonly string[];
  /** The names of the tables there are. */
  readonly tables?: readonly string[];
  /** How many lines stood before the SELECT in what DuckDB was given. */
  readonly linesBefore?: number;
}

/** What DuckDB says of a query, and what it is called for people. */
export type QueryPhrase = readonly [said: RegExp, sentence: (groups: readonly string[], query: AskedQuery) => string];

export const queryPhrases: readonly QueryPhrase[] = [
  [/^syntax error at or near "([\s\S]*)"$/, ([near]) => `SQL not understood near ${near}`],
  [/^syntax error at end of input/, () => "SQL not understood: it ends too early"],
  [
    /^memory exhausted at or near|^max expression depth limit/i,
    () => "SQL not understood: it is nested too deeply; write it in fewer levels"
  ],
  [/^unterminated quoted string/, () => "SQL not understood: a text's quote is never closed"],
  [/^unterminated quoted identifier/, () => "SQL not understood: a name's quote is never closed"],
  [/^SELECT clause without selection list/, () => "SQL not understood: SELECT names no column"],
  [/^VALUES lists must all be the same length/, () => "the rows of VALUES have different numbers of values"],
  [
    /^Referenced column "([\s\S]*?)" was not found because the FROM clause is missing/,
    ([name]) => `column not found: ${name}; the SELECT has no FROM`
  ],
  [/^Referenced column "([\s\S]*?)" not found/, ([name], query) => columnMissing(name!, query)],
  [/^Table "[\s\S]*?" does not have a column named "([\s\S]*?)"/, ([name], query) => columnMissing(name!, query)],
  [
    /^Column "([\s\S]*?)" (?:does not exist on|in EXCLUDE list|in REPLACE list|in RENAME list)/,
    ([name], query) => columnMissing(name!, query)
  ],
  [
    /^Values list "([\s\S]*?)" does not have a column named "([\s\S]*?)"/,
    ([, name], query) => columnMissing(name!, query)
  ],
  [
    /^Referenced table "([\s\S]*?)" not found![\s\S]*?Candidate tables: "([\s\S]*?)"/,
    ([name, near]) => `table not found in FROM: ${name}; did you mean ${near}?`
  ],
  [/^Referenced table "([\s\S]*?)" not found/, ([name]) => `table not found in FROM: ${name}`],
  [
    /^Ambiguous reference to column name "([\s\S]*?)" \(use: ([\s\S]*)\)/,
    ([name, uses]) => `column in several tables: ${name}; write ${uses!.replaceAll('"', "")}`
  ],
  [
    /^column "([\s\S]*?)" must appear in the GROUP BY clause/,
    ([name]) => `column neither grouped nor aggregated: ${name}; add it to GROUP BY, or write any_value(${name})`
  ],
  [
    /^(WHERE|GROUP BY|JOIN|ON) clause cannot contain aggregates/,
    ([clause]) => `an aggregate stands in ${clause}; put the condition into HAVING`
  ],
  [
    /^(WHERE|GROUP BY|HAVING|JOIN) clause cannot contain window functions/,
    ([clause]) => `a window function stands in ${clause}; put the condition into QUALIFY`
  ],
  [
    /^aggregate function calls cannot be nested/,
    () => "an aggregate stands in another; work the inner one out in a subquery"
  ],
  [
    /^No function matches the given name and argument types '([\s\S]*?)\(([\s\S]*)\)'/,
    ([name, types]) => argumentsUnfit(name!, types!)
  ],
  [
    /^Could not choose a best candidate function for the function call "([\s\S]*?)\(([\s\S]*)\)"/,
    ([name, types]) => argumentsUnfit(name!, types!)
  ],
  [
    /^(?:Scalar |Aggregate |Table |Window )?Function with name "?(\S+?)"? (?:does not exist|is not)[\s\S]*?(?:Did you mean "([^"]*)"[?])?$/,
    ([name, near]) => functionMissing(name!, near)
  ],
  [/^(?:Table|View) with name ([\s\S]*?) does not exist/, ([name], query) => tableMissing(name!, query)],
  [
    /^Subquery returns (\d+) columns - expected 1/,
    ([count]) => `a subquery gives ${count} columns where one value belongs`
  ],
  [
    /^More than one row returned by a subquery/,
    () => "a subquery gives several rows where one value belongs; aggregate them, or add LIMIT 1"
  ],
  [
    /^Set operations can only apply/,
    () => "the parts of a UNION, EXCEPT or INTERSECT have different numbers of columns"
  ],
  [
    /^No columns found to join on in NATURAL JOIN/,
    () => "the tables of a NATURAL JOIN have no column of one name; write JOIN … ON"
  ],
  [/^Could not find key "([\s\S]*?)" in struct/, ([name]) => `field not found: ${name}`],
  [/^UNNEST\(\) can only be applied to lists/, () => "unnest takes a list"],
  [
    /^Expected \d+ parameters|^Values were not provided for the following prepared statement parameters/,
    () => "the SQL has a parameter without a value ($1 or ?); write the value itself"
  ],
  [
    /^Could not convert string "([\s\S]*?)" to (DECIMAL\([\d,]+\))/,
    ([value, type]) => conversion(value!, type!, undefined)
  ],
  [
    /^Could not convert string '([\s\S]*?)' to (\w+)(?: when casting from source column ([\s\S]*))?/,
    ([value, type, column]) => conversion(value!, type!, column)
  ],
  [/^invalid date field format: "([\s\S]*?)"/, ([value]) => `not a date: ${value}; write it as 2022-03-27`],
  [/^date field value out of range: "([\s\S]*?)"/, ([value]) => `not a date: ${value}`],
  [
    /^invalid timestamp field format: "([\s\S]*?)"/,
    ([value]) => `not an instant: ${value}; write it as 2022-03-27T01:00:00Z`
  ],
  [/^timestamp field value out of range: "([\s\S]*?)"/, ([value]) => `not an instant: ${value}`],
  [
    /^Type (\w+) with value ([\s\S]*?) can't be cast[\s\S]*?destination type (\w+)/,
    ([, value, type]) => `value out of range: ${value} is no ${sqlType(type!)}`
  ],
  [
    /^Could not cast value ([\s\S]*?) (?:from \S+ )?to (DECIMAL\([\d,]+\))/,
    ([value, type]) => `value out of range: ${value} is no ${type}`
  ],
  [
    /^Overflow in \w+ of (\w+) \(([\s\S]*?)\)/,
    ([type, sum]) => `result out of range: ${sum} is no ${sqlType(type!)}; cast to a wider type`
  ],
  [/^Malformed JSON/, () => "not JSON: a text that is cast to JSON"],
  [
    /^Could not parse string "([\s\S]*?)" according to format specifier "([\s\S]*?)"/,
    ([value, format]) => `not of the format ${format}: ${value}; try_strptime gives NULL for it`
  ],
  [
    /^Unknown TimeZone '([\s\S]*?)'/,
    ([name]) => `time zone not found: ${name}; take an IANA name such as Europe/Vilnius`
  ],
  [/^No files found that match the pattern "([\s\S]*?)"/, ([name]) => `file not found: ${name}`],
  [
    /^(?:could not allocate|failed to allocate|Allocation failure|failed to (?:offload|pin)|Could not)[\s\S]*memory|^(?:could|failed to)[\s\S]*(?:allocate|offload)/i,
    () => outOfMemory
  ],
  [
    /No space left|disk full|max_temp_directory_size/i,
    () => "disk full: the query's intermediate rows don't fit; make room, or read fewer rows"
  ],
  [/^(?:Interrupted|Query interrupted)/i, () => "query stopped before its end"]
];

export const outOfMemory =
  "not enough memory: the query needs more than it is given; read fewer rows or columns, or give it more with --memory";

function columnMissing(name: string, {columns = []}: AskedQuery): string {
  const near = didYouMean(name, columns);
  const some = [...new Set(columns)];
  const list = some.length > 0 ? `; there are ${some.slice(0, 12).join(", ")}${some.length > 12 ? ", …" : ""}` : "";
  return `column not found: ${name}${near || list}`;
}

function tableMissing(name: string, {tables = []}: AskedQuery): string {
  return `table not found: ${name}${didYouMean(name, tables) || "; npm run -s lake -- tables lists those there are"}`;
}

/** Functions that there are only with OVER. */
const windowFunctions = new Set(
  "cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense row_number".split(
    " "
  )
);

function functionMissing(name: string, near: string | undefined): string {
  if (windowFunctions.has(name.toLowerCase()))
    return `window function without OVER: ${name}; write ${name}(…) OVER (ORDER BY …)`;
  return `function not found: ${name}${near ? `; did you mean ${near}?` : ""}`;
}

function argumentsUnfit(name: string, types: string): string {
  const list = types.split(/, /).map(sqlType);
  const isOperator = /^[^\w]+$/.test(name);
  const what = isOperator ? `operator ${name}` : `function ${name}`;
  return `${what} doesn't take ${list.join(isOperator ? " and " : ", ") || "no value"}; cast to another type`;
}

function conversion(value: string, type: string, column: string | undefined): string {
  const name = sqlType(type);
  return `${column === undefined ? "value" : `value of ${column.trim()}`} is no ${name}: ${value}; try_cast gives NULL for it`;
}
