const [lineFeed, carriageReturn, space] = [0x0a, 0x0d, 0x20];

/** What is wrong with the quotes of a record. */
export type QuoteFault = "never closed" | "text after it";

/**
 * Finds the records of delimited text in its bytes, after RFC 4180: a record ends with LF, CR LF or CR outside quotes, a
 * quote in a quoted field is doubled. Spaces around a quoted field belong to nobody, and a quote within a field that
 * doesn't begin with one is a character like others. The bytes are UTF-8 or any encoding in which ASCII stands for itself.
 */
export class RecordScanner {
  bytes: Buffer = Buffer.alloc(0);
  /** Where the next record begins. */
  at = 0;

  /** Of the last record: its first byte, and the one after its last, without the end of the line. */
  start = 0;
  end = 0;
  fields = 0;
  /** How many line breaks stand in its quoted fields. */
  breaks = 0;
  /** Whether it has quotes other than those that RFC 4180 allows. */
  isOdd = false;
  /** Whether it has any quotes. */
  isQuoted = false;
  fault: QuoteFault | undefined;

  readonly #delimiter: number;
  readonly #quote: number;

  constructor(delimiter: string, quote: string) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote.charCodeAt(0);
  }

  /** Adds bytes after those that aren't read yet. */
  push(chunk: Buffer): void {
    this.bytes = this.at < this.bytes.length ? Buffer.concat([this.bytes.subarray(this.at), chunk]) : chunk;
    this.at = 0;
  }

  /**
   * Reads the record that begins at `at`, and moves on.
   *
   * @returns false when there is none, or its end isn't among the bytes yet; with `isLast` there are no more bytes.
   */
  next(isLast: boolean): boolean {
    const {bytes} = this;
    const [delimiter, quote, length] = [this.#delimiter, this.#quote, bytes.length];
    let at = this.at;
    if (at >= length) return false;
    this.start = at;
    this.fields = 1;
    this.breaks = 0;
    this.isOdd = false;
    this.isQuoted = false;
    this.fault = undefined;
    for (;;) {
      // At the beginning of a field.
      let byte = bytes[at];
      if (byte === space && delimiter !== space) {
        let first = at;
        while (first < length && bytes[first] === space) first++;
        if (bytes[first] === quote) {
          at = first;
          byte = quote;
          this.isOdd = true;
        }
      }
      if (byte === quote && at < length) {
        this.isQuoted = true;
        at = this.#closingQuote(at + 1);
        if (at < 0) {
          if (!isLast) return false;
          this.fault = "never closed";
          return this.#finish(length, length);
        }
        at++;
        while (delimiter !== space && bytes[at] === space) {
          this.isOdd = true;
          at++;
        }
        if (at >= length && !isLast) return false;
        const after = bytes[at];
        if (at < length && after !== delimiter && after !== lineFeed && after !== carriageReturn) {
          this.fault = "text after it";
          while (at < length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++;
        }
      } else {
        for (; at < length; at++) {
          byte = bytes[at];
          if (byte === delimiter || byte === lineFeed || byte === carriageReturn) break;
          if (byte === quote) this.isOdd = true;
        }
      }
      if (at >= length) return isLast && this.#finish(length, length);
      byte = bytes[at];
      if (byte === delimiter) {
        this.fields++;
        at++;
        continue;
      }
      if (byte === lineFeed) return this.#finish(at, at + 1);
      // A line feed may follow.
      if (at + 1 >= length && !isLast) return false;
      return this.#finish(at, bytes[at + 1] === lineFeed ? at + 2 : at + 1);
    }
  }

  /** Where the quote stands that closes a field; -1 where none does so far. Counts the line breaks on the way. */
  #closingQuote(from: number): number {
    const {bytes} = this;
    const quote = this.#quote;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        if (bytes[at + 1] !== quote) return at;
        at++;
      } else if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) this.breaks++;
    }
    return -1;
  }

  #finish(end: number, next: number): true {
    this.end = end;
    this.at = next;
    return true;
  }
}

/** The fields of one record, without the quotes around them. */
export function fieldsOf(record: string, delimiter: string, quote: string): string[] {
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    let first = at;
    while (delimiter !== " " && record[first] === " ") first++;
    if (record[first] !== quote) {
      const found = record.indexOf(delimiter, at);
      const end = found < 0 ? record.length : found;
      fields.push(record.slice(at, end));
      at = end;
    } else {
      let field = "";
      for (at = first + 1; at < record.length; ) {
        const found = record.indexOf(quote, at);
        const end = found < 0 ? record.length : found;
        field += record.slice(at, end);
        at = end + 1;
        if (record[at] !== quote) break;
        field += quote;
        at++;
      }
      fields.push(field);
      const found = record.indexOf(delimiter, at);
      at = found < 0 ? record.length : found;
    }
    if (at >= record.length) return fields;
  }
}

/** A field as RFC 4180 writes it. */
export function quoted(field: string, delimiter: string, quote: string): string {
  const isPlain = !field.includes(delimiter) && !field.includes(quote) && !/[\r\n]|^ | $/.test(field);
  return isPlain ? field : quote + field.replaceAll(quote, quote + quote) + quote;
}
