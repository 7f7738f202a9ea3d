import {didYouMean} from "./near.js";

/** Something wrong in a file of SQL, said as a lowercase sentence. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A line `-- key: value` of a header. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** A header as it stands in a file: a sentence or more, then the entries. */
interface Comment {
  readonly description: string;
  readonly entries: readonly Entry[];
}

/**
 * What a model's header says. The keys, all optional:
 *
 * - `key: a, b` the columns that identify a row
 * - `partition: event_date, site_id` the columns whose values name its folders; files hold whole months without it
 * - `increment: local_date` the column whose changed values are rebuilt, instead of the whole table
 * - `lookback: 7 days` (or months) how far before a changed value a row may look; needs an increment
 * - `around: 1 day` (or months) how far from a changed value a row may lie, either way: another clock's date; needs an increment
 * - `dictionary: a, b, c = x | y` text columns of few different values, those of `c` being x and y: dictionary.ts has why
 * - `stored: no` a view, computed when it is read
 * - `held: yes` a view of few rows: a build works them out once, and then knows how few they are
 * - `shared: yes` holds nothing of any client, whoever's files it is made from: the calendar
 * - `portable: no` may use what only DuckDB has
 * - `fresh: 26 hours` how old its newest row may be
 * - `param: name = default` a parameter, once for each; parameters.ts says how SQL reads it
 * - `format`, `table`, `required`, `optional`, `one_of` what a Bronze table takes in, kept as written
 * - `meter: a`, `location: b` the columns of a Bronze table, and of those made from it, by which rows name the customer's
 *   meter and location; `unread: c` the column with a record from which no id could be read
 * - `numbers: a, b` the columns of a Bronze table that hold numbers as text: a file's decimal mark is found by them
 */
export interface Header {
  readonly key: readonly string[];
  readonly partition: readonly string[];
  readonly increment?: string;
  readonly lookback?: {readonly days?: number; readonly months?: number};
  readonly around?: {readonly days?: number; readonly months?: number};
  /** By column: the texts it may hold, or none where they are those of the input that carries the column. */
  readonly dictionary: Readonly<Record<string, readonly string[]>>;
  readonly stored: boolean;
  readonly held: boolean;
  readonly shared: boolean;
  readonly portable: boolean;
  readonly freshHours?: number;
  readonly params: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, string>>;
}

/** What a check's header says: `severity: error` (the default) or `warn`, and the `column` at fault. */
export interface CheckHeader {
  readonly severity: "error" | "warn";
  readonly column?: string;
}

export const modelKeys = [
  "key",
  "partition",
  "increment",
  "lookback",
  "around",
  "dictionary",
  "stored",
  "held",
  "shared",
  "portable",
  "fresh",
  "param"
];
export const bronzeKeys = [
  ...modelKeys,
  "format",
  "table",
  "required",
  "optional",
  "one_of",
  "numbers",
  "meter",
  "location",
  "unread"
];
export const checkKeys = ["severity", "column"];

const keyLine = /^(?<key>[a-z_]+):(?:\s+(?<value>.*))?$/;
const name = /^[a-z_][a-z0-9_]*$/;

/**
 * Reads the comment at the top of a file: the description, then `key: value` lines. A blank line ends it. What is
 * wrong goes to `problems`.
 */
export function readComment(text: string, file: string, keys: readonly string[], problems: Problem[]): Comment {
  const description: string[] = [];
  const entries: Entry[] = [];
  let isOver = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const problem = (message: string) => problems.push({file, line, message});
    if (raw.trim() === "") {
      isOver ||= description.length + entries.length > 0;
      continue;
    }
    if (!raw.startsWith("--")) break;
    const content = raw.slice(2).trim();
    const {key, value = ""} = keyLine.exec(content)?.groups ?? {};
    if (isOver) {
      if (key && keys.includes(key))
        problem(`header key after the header: ${key}; a blank line ended it, take that out`);
    } else if (key === undefined) {
      if (entries.length > 0) problem("text between header keys: the description stands before them");
      description.push(content);
    } else if (!keys.includes(key)) {
      problem(`unknown header key: ${key}${didYouMean(key, keys) || `; known are ${keys.join(", ")}`}`);
    } else if (value === "") {
      problem(`header key without a value: ${key}`);
    } else if (key !== "param" && entries.some((entry) => entry.key === key)) {
      problem(`header key twice: ${key}`);
    } else {
      entries.push({key, value: value.trim(), file, line});
    }
  }
  if (description.length === 0) {
    problems.push({file, line: 1, message: "no description: begin with a comment that says what a row is"});
  }
  return {description: description.join(" ").trim(), entries};
}

