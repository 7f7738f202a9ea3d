/** Tells which of two texts of values comes first: negative, zero or positive, as sort() has it. */
export type Order = (a: string, b: string) => number;

/**
 * The order of a type's values, given as text; undefined for a type whose values don't have one text each, such as
 * DOUBLE and TIMESTAMP. Exact for any number of digits.
 */
export function orderOf(type: string): Order | undefined {
  if (type === "VARCHAR") return (a, b) => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (type === "DATE") return (a, b) => (a === b ? 0 : a < b ? -1 : 1);
  if (/^(BIGINT|INTEGER|SMALLINT|TINYINT|DECIMAL\(\d+, ?\d+\))$/.test(type)) return compareNumbers;
  return undefined;
}

/** Whether a text is a value that the order of its type knows where to put. */
export function hasPlace(text: string, type: string): boolean {
  if (type === "VARCHAR") return true;
  return type === "DATE" ? /^\d{4}-\d\d-\d\d$/.test(text) : number.test(text);
}

const number = /^(-?)(\d+)(?:\.(\d+))?$/;

function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [scaled(a), scaled(b)];
  return x === y ? 0 : x < y ? -1 : 1;
}

/** A number of at most 38 digits after its point, as a count of the last of them. */
function scaled(text: string): bigint {
  const [, sign, whole, fraction = ""] = number.exec(text) ?? [];
  if (whole === undefined) throw new Error(`number not readable: ${text}`);
  const digits = BigInt(whole + fraction.padEnd(38, "0"));
  return sign === "-" ? -digits : digits;
}
