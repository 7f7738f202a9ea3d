import {literal} from "../engines/duckdb.js";
import type {CustomerMeter} from "../sources/erasure_request.js";
import type {Source} from "../sources/source.js";

/** Whose rows are looked for. */
export interface Customer {
  readonly client: string;
  readonly location?: string;
  readonly meters: readonly CustomerMeter[];
}

/** The columns that hold a meter's id, as sources call it. */
const meterColumns = ["meter_id", "ext_dev_ref", "meterpoint_id"];
/** Columns of Bronze that hold a line or a document as it came, where nothing could be read from it. */
const textColumns = ["line", "document"];

/** The columns of a table by which rows tell whose they are; none where they don't. */
export function idColumns(columns: readonly string[]): string[] {
  return columns.filter((name) => name === "location_id" || meterColumns.includes(name));
}

/** The column of a table that holds a meter's id. */
export function meterColumn(columns: readonly string[]): string | undefined {
  return columns.find((name) => meterColumns.includes(name));
}

/** SQL of the client whose a row is: the row's own, or its source's; undefined where a table tells neither. */
export function clientOf(columns: readonly string[], sources: readonly Source[]): string | undefined {
  const own = columns.includes("client_id") ? ["nullif(trim(client_id), '')"] : [];
  const ofSource = columns.includes("source") ? [ofSources(sources, ({clientId}) => clientId)] : [];
  const told = [...own, ...ofSource];
  return told.length > 0 ? `coalesce(${told.join(", ")}, NULL)` : undefined;
}

function ofSources(sources: readonly Source[], setting: (source: Source) => string | undefined): string {
  const cases = sources.flatMap((source) => {
    const value = setting(source);
    return value === undefined ? [] : [`WHEN ${literal(source.name)} THEN ${literal(value)}`];
  });
  return cases.length > 0 ? `CASE source ${cases.join(" ")} END` : "CAST(NULL AS VARCHAR)";
}

/**
 * SQL that is true of a table's rows that are the customer's: those of his location, and of his meters unless they name
 * another location. Where nothing of a row could be read, his id in its text will do, if it is nobody else's; `ids` are
 * those.
 */
export function isOfCustomer(
  customer: Customer,
  columns: readonly string[],
  sources: readonly Source[],
  ids: readonly string[] = []
): string {
  const {client, location, meters} = customer;
  const whose = clientOf(columns, sources);
  const conditions: string[] = [];
  const hasLocation = columns.includes("location_id");
  if (location !== undefined && hasLocation) conditions.push(`trim(location_id) = ${literal(location)}`);
  const column = meterColumn(columns);
  const fuel = columns.includes("fuel")
    ? `coalesce(fuel, ${columns.includes("source") ? ofSources(sources, (source) => source.fuel) : "NULL"})`
    : columns.includes("source")
      ? ofSources(sources, (source) => source.fuel)
      : undefined;
  for (const meter of column ? meters : []) {
    const parts = [`trim(${column}) = ${literal(meter.meter_id)}`];
    if (meter.fuel !== null && fuel) parts.push(`coalesce(${fuel}, ${literal(meter.fuel)}) = ${literal(meter.fuel)}`);
    if (!meter.anywhere && hasLocation)
      parts.push(`coalesce(trim(location_id), '') IN ('', ${literal(location ?? "")})`);
    conditions.push(`(${parts.join(" AND ")})`);
  }
  const named = conditions.length > 0 ? `(${conditions.join(" OR ")})` : "false";
  const his = whose ? `(${named} AND ${whose} = ${literal(client)})` : named;
  const texts = textColumns.filter((name) => columns.includes(name));
  if (ids.length === 0 || texts.length === 0 || idColumns(columns).length === 0) return his;
  const unread = `(${whose ? `${whose} IS NULL OR ` : ""}${idColumns(columns)
    .map((name) => `${name} IS NULL`)
    .join(" AND ")})`;
  const anyones = whose ? `coalesce(${whose}, ${literal(client)}) = ${literal(client)}` : "true";
  return `(${his} OR (${unread} AND ${anyones} AND (${texts.map((name) => mentions(name, ids)).join(" OR ")})))`;
}

/** Whose rows an erasure may touch. */
export interface Touched {
  readonly client: string;
  readonly location?: string;
  readonly meters: readonly string[];
}

/** SQL that is true of rows of the location or of one of the meters, wherever those then were. */
export function isTouched(
  {client, location, meters}: Touched,
  columns: readonly string[],
  sources: readonly Source[]
): string {
  const ids = meters.map(literal);
  const conditions = idColumns(columns).flatMap((name) => {
    if (name !== "location_id") return ids.length > 0 ? [`trim(${name}) IN (${ids.join(", ")})`] : [];
    return location === undefined ? [] : [`trim(location_id) = ${literal(location)}`];
  });
  if (conditions.length === 0) return "false";
  const whose = clientOf(columns, sources);
  return `((${conditions.join(" OR ")})${whose ? ` AND ${whose} = ${literal(client)}` : ""})`;
}

/** What of a letter, a digit, - or _ is beside an id belongs to another one. */
const partOfId = "\\pL\\pN_-";

/** Whether an id is of digits alone: in a text without quotes, it may as well be a number. */
export function isNumber(id: string): boolean {
  return /^\d+$/.test(id);
}

/** SQL that is true where a text has one of the ids in it, whole; one of digits between quotes. */
export function mentions(column: string, ids: readonly string[]): string {
  const [words, numbers] = [ids.filter((id) => !isNumber(id)), ids.filter(isNumber)];
  const conditions = numbers.map((id) => `contains(${column}, ${literal(`"${id}"`)})`);
  if (words.length > 0) {
    const contained = words.map((id) => `contains(${column}, ${literal(id)})`).join(" OR ");
    const pattern = `(^|[^${partOfId}])(${words.map(escaped).join("|")})($|[^${partOfId}])`;
    conditions.push(`((${contained}) AND regexp_matches(${column}, ${literal(pattern)}))`);
  }
  return conditions.length > 0 ? `(${conditions.join(" OR ")})` : "false";
}

/** Whether a text has one of the ids in it, whole; one of digits between quotes, which a text in quotes has escaped. */
export function mention(text: string, ids: readonly string[]): boolean {
  return ids.some((id) => (isNumber(id) ? text.includes(`"${id}"`) || text.includes(`"${id}\\"`) : stands(text, id)));
}

/** Whether an id stands in a text whole, digits or not. */
export function stands(text: string, id: string): boolean {
  const other = "[\\p{L}\\p{N}_-]";
  return text.includes(id) && new RegExp(`(?<!${other})${escaped(id)}(?!${other})`, "u").test(text);
}

function escaped(id: string): string {
  return id.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
