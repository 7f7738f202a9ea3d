import {createReadStream} from "node:fs";
import {open} from "node:fs/promises";
import {createGunzip} from "node:zlib";

/** The first bytes of a file, decompressed where it is gzip whatever its name. */
export interface Head {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

const length = 64 * 1024;

/**
 * Reads the first bytes of a file.
 *
 * @throws Error when there is no such file, or nothing in it
 */
export async function headOf(file: string): Promise<Head> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new Error(`file not found: ${file}; name a file that is there`);
    throw new Error(`file can't be opened: ${file}: ${error.code}; check that you may read it`);
  });
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`not a file: ${file}; name a file in it`);
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.length === 0) throw new Error(`the file is empty: ${file}`);
    if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return {bytes, isCompressed: false};
  } finally {
    await handle.close();
  }
  const chunks: Buffer[] = [];
  let read = 0;
  const stream = createReadStream(file).pipe(createGunzip());
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      read += chunk.length;
      if (read >= length) break;
    }
  } finally {
    stream.destroy();
  }
  if (read === 0) throw new Error(`the file is empty: ${file}`);
  return {bytes: Buffer.concat(chunks).subarray(0, length), isCompressed: true};
}

/** The text of the first bytes, whatever its encoding, without a byte order mark. */
export function textOf({bytes}: Head): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[1] === 0 && bytes[0] !== 0);
  const encoding = isWide ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes).replace(/^\uFEFF/, "");
}
