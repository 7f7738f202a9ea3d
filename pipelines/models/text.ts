/** A stretch of SQL text that is all code, all comment, or one quoted string or name. */
export interface Piece {
  readonly kind: "code" | "quoted" | "comment";
  readonly text: string;
  /** Where it begins, in characters. */
  readonly at: number;
}

const special =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>[A-Za-z_]*)\$[\s\S]*?\$\k<tag>\$/g;

/** Cuts SQL into code, comments and quoted parts, so that a `;` or `--` inside quotes is taken for what it is. */
export function pieces(sql: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  const add = (kind: Piece["kind"], text: string) => {
    if (text !== "") found.push({kind, text, at: end});
    end += text.length;
  };
  for (const match of sql.matchAll(special)) {
    add("code", sql.slice(end, match.index));
    add(match.groups!.comment === undefined ? "quoted" : "comment", match[0]);
  }
  add("code", sql.slice(end));
  return found;
}

/** A statement without its comments around and its closing semicolon, and the line it begins on. */
export interface Statement {
  readonly sql: string;
  readonly line: number;
}

/** Cuts SQL at its semicolons. Comments before and after a statement are left out, those inside stay. */
export function statements(sql: string): Statement[] {
  const found: Statement[] = [];
  let begin = -1;
  let end = 0;
  const close = () => {
    if (begin >= 0) found.push({sql: sql.slice(begin, end), line: lineAt(sql, begin)});
    begin = -1;
  };
  for (const {kind, text, at} of pieces(sql)) {
    if (kind === "comment") continue;
    const parts = kind === "quoted" ? [text] : text.split(";");
    let start = at;
    for (const [index, part] of parts.entries()) {
      if (index > 0) close();
      if (part.trim() !== "") {
        if (begin < 0) begin = start + part.length - part.trimStart().length;
        end = start + part.trimEnd().length;
      }
      start += part.length + 1;
    }
  }
  close();
  return found;
}

/** The line, from 1, that a character is on: the last one by default. */
export function lineAt(text: string, at = text.length): number {
  return text.slice(0, at).split("\n").length;
}

/** The line, from 1, that a byte of the text in UTF-8 is on: DuckDB's tree counts in bytes. */
export function lineAtByte(text: string, at: number): number {
  return Buffer.from(text).subarray(0, at).toString("latin1").split("\n").length;
}

/** `line 1, column 15`: where a byte of the text in UTF-8 is, counted in characters from 1. */
export function placeAtByte(text: string, at: number): string {
  const lines = Buffer.from(text).subarray(0, at).toString("utf8").split("\n");
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}
