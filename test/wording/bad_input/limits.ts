/** What the lake of the test allows a file to hold. */
export const limits = {decodedGiB: 0.001, documentMiB: 0.5, elementMiB: 0.06, columns: 60, depth: 20};

/** How a limit is named: by its value and its setting. */
export function beyond(what: string, name: keyof typeof limits): string {
  const unit = name.endsWith("GiB") ? " GiB" : name.endsWith("MiB") ? " MiB" : "";
  return `${what}: the limit is ${limits[name]}${unit}, and limits.${name} in the lake's sources.json raises it`;
}

/** Longer than an element, a line or a value may be. */
export const long = "x".repeat(80_000);

/** Lists within lists. */
export const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
