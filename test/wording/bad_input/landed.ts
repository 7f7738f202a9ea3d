import {type BadFile, type BadRow, fileOfRows} from "./bad_file.js";

export const list = "silver.reading_reject";

/** A file of a known format, whose client has the format's name. */
export function landed(
  name: string,
  ending: string,
  texts: {above?: string; good: string; below?: string},
  rows: readonly BadRow<string>[],
  said: Omit<NonNullable<BadFile["format"]>, "name" | "client"> = {}
): BadFile {
  return {...fileOfRows(`${name}.${ending}`, list, texts, rows), format: {name, client: name, ...said}};
}

/** What is said of a file that names no meter. */
export const home = {defaults: {location_id: "home"}};
