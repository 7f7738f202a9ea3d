import {type DuckDBType, DuckDBTypeId} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import {type Data, type DataType, makeData} from "apache-arrow";

/** Some of the values of one DuckDB vector, in order. */
export interface Part {
  readonly vector: duckdb.Vector;
  /** How many values the vector has. */
  readonly size: number;
  /** Which of them count, as runs: all of a column's, and of a list's children those that a list holds. */
  readonly ranges: readonly Range[];
}

interface Range {
  readonly start: number;
  readonly count: number;
}

interface Texts {
  readonly valueOffsets: Int32Array;
  readonly data: Uint8Array;
}

/** Copies the values of DuckDB vectors of one type, one after the other, into the buffers of one Arrow column. */
export function readData(type: DataType, source: DuckDBType, parts: readonly Part[]): Data {
  const length = parts.reduce((sum, {ranges}) => ranges.reduce((inner, {count}) => inner + count, sum), 0);
  const common = {type: type as any, length, ...readValidity(parts, length)};
  switch (source.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return makeData({...common, data: packBits(readBytes(parts, length, 1))});
    case DuckDBTypeId.DECIMAL:
      return makeData({
        ...common,
        data: widen(readBytes(parts, length, decimalBytes(source.width)), decimalBytes(source.width))
      });
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BLOB:
      return makeData({...common, ...readTexts(parts, length, common.nullBitmap)});
    case DuckDBTypeId.ENUM:
      return makeData({
        ...common,
        ...readWords(source.values, byteWidth(source.internalTypeId), parts, length, common.nullBitmap)
      });
    case DuckDBTypeId.STRUCT:
      return makeData({
        ...common,
        children: source.entryTypes.map((entry, index) =>
          readData(
            type.children[index]!.type,
            entry,
            parts.map((part) => ({...part, vector: duckdb.struct_vector_get_child(part.vector, index)}))
          )
        )
      });
    case DuckDBTypeId.ARRAY: {
      const children = parts.map(({vector, size, ranges}) => ({
        vector: duckdb.array_vector_get_child(vector),
        size: size * source.length,
        ranges: ranges.map(({start, count}) => ({start: start * source.length, count: count * source.length}))
      }));
      return makeData({...common, child: readData(type.children[0]!.type, source.valueType, children)});
    }
    case DuckDBTypeId.LIST: {
      const {valueOffsets, children} = readLists(parts, length, common.nullBitmap);
      return makeData({...common, valueOffsets, child: readData(type.children[0]!.type, source.valueType, children)});
    }
    case DuckDBTypeId.MAP: {
      const {valueOffsets, children} = readLists(parts, length, common.nullBitmap);
      return makeData({...common, valueOffsets, child: readEntries(type.children[0]!.type, source, children)});
    }
    default:
      return makeData({...common, data: readBytes(parts, length, byteWidth(source.typeId))});
  }
}

/** The entries of maps: in DuckDB too, structs of a key and a value. */
function readEntries(
  type: DataType,
  {keyType, valueType}: {keyType: DuckDBType; valueType: DuckDBType},
  parts: readonly Part[]
): Data {
  const children = [keyType, valueType].map((entry, index) =>
    readData(
      type.children[index]!.type,
      entry,
      parts.map((part) => ({...part, vector: duckdb.struct_vector_get_child(part.vector, index)}))
    )
  );
  return makeData({type: type as any, length: children[0]!.length, nullCount: 0, children});
}

/** DuckDB's validity mask and Arrow's are the same bits; a column without NULLs has none. */
function readValidity(parts: readonly Part[], length: number): {nullCount: number; nullBitmap?: Uint8Array} {
  let nullBitmap: Uint8Array | undefined;
  let nullCount = 0;
  let at = 0;
  for (const {vector, size, ranges} of parts) {
    // The binding answers null where every value is valid, though its type doesn't say so.
    const mask = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null;
    for (const {start, count} of ranges) {
      if (mask) {
        for (let index = 0; index < count; index++) {
          if (isSet(mask, start + index)) continue;
          nullBitmap ??= new Uint8Array(Math.ceil(length / 64) * 8).fill(0xff);
          nullBitmap[(at + index) >> 3]! &= ~(1 << ((at + index) & 7));
          nullCount++;
        }
      }
      at += count;
    }
  }
  return {nullCount, nullBitmap};
}

function isSet(mask: Uint8Array, index: number): boolean {
  return (mask[index >> 3]! & (1 << (index & 7))) !== 0;
}

/** Values of a fixed width, side by side, in a buffer of their own: DuckDB's memory goes with its chunk. */
function readBytes(parts: readonly Part[], length: number, width: number): Uint8Array {
  const bytes = new Uint8Array(length * width);
  let at = 0;
  for (const {vector, size, ranges} of parts) {
    if (size === 0) continue;
    const data = duckdb.vector_get_data(vector, size * width);
    for (const {start, count} of ranges) {
      bytes.set(data.subarray(start * width, (start + count) * width), at);
      at += count * width;
    }
  }
  return bytes;
}

/** Booleans of a byte each as bits. */
function packBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(bytes.length / 64) * 8);
  for (let index = 0; index < bytes.length; index++) if (bytes[index]) bits[index >> 3]! |= 1 << (index & 7);
  return bits;
}

