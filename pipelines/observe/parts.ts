/** Puts together how far work is whose parts, all of one size, tell for themselves: from 0 to 1, and their rows. */
export function progressOfParts(
  count: number,
  onProgress: (share: number, rows: number) => void
): (part: number, share: number, rows: number) => void {
  const parts = new Map<number, {share: number; rows: number}>();
  return (part, share, rows) => {
    // A statement's own estimate may go back: nobody wants to see that.
    const before = parts.get(part) ?? {share: 0, rows: 0};
    parts.set(part, {share: Math.max(before.share, share), rows: Math.max(before.rows, rows)});
    const all = [...parts.values()];
    const done = all.reduce((sum, {share}) => sum + share, 0) / count;
    onProgress(
      Math.min(done, 1),
      all.reduce((sum, {rows}) => sum + rows, 0)
    );
  };
}
