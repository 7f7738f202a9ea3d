import {gzipSync} from "node:zlib";

/** A file that something is wrong with, by its path under the landing folder. */
export interface BrokenFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A whole file of a source, which can be broken. */
export interface Sample {
  /** The source's folder under the landing folder. */
  readonly folder: string;
  /** What the file's name ends with, without the dot. */
  readonly ending: string;
  readonly bytes: Buffer;
}

/** What can be wrong with any file, whatever it is said to be: a name for it and what becomes of the whole file. */
const faults: Readonly<Record<string, (whole: Buffer) => Buffer>> = {
  empty: () => Buffer.alloc(0),
  "a line break alone": () => Buffer.from("\n"),
  "a byte order mark alone": () => Buffer.from("\uFEFF"),
  "half of it": (whole) => whole.subarray(0, whole.length / 2),
  "the last byte gone": (whole) => whole.subarray(0, -1),
  "the first byte gone": (whole) => whole.subarray(1),
  "its middle gone": (whole) =>
    Buffer.concat([whole.subarray(0, whole.length / 3), whole.subarray((2 * whole.length) / 3)]),
  "noise behind it": (whole) => Buffer.concat([whole, noise(200)]),
  "noise in it": (whole) =>
    Buffer.concat([whole.subarray(0, whole.length / 2), noise(50), whole.subarray(whole.length / 2)]),
  noise: () => noise(5000),
  "zeros alone": () => Buffer.alloc(3000),
  "zeros in it": (whole) =>
    Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.alloc(9), whole.subarray(whole.length / 2)]),
  "twice in one file": (whole) => Buffer.concat([whole, whole]),
  "UTF-16": (whole) => Buffer.from(`\uFEFF${whole.toString("utf8")}`, "utf16le"),
  "UTF-16 without a mark": (whole) => Buffer.from(whole.toString("utf8"), "utf16le"),
  "UTF-16, big end first": (whole) => Buffer.from(`\uFEFF${whole.toString("utf8")}`, "utf16le").swap16(),
  "a letter of Windows": (whole) => Buffer.concat([whole, Buffer.from("\xc5\x9eemaitija,\xe0\x81,1\n", "latin1")]),
  "a byte of no letter": (whole) => Buffer.from(whole.toString("latin1").replace(/[a-z]/g, "\xff"), "latin1"),
  "a page of a web site": () => Buffer.from("<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>\n"),
  "a PDF": () =>
    Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n%%EOF", "latin1"),
  "a workbook": () => Buffer.concat([Buffer.from("PK\x03\x04\x14\x00\x06\x00\x08\x00", "latin1"), noise(900)]),
  "a sentence": () => Buffer.from("Dear customer, your data will be ready tomorrow.\n"),
  "a path": () => Buffer.from("../../etc/passwd\n"),
  "some XML": () => Buffer.from('<?xml version="1.0"?><readings><reading at="2022-01-01">1</reading></readings>'),
  "XML that breaks off": () => Buffer.from('<?xml version="1.0"?><Publication_MarketDocument><TimeSeries><Period>'),
  "an entity without end": () => Buffer.from('<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>'),
  "JSON of another kind": () => Buffer.from('{"type": "FeatureCollection", "features": []}'),
  "a list of numbers": () => Buffer.from("[1, 2, 3]"),
  "a text of JSON": () => Buffer.from('"nothing"'),
  "a null of JSON": () => Buffer.from("null"),
  "JSON with a comma too many": () => Buffer.from('{"columns": ["a", "b"], "data": [[1, 2],]}'),
  "JSON of a nameless column": () => Buffer.from('{"columns": ["a", null], "data": [[1, 2]]}'),
  "JSON of wrong types": () =>
    Buffer.from('{"columns": {"a": 1}, "data": "none", "hourly": 7, "client_id": [], "valid_from": {}}'),
  "JSON of a row too short": () =>
    Buffer.from('{"columns": ["interval_start", "consumption_delta", "meterpoint_id"], "data": [["2021-03-22"]]}'),
  "half a character of JSON": () => Buffer.from('{"client_id": "\\ud800", "valid_from": "2022-01-01"}\n'),
  "deep JSON": () => Buffer.from("[".repeat(5000) + "]".repeat(5000)),
  "a table of another kind": () => Buffer.from("name,price\napple,1\npear,2\n"),
  "semicolons and commas": () => Buffer.from("a;b;c\n1,2,3\n1;2,3\n"),
  "a quote without end": (whole) => Buffer.concat([whole, Buffer.from('"open,1,2\n3,4,5\n')]),
  "a row too long": (whole) => Buffer.concat([whole, Buffer.from(`${"x,".repeat(60)}x\n${"x;".repeat(60)}x\n`)]),
  "a row too short": (whole) => Buffer.concat([whole, Buffer.from("x\ny\n")]),
  "a column twice": () => Buffer.from("client_id,client_id,value\na,b,1\n"),
  "columns without names": () => Buffer.from(",,\n1,2,3\n"),
  "line ends of an old Macintosh": (whole) => Buffer.from(whole.toString("utf8").replace(/\r?\n/g, "\r")),
  "escape sequences": () => Buffer.from("\x1b[31mred\x1b[0m,\x07\x08\n1,2\n"),
  "a magic word alone": () => Buffer.from("PAR1PAR1"),
  "a magic word and noise": () => Buffer.concat([Buffer.from("PAR1"), noise(100), Buffer.from("PAR1")]),
  "a database's first words": () => Buffer.concat([Buffer.from("SQLite format 3\0", "latin1"), noise(5000)]),
  "compressed, and not named so": (whole) => gzipSync(whole)
};

/** What can be wrong with a file that is said to be compressed. */
const faultsOfCompressed: Readonly<Record<string, (whole: Buffer) => Buffer>> = {
  "not compressed": (whole) => whole,
  "cut off": (whole) => gzipSync(whole).subarray(0, -20),
  "noise behind it": (whole) => Buffer.concat([gzipSync(whole), noise(50)]),
  "noise compressed": () => gzipSync(noise(3000)),
  "nothing compressed": () => gzipSync(Buffer.alloc(0)),
  "a header of gzip alone": (whole) => gzipSync(whole).subarray(0, 10),
  "a wrong sum": (whole) => {
    const bytes = gzipSync(whole);
    bytes[bytes.length - 6]! ^= 0xff;
    return bytes;
  }
};

/** Each sample broken in every way. */
export function brokenFiles(samples: readonly Sample[]): BrokenFile[] {
  return samples.flatMap(({folder, ending, bytes}) => {
    const broken = (set: typeof faults, end: string) =>
      Object.entries(set).map(([fault, breakIt]) => ({path: `${folder}/${fault}.${end}`, bytes: breakIt(bytes)}));
    const isText = !["parquet", "db", "xml"].includes(ending);
    return [...broken(faults, ending), ...(isText ? broken(faultsOfCompressed, `${ending}.gz`) : [])];
  });
}

/** Bytes of no kind of file, always the same. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 12345;
  for (let index = 0; index < length; index++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    bytes[index] = state >> 16;
  }
  return bytes;
}
