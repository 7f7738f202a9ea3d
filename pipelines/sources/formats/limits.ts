/**
 * How much of one file is read, so that no file takes up a whole machine. `limits` in a lake's `sources.json` sets each; their units are
 * in their names.
 */
export interface Limits {
  /** A file once it is decompressed, and a database's rows as text. */
  readonly decodedGiB: number;
  /** A document that is held in memory whole: XML, and JSON that is inspected. */
  readonly documentMiB: number;
  /** One line, value, record or element. */
  readonly elementMiB: number;
  /** The columns of a table. */
  readonly columns: number;
  /** The levels of lists, objects and elements within each other. */
  readonly depth: number;
  /** The time that reading a file takes. */
  readonly minutes: number;
}

export const defaultLimits: Limits = {
  decodedGiB: 8,
  documentMiB: 128,
  elementMiB: 16,
  columns: 4096,
  depth: 200,
  minutes: 10
};

/** For a file that was read before, and has to be read again whatever it takes. */
export const noLimits: Limits = {
  decodedGiB: Infinity,
  documentMiB: Infinity,
  elementMiB: Infinity,
  columns: Infinity,
  depth: Infinity,
  minutes: Infinity
};

/** DuckDB reads lines up to here: no setting goes further. */
export const largestElementMiB = 64;

const units: Readonly<Record<keyof Limits, string>> = {
  decodedGiB: " GiB",
  documentMiB: " MiB",
  elementMiB: " MiB",
  columns: "",
  depth: "",
  minutes: " minutes"
};

/** The bytes of the limit on one line, value, record or element. */
export function elementBytes({elementMiB}: Limits): number {
  return elementMiB * 1024 ** 2;
}

/** The bytes of the limit on a document that is held whole. */
export function documentBytes({documentMiB}: Limits): number {
  return documentMiB * 1024 ** 2;
}

/** The bytes of the limit on a file. */
export function decodedBytes({decodedGiB}: Limits): number {
  return decodedGiB * 1024 ** 3;
}

/** What a file is beyond a limit: the sentence names the limit, its value and the setting that raises it. */
export function overLimit(what: string, limits: Limits, name: keyof Limits): Error {
  const value = `${limits[name].toLocaleString("en")}${units[name]}`;
  return new Error(`${what}: the limit is ${value}, and limits.${name} in the lake's sources.json raises it`);
}

/** @throws Error of more columns than are read */
export function refuseColumns(count: number, where: string, limits: Limits): void {
  if (count > limits.columns) throw overLimit(`${where} has ${count.toLocaleString("en")} columns`, limits, "columns");
}
