import {elementBytes, type Limits, overLimit} from "./limits.js";

const [doubleQuote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Takes a value: its bytes are those from `start` to the one before `end`, valid until the next one. */
export type TakeValue = (bytes: Buffer, start: number, end: number) => void;

/**
 * Reads JSON of any length piece by piece: one value after the other in lists and objects that are too large to be held whole.
 * Only what stands between the values is checked here, not the values.
 */
export class JsonText {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #limits: Limits;
  readonly #longest: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #isWhole = false;

  /** @param chunks UTF-8 without a byte order mark */
  constructor(chunks: AsyncIterable<Buffer>, limits: Limits) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#limits = limits;
    this.#longest = elementBytes(limits);
  }

  /** The first byte of what comes next; undefined at the end. */
  async next(): Promise<"list" | "object" | "other" | undefined> {
    const byte = this.#peek() ?? (await this.#first());
    if (byte === undefined) return undefined;
    return byte === openBracket ? "list" : byte === openBrace ? "object" : "other";
  }

  /** Reads a list, value by value. */
  async list(take: TakeValue): Promise<void> {
    await this.#expect(openBracket, "a list");
    if ((await this.#something()) === closeBracket) {
      this.#at++;
      return;
    }
    for (;;) {
      const end = this.#checked(this.#endOfValue() ?? (await this.#endFurtherOn()));
      take(this.#bytes, this.#at, end);
      this.#at = end;
      if (this.#isLast(this.#peek() ?? (await this.#something()), closeBracket)) return;
      if (this.#peek() === undefined) await this.#something();
    }
  }

  /** Reads a list of objects: `visit` has to read each. */
  async objects(visit: () => Promise<void>): Promise<void> {
    await this.#expect(openBracket, "a list");
    if ((await this.#something()) === closeBracket) {
      this.#at++;
      return;
    }
    do await visit();
    while (!this.#isLast(await this.#something(), closeBracket));
  }

  /** Reads an object, member by member: `visit` has to read the value. */
  async object(visit: (key: string) => Promise<void>): Promise<void> {
    await this.#expect(openBrace, "an object");
    if ((await this.#something()) === closeBrace) {
      this.#at++;
      return;
    }
    for (;;) {
      if ((await this.#something()) !== doubleQuote) throw this.#fault("the name of a member");
      const key = String(JSON.parse(await this.value()));
      await this.#expect(colon, "a colon");
      await this.#something();
      await visit(key);
      if (this.#isLast(await this.#something(), closeBrace)) return;
    }
  }

  /** Reads a value, whatever it is, as it stands. */
  async value(): Promise<string> {
    await this.#something();
    const end = this.#checked(this.#endOfValue() ?? (await this.#endFurtherOn()));
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return text;
  }

  /** Ends the reading, before the end of the text too. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Whether a comma doesn't come next, but the end of the list or object. */
  #isLast(byte: number, closing: number): boolean {
    if (byte !== comma && byte !== closing) throw this.#fault("a comma");
    this.#at++;
    return byte === closing;
  }

  #fault(wanted: string): Error {
    const found = this.#bytes.toString("utf8", this.#at, this.#at + 20).replaceAll(/\p{C}/gu, " ");
    return new Error(`the JSON has ${found} where ${wanted} should be`);
  }

  async #expect(byte: number, name: string): Promise<void> {
    if ((await this.#something()) !== byte) throw this.#fault(name);
    this.#at++;
  }

  /** The next byte that isn't space, if it is at hand. */
  #peek(): number | undefined {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
    this.#at = at;
    return byte;
  }

  async #first(): Promise<number | undefined> {
    for (;;) {
      const byte = this.#peek();
      if (byte !== undefined || !(await this.#more(1))) return byte;
    }
  }

  async #something(): Promise<number> {
    const byte = this.#peek() ?? (await this.#first());
    if (byte === undefined) throw new Error("the JSON breaks off");
    return byte;
  }

  /** Reads at least so many bytes on; false when there are none. */
  async #more(length: number): Promise<boolean> {
    const pieces = [this.#bytes.subarray(this.#at)];
    for (let added = 0; added < length && !this.#isWhole; ) {
      const {done, value} = await this.#chunks.next();
      if (done) this.#isWhole = true;
      else {
        pieces.push(value);
        added += value.length;
      }
    }
    this.#at = 0;
    this.#bytes = Buffer.concat(pieces);
    return pieces.length > 1;
  }

  /** The end of a value that begins here. */
  #checked(end: number): number {
    if (end - this.#at > this.#longest) throw overLimit("a value in it is too long", this.#limits, "elementMiB");
    return end;
  }

  async #endFurtherOn(): Promise<number> {
    for (;;) {
      const isMore = await this.#more(Math.max(1, this.#bytes.length - this.#at));
      const end = this.#endOfValue();
      this.#checked(end ?? this.#bytes.length);
      if (end !== undefined) return end;
      if (!isMore) throw new Error("the JSON breaks off");
    }
  }

  /** Where the value ends that begins here; undefined where its end isn't at hand. */
  #endOfValue(): number | undefined {
    const bytes = this.#bytes;
    const length = bytes.length;
    let depth = 0;
    for (let at = this.#at; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === doubleQuote) {
        for (at++; bytes[at] !== doubleQuote; at++) {
          if (at >= length) return undefined;
          if (bytes[at] === backslash) at++;
          else if (bytes[at]! < 0x20) throw new Error("the JSON has a control character within a text");
        }
        if (depth === 0) return at + 1;
      } else if (byte === openBracket || byte === openBrace) {
        if (++depth > this.#limits.depth) throw overLimit("a value in it is nested too deep", this.#limits, "depth");
      } else if (byte === closeBracket || byte === closeBrace) {
        if (depth <= 1) return depth === 1 ? at + 1 : this.#endOfWord(at);
        depth--;
      } else if (depth === 0 && (byte === comma || byte <= 0x20)) return this.#endOfWord(at);
    }
    // A number may go on.
    return this.#isWhole && depth === 0 && this.#at < length ? length : undefined;
  }

  #endOfWord(end: number): number {
    if (end === this.#at) throw this.#fault("a value");
    return end;
  }
}
