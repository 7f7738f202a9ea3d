import {basename, extname} from "node:path";

/** Whether a file's name ends in one of some extensions, in small letters or capitals. */
export function hasExtension(path: string, extensions: readonly string[]): boolean {
  return extensions.some((extension) => path.toLowerCase().endsWith(extension));
}

/** Whether a file's name says that it is compressed. */
export function isCompressed(path: string): boolean {
  return hasExtension(path, [".gz"]);
}

/** `.csv.gz` of `a.b.csv.gz`, in lower case. */
export function extensionOf(file: string): string {
  const name = basename(file).toLowerCase();
  const last = extname(name);
  const inner = last === ".gz" ? extname(name.slice(0, -last.length)) : "";
  return /^[.\w]*$/.test(inner + last) ? inner + last : "";
}
