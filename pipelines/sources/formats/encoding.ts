import {isUtf8} from "node:buffer";
import {createReadStream, readFileSync, statSync} from "node:fs";
import {pipeline} from "node:stream";
import {constants, createGunzip, gunzipSync} from "node:zlib";
import {isCompressed} from "./file_name.js";
import type {FileReading} from "./file_reading.js";
import {refuseOtherKind} from "./other_kinds.js";

/** How the text of a file is encoded. */
export interface TextCode {
  /** `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, which are found; or another of https://encoding.spec.whatwg.org, which a source sets. */
  readonly encoding: string;
  /** Whether some of the bytes aren't UTF-8, though most are: the records that hold them can't be read. */
  readonly hasInvalid: boolean;
}

/** A file looked like UTF-8 at its beginning, and isn't further in. */
export class NotUtf8 extends Error {}

export const utf8: TextCode = {encoding: "utf-8", hasInvalid: false};

/** Files up to here are read whole: for thousands of small ones, a stream each takes several times as long. */
const largestWhole = 4 * 1024 * 1024;
const chunkSize = 1024 * 1024;

/**
 * The bytes of a file of text, piece by piece, as many as it has when this begins; decompressed where its name ends in `.gz`, in small
 * letters or capitals.
 *
 * @throws Error when there are more than the limit on a file, its time is over, or it begins as a file of another kind
 */
export async function* bytesOf(reading: FileReading): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of plainBytes(reading, isCompressed(reading.file))) {
    if (isFirst) refuseOtherKind(chunk);
    isFirst = false;
    yield chunk;
  }
}

/** The same of any file, decompressed where it is said to be packed, whatever its name is. */
export async function* plainBytes(reading: FileReading, isPacked: boolean): AsyncGenerator<Buffer> {
  let decoded = 0;
  for await (const chunk of storedBytes(reading, isPacked)) {
    decoded += chunk.length;
    reading.refuseSize(decoded);
    for (let at = 0; at < chunk.length; at += chunkSize) {
      await reading.goOn();
      yield chunk.subarray(at, at + chunkSize);
    }
  }
}

async function* storedBytes(reading: FileReading, isPacked: boolean): AsyncGenerator<Buffer> {
  const {file} = reading;
  const {size} = statSync(file);
  reading.refuseSize(size);
  const whole = size <= largestWhole ? readWhole(file, size, isPacked) : undefined;
  if (whole) {
    yield whole;
    return;
  }
  const stream = createReadStream(file, {highWaterMark: chunkSize, end: size - 1});
  yield* isPacked ? pipeline(stream, createGunzip({chunkSize}), () => undefined) : stream;
}

