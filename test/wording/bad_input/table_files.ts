import {gzipSync} from "node:zlib";
import {type BadFile, wholeFile} from "./bad_file.js";
import {beyond, long, nested} from "./limits.js";

const header = "client_id,meter_id,fuel,channel,start,resolution,value,unit";
const row = "a,f,electricity,import,2022-03-01T00:00:00Z,60min,1.5,kWh";
const table = Buffer.from(`${header}\n${row}\n`);
const packed = gzipSync(table);
const wideNames = Array.from({length: 70}, (_, index) => `c${index}`);
const noise = Buffer.from(Array.from({length: 600}, (_, index) => (index * 7919 + (index >> 3) * 31) % 251));
const wrongSum = Buffer.from(packed);
wrongSum[wrongSum.length - 6]! ^= 0xff;

const notOurs = "column meter_id is missing; column value is missing; a column start or end or label is missing";
const tornGzip = "not readable: its compressed content is damaged or cut off; copy it again";
const tornParquet = "not readable: it is no whole Parquet file; copy it again";

/** Tables that are refused whole, of text and of Parquet. Good ones of the same kinds lie beside them. */
export const tableFiles: readonly BadFile[] = (
  [
    ["an empty file", "intervals/empty.csv", "", "the file is empty"],
    ["a file of line breaks", "intervals/breaks.csv", "\n\n", "not readable: there is nothing in it"],
    ["a table of another kind", "intervals/fruit.csv", "name,price\napple,1\n", notOurs],
    [
      "a column twice",
      "intervals/twice.csv",
      `${header},unit\n${row},kWh\n`,
      "not readable: column unit stands twice in line 1"
    ],
    ["columns without names", "intervals/nameless.csv", ",,\n1,2,3\n", notOurs],
    [
      "a quote that is never closed",
      "intervals/quote.csv",
      `${table}"${row}\n`,
      "not readable: line 3 has a quote that is never closed"
    ],
    [
      "a file of another ending",
      "intervals/notes.txt",
      "Dear customer\n",
      "not a .csv or .csv.gz or .jsonl or .jsonl.gz or .ndjson or .ndjson.gz or .parquet file"
    ],
    ["noise in place of a table", "intervals/noise.csv", noise, notOurs],
    [
      "zeros in place of a table",
      "intervals/zeros.csv",
      Buffer.alloc(3000),
      "not readable: it begins with zero bytes, as a file does that was never written whole; copy it again"
    ],
    [
      "a workbook in place of a table",
      "intervals/workbook.csv",
      Buffer.from("PK\x03\x04\x14\0\x06\0[Content_Types].xml", "latin1"),
      "not readable: its first bytes are those of a zip archive or a workbook; unpack it, or save its table as CSV"
    ],
    [
      "a PDF in place of a table",
      "intervals/bill.csv",
      "%PDF-1.7\n%âãÏÓ\n1 0 obj\n",
      "not readable: its first bytes are those of a PDF; ask its sender for the data themselves"
    ],
    [
      "a Parquet in place of a table",
      "intervals/parquet.csv",
      "PAR1\x15\0\x15",
      "not readable: its first bytes are those of Parquet; end its name in .parquet"
    ],
    [
      "a database in place of lines of JSON",
      "intervals/database.jsonl",
      "SQLite format 3\0\x10\0",
      "not readable: its first bytes are those of a SQLite database; end its name in .db"
    ],
    [
      "a gzip within a gzip",
      "intervals/twice.csv.gz",
      gzipSync(packed),
      "not readable: its first bytes are those of gzip; add .gz to its name, or decompress it"
    ],
    [
      "a table whose lines all have too many fields",
      "intervals/ragged.csv",
      `${header}\n${row},1,2\n`,
      "not readable: line 2 has 10 fields, and the header 8; no line below the header has as many"
    ],
    ["a gzip cut off", "intervals/torn.csv.gz", packed.subarray(0, -20), tornGzip],
    [
      "a gzip with text behind it",
      "intervals/behind.csv.gz",
      Buffer.concat([packed, Buffer.from("and more")]),
      tornGzip
    ],
    ["a gzip with a wrong sum", "intervals/sum.csv.gz", wrongSum, tornGzip],
    ["a gzip that isn't compressed", "intervals/plain.csv.gz", table, tornGzip],
    ["a gzip of nothing", "intervals/nothing.csv.gz", gzipSync(""), "not readable: there is nothing in it"],
    [
      "a gzip in a name that doesn't say so",
      "intervals/packed.csv",
      packed,
      "not readable: its first bytes are those of gzip; add .gz to its name, or decompress it"
    ],
    [
      "a gzip that is a bomb",
      "intervals/bomb.csv.gz",
      gzipSync(`${table}${`${row}\n`.repeat(40_000)}`),
      beyond("not readable: it is too large once it is decoded", "decodedGiB")
    ],
    [
      "a table of too many columns",
      "intervals/wide.csv",
      `${header},${wideNames}\n${row}${",1".repeat(70)}\n`,
      beyond("not readable: line 1 has 78 columns", "columns")
    ],
    [
      "a line that is too long",
      "intervals/long.csv",
      `${table}${row}${long}\n`,
      beyond("not readable: line 3 is too long, or a quote is missing in it", "elementMiB")
    ],
    [
      "UTF-16 cut within a letter",
      "intervals/half.csv",
      Buffer.from(`\uFEFF${table}x`, "utf16le").subarray(0, -1),
      "not readable: the text is not UTF-16LE throughout; save the file as UTF-8"
    ],
    [
      "a page of a web site in place of a table",
      "intervals/page.csv",
      "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>\n",
      notOurs
    ],
    [
      "lines that are nested too deep",
      "telemetry/nested.jsonl",
      `{"site": ${nested(300)}}\n`,
      beyond("not readable: a value in it is nested too deep", "depth")
    ],
    [
      "a line of JSON that is too long",
      "telemetry/long.jsonl",
      `{"site": "${long}"}\n`,
      beyond("not readable: line 1 is too long", "elementMiB")
    ],
    ["a Parquet of half its bytes", "intervals/half.parquet", undefined, tornParquet],
    ["a Parquet that is text", "intervals/text.parquet", `${table}${row}\n`, tornParquet],
    [
      "a Parquet that is damaged within",
      "intervals/damaged.parquet",
      undefined,
      "not readable: its Parquet is damaged; copy it again"
    ],
    [
      "a Parquet of other columns",
      "eliq/fruit.parquet",
      undefined,
      "column client_id is missing; column date is missing; column ext_dev_ref is missing; column energy_consumption is missing; column resolution is missing"
    ],
    ["a Parquet with a date that is a text", "eliq/text date.parquet", undefined, "column date is VARCHAR, not DATE"],
    ["a Parquet of magic words", "eliq/magic.parquet", "PAR1PAR1", tornParquet]
  ] as const
).map(([name, path, content, reason]) => wholeFile(name, path, content, reason));
