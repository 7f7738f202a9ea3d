/**
 * What became of the records of a file of text or a database's table; a record of delimited text is a line, or several where
 * quotes say so.
 */
export interface FileAccount {
  /** The encoding of https://encoding.spec.whatwg.org that the text was read as. */
  readonly encoding: string;
  /** All records of the file, which is the sum of the others here. */
  readonly records: number;
  readonly rows: number;
  readonly rejected: number;
  /** Lines without anything on them, or with nothing but delimiters. */
  readonly blank: number;
  readonly header: number;
  /** Lines above the header, of a kind that the format knows. */
  readonly preamble: number;
  /** Lines that are no rows, of a kind that the format knows. */
  readonly footer: number;
  /** The records that were rejected. */
  readonly rejects: readonly RecordReject[];
  /** What may be missing from the file, as one sentence. */
  readonly note?: string;
}

/** A record that is no row of its table, while others of its file are. */
export interface RecordReject {
  /** Its first line as an editor counts it, from 1; null where the file has no lines. */
  readonly line: number | null;
  /** The number that it would have as `landing_row`; null above the header. */
  readonly row: number | null;
  /** Its text, as far as it is kept. */
  readonly text: string;
  /** What is wrong with it: `it has 3 fields, and the header 8`. */
  readonly reason: string;
}

/** How many rejected records of a file are kept: of one that has more, there is little to be had. */
export const mostRejects = 100_000;

/** How much of the text of a rejected record is kept. */
export const longestText = 500;
