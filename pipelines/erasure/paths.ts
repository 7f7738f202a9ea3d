import {isNumber, stands} from "./customer.js";

/** A shorter id may be a part of any name, as one of digits may: it has to stand there whole. */
const shortest = 4;

/** Whether an id may be looked for as a part of a name. */
export function isLong(id: string): boolean {
  return id.length >= shortest && !isNumber(id);
}

/** Whether a file's name, or a folder's in its path, has one of the ids in it. */
export function namesId(path: string, ids: readonly string[]): boolean {
  return ids.some((id) => (isLong(id) ? path.includes(id) : stands(path, id)));
}

/** A folder of a year, a month or a day is nobody's. */
const isDate = /^((19|20)\d\d|\d\d|\d{4}-\d\d(-\d\d)?)$/;

/**
 * A path without the customer's ids in it: in their place stands a part of the hash of the content that was. The
 * source's folder stays, and the client's.
 */
export function withoutIds(path: string, ids: readonly string[], sha256: string, client: string): string {
  const [folder, ...names] = path.split("/");
  const instead = `erased-${sha256.slice(0, 12)}`;
  return [
    folder,
    ...names.map((name) => (name === client || isDate.test(name) ? name : replaced(name, ids, instead)))
  ].join("/");
}

/** A text without the ids that stand in it. */
export function replaced(text: string, ids: readonly string[], instead: string): string {
  return [...ids]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, id) => (namesId(rest, [id]) ? rest.split(id).join(instead) : rest), text);
}
