import {bytesOf} from "./encoding.js";
import type {FileReading} from "./file_reading.js";
import {type Limits, overLimit} from "./limits.js";

const [doubleQuote, backslash] = [0x22, 0x5c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** How deep JSON is nested: a reader may take up much memory, or its stack, for each level. */
export class JsonDepth {
  readonly #limits: Limits;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The bytes that follow are of another value. */
  begin(): void {
    this.#depth = 0;
    this.#isInText = false;
    this.#isEscaped = false;
  }

  /** @throws Error when the bytes go deeper than the limit */
  push(bytes: Buffer, start = 0, end = bytes.length): void {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isInText) {
        if (byte === doubleQuote) this.#isInText = false;
        else if (byte === backslash) this.#isEscaped = true;
      } else if (byte === doubleQuote) this.#isInText = true;
      else if (byte === openBracket || byte === openBrace) {
        if (++this.#depth > this.#limits.depth)
          throw overLimit("a value in it is nested too deep", this.#limits, "depth");
      } else if (byte === closeBracket || byte === closeBrace) this.#depth--;
    }
  }
}

/** @throws Error of a file of JSON that is nested deeper than the limit */
export async function refuseDeep(reading: FileReading): Promise<void> {
  const depth = new JsonDepth(reading.limits);
  for await (const chunk of bytesOf(reading)) depth.push(chunk);
}
