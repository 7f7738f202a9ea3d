import type {Catalog} from "./catalog.js";

const known = new WeakMap<Catalog, Map<string, Promise<unknown>>>();

/**
 * Works something out of a catalog's tables once: models that read the same ask the same. What failed is tried again.
 *
 * @param key what is worked out, and of which versions: all that the answer depends on
 */
export function once<T>(catalog: Catalog, key: unknown, work: () => Promise<T>): Promise<T> {
  const answers = known.get(catalog) ?? new Map<string, Promise<unknown>>();
  known.set(catalog, answers);
  const name = JSON.stringify(key);
  const before = answers.get(name);
  if (before) return before as Promise<T>;
  const answer = work();
  answers.set(name, answer);
  answer.catch(() => answers.delete(name));
  return answer;
}
