/** Reads a CSV text by RFC 4180 to the letter: NULL for an empty cell, a text for `""`. */
export function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  const field = /"(?:[^"]|"")*"|[^",\r\n]*/y;
  let at = 0;
  while (at < text.length) {
    field.lastIndex = at;
    const [raw] = field.exec(text)!;
    row.push(raw === "" ? null : raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    at += raw.length;
    if (text[at] === ",") {
      at += 1;
    } else if (text.startsWith("\r\n", at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else {
      throw new Error(`not RFC 4180 at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    }
  }
  if (row.length > 0) throw new Error("not RFC 4180: the last line has no end");
  return rows;
}
