/** A record of a document of JSON: its fields by name, nested ones by dotted names, each as text. */
export type JsonRecord = ReadonlyMap<string, string | null>;

/** Where the records of a document are: the names on the way to them, with dots between; empty for the document itself. */
export interface RecordsPlace {
  readonly path: string;
  readonly count: number;
}

/** The list of a document that has the most records; undefined where it has none. */
export function placeOfRecords(document: unknown): RecordsPlace | undefined {
  const counts = new Map<string, number>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value)) {
      const records = value.filter((element) => typeof element === "object" && element !== null);
      if (records.length === value.length && value.length > 0) {
        const key = path.join(".");
        counts.set(key, (counts.get(key) ?? 0) + value.length);
        for (const record of records) if (!Array.isArray(record)) visit(record, path);
      }
    } else if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
  };
  visit(document, []);
  // Of lists within lists, the inner one has at least as many records as the outer one.
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || b[0].length - a[0].length);
  return ranked[0] && {path: ranked[0][0], count: ranked[0][1]};
}

/**
 * The records of a document at a place. A record has the fields of what it stands in, too: a meter's id beside the list of its
 * readings. A list of values has the names that `columns` beside it lists, as pandas writes it with `orient="split"`, or numbers from 1.
 *
 * @throws Error when there is no list at that place
 */
export function* recordsAt(document: unknown, path: string): Generator<JsonRecord> {
  const names = path === "" ? [] : path.split(".");
  yield* recordsIn(document, names, new Map(), []);
}

function* recordsIn(
  value: unknown,
  names: readonly string[],
  around: JsonRecord,
  siblings: readonly [columns?: unknown, index?: unknown]
): Generator<JsonRecord> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      if (names.length > 0) yield* recordsIn(element, names, around, []);
      else yield recordOf(element, index, around, siblings);
    return;
  }
  const [name, ...others] = names;
  if (name === undefined || typeof value !== "object" || value === null || !(name in value))
    throw new Error(name === undefined ? "no list of records is there" : `no ${name} is there`);
  const {[name]: inner, ...beside} = value as Record<string, unknown>;
  const fields = new Map(around);
  for (const [key, text] of fieldsOf(beside, "")) fields.set(fields.has(key) ? `${name} ${key}` : key, text);
  const {columns, index} = beside;
  yield* recordsIn(inner, others, fields, [columns, index]);
}

function recordOf(
  element: unknown,
  index: number,
  around: JsonRecord,
  [columns, indexes]: readonly [columns?: unknown, index?: unknown]
): JsonRecord {
  const record = new Map<string, string | null>();
  if (Array.isArray(element)) {
    if (Array.isArray(indexes)) record.set("index", textOf(indexes[index]));
    for (const [at, value] of element.entries())
      record.set(Array.isArray(columns) ? String(columns[at] ?? at + 1) : String(at + 1), textOf(value));
  } else if (typeof element === "object" && element !== null)
    for (const [name, text] of fieldsOf(element as Record<string, unknown>, "")) record.set(name, text);
  for (const [name, text] of around) if (!record.has(name)) record.set(name, text);
  return record;
}

/** The fields of an object that are no lists; those of objects in it by dotted names. */
function* fieldsOf(object: Record<string, unknown>, prefix: string): Generator<[string, string | null]> {
  for (const [name, value] of Object.entries(object))
    if (Array.isArray(value)) continue;
    else if (typeof value === "object" && value !== null)
      yield* fieldsOf(value as Record<string, unknown>, `${prefix}${name}.`);
    else yield [`${prefix}${name}`, textOf(value)];
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
