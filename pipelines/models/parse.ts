import type {Connection} from "../engines/duckdb.js";
import {parserReason} from "../wording/query.js";
import {rowwiseFunctions} from "./rowwise.js";
import {lineAt} from "./text.js";
import {type Node, serialize} from "./tree.js";

/** One SELECT as DuckDB's parser sees it. */
export interface Select {
  readonly node: Node;
  readonly sql: string;
  /** The tree as text, less source positions: whitespace and comments leave it as it is. */
  readonly canonical: string;
}

/** One SELECT, and what the database knows of the functions in it. */
export interface Tree extends Select {
  /** Of the functions it calls, those that look at one row at a time and always give the same for it. */
  readonly rowwise: ReadonlySet<string>;
}

/** Why a text isn't one SELECT, and on which of its lines, where the parser tells. */
export interface NotOneSelect {
  readonly reason: string;
  readonly line?: number;
}

/**
 * Parses one SELECT. The binder is never asked: its tables need not exist. The macros it calls should.
 *
 * @throws Error `SQL not understood …`, with the line, when the text does not parse, and `not one select: …` when it isn't exactly one SELECT.
 */
export async function parse(connection: Connection, sql: string): Promise<Tree> {
  const select = await tryParse(connection, sql);
  if ("reason" in select) {
    const {reason, line} = select;
    throw new Error(`${reason}${line === undefined ? "" : ` on line ${line}`}`);
  }
  return {...select, rowwise: await rowwiseFunctions(connection, select.node)};
}

/** What came of the texts that were parsed last, as nobody changes a tree. */
const parsed = new Map<string, Select | NotOneSelect>();
const mostParsed = 500;

/** Parses one SELECT, or says why it can't. */
export async function tryParse(connection: Connection, sql: string): Promise<Select | NotOneSelect> {
  const select = parsed.get(sql) ?? read(sql, await serialize(connection, sql));
  parsed.set(sql, select);
  if (parsed.size > mostParsed) parsed.delete(parsed.keys().next().value!);
  return select;
}

/** Reads what the parser wrote of a text. */
function read(sql: string, text: string): Select | NotOneSelect {
  const {error_message, position, statements} = JSON.parse(text);
  if (error_message?.startsWith("Only SELECT statements")) {
    return {reason: "not one select: found another statement, or a PIVOT that doesn't list its values"};
  }
  if (error_message !== undefined) {
    const reason = parserReason(error_message);
    // An error's position counts code points, where the tree counts bytes.
    if (position === undefined) return {reason};
    return {reason, line: lineAt([...sql].slice(0, Number(position)).join(""))};
  }
  if (statements.length !== 1) return {reason: `not one select: found ${statements.length} statements`};
  // No string can hold this: in JSON, a quote inside a string has a backslash before it.
  const canonical = text.replaceAll(/"query_location":\d+,?/g, "");
  return {node: statements[0].node, sql, canonical};
}
