/** The names most like a misspelt one, nearest first, at most three: for `did you mean`. */
function nearNames(name: string, names: Iterable<string>): string[] {
  const last = (dotted: string) => dotted.split(".").at(-1);
  if (name.length > longestName) return [];
  const limit = Math.max(2, Math.floor((name.length * 3) / 7));
  return [...new Set(names)]
    .map((other) => ({other, far: last(other) === last(name) ? 0 : distance(name, other)}))
    .filter(({far}) => far <= limit)
    .sort((a, b) => a.far - b.far || (a.other < b.other ? -1 : 1))
    .slice(0, 3)
    .map(({other}) => other);
}

/** What is longer is no misspelt name, and would take long to compare. */
const longestName = 200;

/** `; did you mean a, b?`, or nothing where no name is near. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const near = nearNames(name, names);
  return near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
}

/** Levenshtein's: how many letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
