/** Whether a file's name ends in one of some extensions, in small letters or capitals. */
export function hasExtension(path: string, extensions: readonly string[]): boolean {
  return extensions.some((extension) => path.toLowerCase().endsWith(extension));
}

/** Whether a file's name says that it is compressed. */
export function isCompressed(path: string): boolean {
  return hasExtension(path, [".gz"]);
}