/** A file's bytes in one piece; undefined of a compressed file that is too large for that. */
function readWhole(file: string, size: number, isPacked: boolean): Buffer | undefined {
  const bytes = readFileSync(file).subarray(0, size);
  if (!isPacked) return bytes;
  try {
    return gunzipSync(bytes, {maxOutputLength: largestWhole, finishFlush: constants.Z_FINISH});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/** What the first bytes of a file say of its encoding; text that may be UTF-8 counts as such. */
export function encodingOfHead(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  // Half of the bytes of plain text in UTF-16 are zero. UTF-8 has no zero bytes.
  const zeros = [0, 0];
  const length = Math.min(head.length, 4096) & ~1;
  for (let at = 0; at < length; at++) if (head[at] === 0) zeros[at & 1]!++;
  if (zeros[1]! > length * 0.3 && zeros[0]! < length * 0.05) return "utf-16le";
  if (zeros[0]! > length * 0.3 && zeros[1]! < length * 0.05) return "utf-16be";
  return "utf-8";
}

/** The encoding of a file by its first bytes alone; `stated` is that of files without a byte order mark. */
export async function encodingAtHead(reading: FileReading, stated?: string): Promise<TextCode> {
  for await (const chunk of bytesOf(reading)) return codeOf(chunk, stated);
  return utf8;
}

function codeOf(head: Buffer, stated: string | undefined): TextCode {
  const encoding = encodingOfHead(head);
  if (encoding !== "utf-8") return {encoding, hasInvalid: false};
  return stated === undefined || startsWithMark(head) ? utf8 : {encoding: stated, hasInvalid: false};
}

/**
 * Finds a file's encoding by all of its bytes; `stated` is that of files without a byte order mark. What isn't UTF-8
 * throughout is Windows-1252 where no character of several bytes in it is UTF-8; where some are, it is UTF-8 with damaged
 * records.
 *
 * @throws Error of text that is in none of the encodings that are found
 */
export async function findEncoding(reading: FileReading, stated?: string): Promise<TextCode> {
  const code = await encodingAtHead(reading, stated);
  if (code.encoding !== "utf-8") return code;
  let [valid, invalid, undefinedBytes] = [0, 0, 0];
  for await (const chunk of wholeCharacters(bytesOf(reading))) {
    if (isUtf8(chunk)) {
      valid += hasHighBytes(chunk) ? 1 : 0;
      continue;
    }
    const counts = countCharacters(chunk);
    valid += counts.valid;
    invalid += counts.invalid;
    undefinedBytes += counts.undefinedBytes;
  }
  if (invalid === 0) return utf8;
  if (valid > 0) return {encoding: "utf-8", hasInvalid: true};
  if (undefinedBytes > 0)
    throw new Error("the text is neither UTF-8 nor UTF-16 nor Windows-1252; save the file as UTF-8");
  return {encoding: "windows-1252", hasInvalid: false};
}

/**
 * The text of a file as UTF-8 without a byte order mark, in pieces that end between two characters.
 *
 * @throws NotUtf8 when text that counts as valid UTF-8 turns out not to be
 */
export async function* utf8Of(reading: FileReading, {encoding, hasInvalid}: TextCode): AsyncGenerator<Buffer> {
  if (encoding !== "utf-8") {
    const decoder = new TextDecoder(encoding, {fatal: true});
    for await (const chunk of bytesOf(reading)) yield Buffer.from(decode(decoder, encoding, chunk));
    const rest = decode(decoder, encoding);
    if (rest.length > 0) yield Buffer.from(rest);
    return;
  }
  let isFirst = true;
  for await (const chunk of wholeCharacters(bytesOf(reading))) {
    if (!hasInvalid && !isUtf8(chunk)) throw new NotUtf8();
    yield isFirst && startsWithMark(chunk) ? chunk.subarray(3) : chunk;
    isFirst = false;
  }
}

/** The text of a file piece by piece, in whatever encoding it is; decompressed where its name ends in `.gz`. */
export async function* textOf(reading: FileReading): AsyncGenerator<string> {
  const code = await findEncoding(reading);
  if (code.hasInvalid) throw new Error("the text is not UTF-8 throughout; save the file as UTF-8");
  for await (const bytes of utf8Of(reading, code)) yield bytes.toString("utf8");
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function decode(decoder: TextDecoder, encoding: string, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, {stream: true}) : decoder.decode();
  } catch {
    throw new Error(`the text is not ${encoding.toUpperCase()} throughout; save the file as UTF-8`);
  }
}

/** Moves the bytes of a character that a piece ends within to the next piece. */
async function* wholeCharacters(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    const end = endOfCharacters(bytes);
    rest = end < bytes.length ? bytes.subarray(end) : undefined;
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest) yield rest;
}

function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes a character of UTF-8 has, by the first one. */
function lengthOf(byte: number): number {
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

function hasHighBytes(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x80) return true;
  return false;
}

/** The bytes that Windows-1252 gives no character. */
const notInWindows1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Counts the characters of several bytes that are UTF-8, and the bytes above 127 that are in none. */
function countCharacters(bytes: Buffer): {valid: number; invalid: number; undefinedBytes: number} {
  const counts = {valid: 0, invalid: 0, undefinedBytes: 0};
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    if (notInWindows1252.has(byte)) counts.undefinedBytes++;
    const length = lengthOf(byte);
    if (length > 1 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) {
      counts.valid++;
      at += length - 1;
    } else counts.invalid++;
  }
  return counts;
}
