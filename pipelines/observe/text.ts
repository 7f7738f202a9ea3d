/** A number as people read it: `8,760`. */
export function quantity(number: number | bigint): string {
  return number.toLocaleString("en-US");
}

/** A number of things: `1 file`, `2 files`. */
export function count(number: number, thing: string): string {
  return `${quantity(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** Rows of cells as lines, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[], align: readonly ("left" | "right")[]): string[] {
  const widths = align.map((_, column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        align[column] === "right" ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
      )
      .join("  ")
      .trimEnd()
  );
}