/** Gives a model's entries their types. */
export function readHeader(entries: readonly Entry[], problems: Problem[]): Header {
  const header = {
    key: [],
    partition: [],
    dictionary: {},
    stored: true,
    held: false,
    shared: false,
    portable: true,
    params: {},
    extra: {}
  } as Mutable<Header>;
  for (const entry of entries) {
    const {key, value} = entry;
    const refuse = (message: string) => problems.push({file: entry.file, line: entry.line, message});
    if (key === "key" || key === "partition") header[key] = names(value, key, refuse);
    else if (key === "increment") header.increment = names(value, key, refuse, 1)[0];
    else if (key === "dictionary") header.dictionary = dictionary(value, refuse);
    else if (isFlag(key)) header[key] = yesOrNo(value, key, refuse);
    else if (key === "lookback" || key === "around") header[key] = span(value, key, ["days", "months"], refuse);
    else if (key === "fresh") header.freshHours = span(value, key, ["hours"], refuse)?.hours;
    else if (key === "param") Object.assign(header.params, parameter(value, header.params, refuse));
    else header.extra = {...header.extra, [key]: value};
  }
  const held = entries.find(({key}) => key === "held");
  if (held && header.stored) {
    problems.push({file: held.file, line: held.line, message: "held is for a view: add `-- stored: no`"});
  }
  for (const {key, file, line} of entries) {
    if ((key === "lookback" || key === "around") && header.increment === undefined)
      problems.push({file, line, message: `${key} without an increment: name the column too`});
  }
  return header;
}

/** Gives a check's entries their types. */
export function readCheckHeader(entries: readonly Entry[], problems: Problem[]): CheckHeader {
  let severity: CheckHeader["severity"] = "error";
  let column: string | undefined;
  for (const {key, value, file, line} of entries) {
    const refuse = (message: string) => problems.push({file, line, message});
    if (key === "column") column = names(value, key, refuse).join(", ");
    else if (value === "error" || value === "warn") severity = value;
    else refuse(`${key} is error or warn, not: ${value}`);
  }
  return {severity, ...(column && {column})};
}

function isFlag(key: string): key is "stored" | "held" | "shared" | "portable" {
  return ["stored", "held", "shared", "portable"].includes(key);
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};
type Refuse = (message: string) => void;

/** The names in a list that a Bronze model's header keeps as it is written, such as `-- meter: meter_id`. */
export function listed(text: string | undefined): string[] {
  return text?.split(/,\s*/) ?? [];
}

function names(value: string, key: string, refuse: Refuse, most = Infinity): string[] {
  const list = value.split(",").map((part) => part.trim());
  const wrong = list.find((part) => !name.test(part));
  if (wrong !== undefined) refuse(`${key} lists lowercase column names with commas between, not: ${wrong || value}`);
  else if (list.length > most) refuse(`${key} names one column, not: ${value}`);
  else if (new Set(list).size < list.length) refuse(`${key} names a column twice: ${value}`);
  else return list;
  return [];
}

function dictionary(value: string, refuse: Refuse): Record<string, string[]> {
  const parts = value.split(",").map((part) => part.split("="));
  const columns = names(parts.map(([column]) => column).join(","), "dictionary", refuse);
  return Object.fromEntries(
    columns.map((column, index) => {
      const texts = parts[index]![1]?.split("|").map((text) => text.trim()) ?? [];
      if (texts.includes("")) refuse(`dictionary lists texts with | between, not: ${parts[index]!.join("=").trim()}`);
      return [column, texts];
    })
  );
}

function yesOrNo(value: string, key: string, refuse: Refuse): boolean {
  if (value !== "yes" && value !== "no") refuse(`${key} is yes or no, not: ${value}`);
  return value !== "no";
}

function span(value: string, key: string, units: string[], refuse: Refuse): Record<string, number> | undefined {
  const [, count, unit] = /^(\d+) ([a-z]+?)s?$/.exec(value) ?? [];
  if (!Number(count) || !units.includes(`${unit}s`)) {
    refuse(`${key} is a number of ${units.join(" or ")}, as in \`${key}: 2 ${units[0]}\`, not: ${value}`);
    return undefined;
  }
  return {[`${unit}s`]: Number(count)};
}

function parameter(value: string, known: Readonly<Record<string, string>>, refuse: Refuse): Record<string, string> {
  const [, param, preset] = /^([^=]*?)\s*=\s*(.+)$/.exec(value) ?? [];
  if (param === undefined || !name.test(param)) refuse(`param is \`name = default\`, not: ${value}`);
  else if (Object.hasOwn(known, param)) refuse(`param twice: ${param}`);
  else return {[param]: preset!};
  return {};
}
