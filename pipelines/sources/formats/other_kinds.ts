/** What files begin with that are no text, and what can be done with them. */
const otherKinds: readonly (readonly [start: Buffer, sentence: string])[] = [
  [Buffer.from([0x1f, 0x8b]), "its first bytes are those of gzip; add .gz to its name, or decompress it"],
  [
    Buffer.from("PK\x03\x04", "latin1"),
    "its first bytes are those of a zip archive or a workbook; unpack it, or save its table as CSV"
  ],
  [Buffer.from("%PDF-"), "its first bytes are those of a PDF; ask its sender for the data themselves"],
  [Buffer.from("PAR1"), "its first bytes are those of Parquet; end its name in .parquet"],
  [Buffer.from("SQLite format 3\0"), "its first bytes are those of a SQLite database; end its name in .db"],
  [Buffer.alloc(16), "it begins with zero bytes, as a file does that was never written whole; copy it again"]
];

/** @throws Error when text begins with the bytes of another kind of file */
export function refuseOtherKind(head: Buffer): void {
  const found = otherKinds.find(([start]) => head.subarray(0, start.length).equals(start));
  if (found) throw new Error(found[1]);
}
