const layers = ["bronze", "silver", "gold", "quality", "ops"];

/** Dotted names sorted by name within bronze, silver, gold, quality, ops. */
export function byLayer(names: readonly string[]): string[] {
  const rank = (name: string) => `${layers.indexOf(layerOf(name))}${name}`;
  return [...names].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** `silver` of `silver.reading`. */
export function layerOf(name: string): string {
  return name.split(".")[0]!;
}