/** Integers of 2, 4 or 8 bytes as integers of 16, their sign kept. */
function widen(bytes: Uint8Array, width: number): Uint32Array {
  if (width === 16) return new Uint32Array(bytes.buffer);
  const words = width === 2 ? Int32Array.from(new Int16Array(bytes.buffer)) : new Int32Array(bytes.buffer);
  const given = width === 8 ? 2 : 1;
  const wide = new Int32Array((words.length / given) * 4);
  for (let from = 0, to = 0; from < words.length; from += given, to += 4) {
    const high = words[from + given - 1]!;
    wide[to] = words[from]!;
    wide[to + 1] = given === 2 ? high : high >> 31;
    wide[to + 2] = high >> 31;
    wide[to + 3] = high >> 31;
  }
  return new Uint32Array(wide.buffer);
}

/**
 * Texts as UTF-8 bytes, never decoded. DuckDB keeps 16 bytes a text: its length, then the text itself where it has
 * twelve bytes or fewer, else four bytes of it and a pointer to all of it.
 */
function readTexts(parts: readonly Part[], length: number, nullBitmap?: Uint8Array): Texts {
  const valueOffsets = new Int32Array(length + 1);
  let data = new Uint8Array(Math.max(64, length * 8));
  let row = 0;
  let end = 0;
  for (const {vector, size, ranges} of parts) {
    if (size === 0) continue;
    const heads = duckdb.vector_get_data(vector, size * 16);
    const view = new DataView(heads.buffer, heads.byteOffset, heads.byteLength);
    for (const {start, count} of ranges) {
      for (let index = start; index < start + count; index++, row++) {
        // What stands in place of a NULL is not a text.
        const bytes = nullBitmap && !isSet(nullBitmap, row) ? 0 : view.getUint32(index * 16, true);
        if (end + bytes > data.length) data = enlarged(data, end + bytes);
        if (bytes > 12) {
          data.set(
            duckdb.get_data_from_pointer(heads.buffer as ArrayBuffer, heads.byteOffset + index * 16 + 8, bytes),
            end
          );
        } else {
          for (let byte = 0, from = index * 16 + 4; byte < bytes; byte++) data[end + byte] = heads[from + byte]!;
        }
        end += bytes;
        valueOffsets[row + 1] = end;
      }
    }
  }
  return {valueOffsets, data: data.subarray(0, end)};
}

function enlarged(data: Uint8Array, needed: number): Uint8Array {
  const larger = new Uint8Array(Math.max(needed, data.length * 2));
  larger.set(data);
  return larger;
}

/** The words of an enum in place of their numbers. */
function readWords(
  words: readonly string[],
  width: number,
  parts: readonly Part[],
  length: number,
  nullBitmap?: Uint8Array
): Texts {
  const {buffer} = readBytes(parts, length, width);
  const numbers =
    width === 1 ? new Uint8Array(buffer) : width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
  const encoded = words.map((word) => Buffer.from(word));
  const valueOffsets = new Int32Array(length + 1);
  const texts: Uint8Array[] = [];
  numbers.forEach((number, row) => {
    const text = nullBitmap && !isSet(nullBitmap, row) ? undefined : encoded[number];
    if (text) texts.push(text);
    valueOffsets[row + 1] = valueOffsets[row]! + (text?.length ?? 0);
  });
  return {valueOffsets, data: Buffer.concat(texts)};
}

/** Offsets of lists, and the runs of children they hold: DuckDB's lists may overlap, stand in any order and leave gaps. */
function readLists(
  parts: readonly Part[],
  length: number,
  nullBitmap?: Uint8Array
): {valueOffsets: Int32Array; children: Part[]} {
  const valueOffsets = new Int32Array(length + 1);
  let row = 0;
  const children = parts.map(({vector, size, ranges}) => {
    const data = size > 0 ? duckdb.vector_get_data(vector, size * 16) : new Uint8Array();
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const runs: {start: number; count: number}[] = [];
    for (const {start, count} of ranges) {
      for (let index = start; index < start + count; index++, row++) {
        const held = nullBitmap && !isSet(nullBitmap, row) ? 0 : Number(view.getBigUint64(index * 16 + 8, true));
        valueOffsets[row + 1] = valueOffsets[row]! + held;
        if (held === 0) continue;
        const from = Number(view.getBigUint64(index * 16, true));
        const last = runs.at(-1);
        if (last && last.start + last.count === from) last.count += held;
        else runs.push({start: from, count: held});
      }
    }
    return {vector: duckdb.list_vector_get_child(vector), size: duckdb.list_vector_get_size(vector), ranges: runs};
  });
  return {valueOffsets, children};
}

/** Bytes of a decimal of so many digits in DuckDB. */
function decimalBytes(digits: number): number {
  return digits <= 4 ? 2 : digits <= 9 ? 4 : digits <= 18 ? 8 : 16;
}

/** Bytes of a value whose width its type alone tells. */
function byteWidth(typeId: DuckDBTypeId): number {
  switch (typeId) {
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.UTINYINT:
      return 1;
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.USMALLINT:
      return 2;
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DATE:
      return 4;
    case DuckDBTypeId.HUGEINT:
      return 16;
    default:
      return 8;
  }
}
