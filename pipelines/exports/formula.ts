/**
 * A text as a CSV cell that no spreadsheet runs: one that starts as a formula does, in characters of full width too, gets
 * an apostrophe before it, which says that it is text. (OWASP, CSV Injection.) Control characters but line ends become
 * U+FFFD, the replacement character.
 */
export function safeText(text: string): string {
  const clean = text.replaceAll(controls, "\ufffd");
  return starts.includes(text.charAt(0)) && text !== "" ? `'${clean}` : clean;
}

/** `safeText` as SQL, of a column or another expression that is a text. */
export function safeTextSql(text: string): string {
  const clean = `CASE WHEN regexp_matches(${text}, '${controlsInSql}') THEN regexp_replace(${text}, '${controlsInSql}', chr(65533), 'g') ELSE ${text} END`;
  // An `IN` of as many characters would be a join, which loses the order of the rows.
  return `CASE WHEN ${text} <> '' AND contains('${starts}', ${text}[1]) THEN '''' || ${clean} ELSE ${clean} END`;
}

/** The characters that start a formula; the last four are those of full width. */
const starts = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

/** Control characters but line ends, as a regular expression of JavaScript and of DuckDB. */
const controlsInSql = "[^\\P{Cc}\\r\\n]";
const controls = new RegExp(controlsInSql, "gu");
