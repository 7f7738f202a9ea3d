/**
 * A text as a CSV cell that no spreadsheet runs: one that starts as a formula does gets an apostrophe before it, which
 * says that it is text. (OWASP, CSV Injection.)
 */
export function safeText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
