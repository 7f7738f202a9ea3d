import {literal} from "../engines/duckdb.js";
import type {CustomerMeter} from "../sources/erasure_request.js";
import type {Source} from "../sources/source.js";
import {type Identities, idColumns} from "./identity.js";

/** Whose rows are looked for. */
export interface Customer {
  readonly client: string;
  readonly location?: string;
  readonly meters: readonly CustomerMeter[];
}

/** SQL of a row's client: its own, or its source's; undefined where a table has neither. */
export function clientOf(columns: readonly string[], {sources}: Pick<Identities, "sources">): string | undefined {
  const own = columns.includes("client_id") ? ["nullif(trim(client_id), '')"] : [];
  const ofSource = columns.includes("source") ? [ofSources(sources, ({clientId}) => clientId)] : [];
  const named = [...own, ...ofSource];
  return named.length > 0 ? `coalesce(${named.join(", ")}, NULL)` : undefined;
}

function ofSources(sources: readonly Source[], setting: (source: Source) => string | undefined): string {
  const cases = sources.flatMap((source) => {
    const value = setting(source);
    return value === undefined ? [] : [`WHEN ${literal(source.name)} THEN ${literal(value)}`];
  });
  return cases.length > 0 ? `CASE source ${cases.join(" ")} END` : "CAST(NULL AS VARCHAR)";
}

/**
 * SQL that is true for the customer's rows of a table: those of the location, and those of the meters unless they name
 * another location. A row from which no id could be read is the customer's if its text has one of `ids`, which no other
 * client has.
 */
export function isOfCustomer(
  customer: Customer,
  columns: readonly string[],
  identities: Identities,
  ids: readonly string[] = []
): string {
  const {sources} = identities;
  const {client, location, meters} = customer;
  const whose = clientOf(columns, identities);
  const conditions: string[] = [];
  const places = columns.filter((name) => identities.locations.includes(name));
  if (location !== undefined) conditions.push(...places.map((name) => `trim(${name}) = ${literal(location)}`));
  const column = columns.find((name) => identities.meters.includes(name));
  const fuel = columns.includes("fuel")
    ? `coalesce(fuel, ${columns.includes("source") ? ofSources(sources, (source) => source.fuel) : "NULL"})`
    : columns.includes("source")
      ? ofSources(sources, (source) => source.fuel)
      : undefined;
  for (const meter of column ? meters : []) {
    const parts = [`trim(${column}) = ${literal(meter.meter_id)}`];
    if (meter.fuel !== null && fuel) parts.push(`coalesce(${fuel}, ${literal(meter.fuel)}) = ${literal(meter.fuel)}`);
    if (!meter.anywhere)
      parts.push(...places.map((name) => `coalesce(trim(${name}), '') IN ('', ${literal(location ?? "")})`));
    conditions.push(`(${parts.join(" AND ")})`);
  }
  const named = conditions.length > 0 ? `(${conditions.join(" OR ")})` : "false";
  const own = whose ? `(${named} AND ${whose} = ${literal(client)})` : named;
  const texts = columns.filter((name) => identities.records.includes(name));
  if (ids.length === 0 || texts.length === 0 || idColumns(columns, identities).length === 0) return own;
  const unread = `(${whose ? `${whose} IS NULL OR ` : ""}${idColumns(columns, identities)
    .map((name) => `${name} IS NULL`)
    .join(" AND ")})`;
  const isNoOthers = whose ? `coalesce(${whose}, ${literal(client)}) = ${literal(client)}` : "true";
  return `(${own} OR (${unread} AND ${isNoOthers} AND (${texts.map((name) => mentions(name, ids)).join(" OR ")})))`;
}

/** Whose rows an erasure may touch. */
export interface Touched {
  readonly client: string;
  readonly locations: readonly string[];
  readonly meters: readonly string[];
}

/** SQL that is true for rows of one of the locations, or of one of the meters wherever it then was. */
export function isTouched(
  {client, locations, meters}: Touched,
  columns: readonly string[],
  identities: Identities
): string {
  const conditions = idColumns(columns, identities).flatMap((name) => {
    const ids = identities.meters.includes(name) ? meters : locations;
    return ids.length > 0 ? [`trim(${name}) IN (${ids.map(literal).join(", ")})`] : [];
  });
  if (conditions.length === 0) return "false";
  const whose = clientOf(columns, identities);
  return `((${conditions.join(" OR ")})${whose ? ` AND ${whose} = ${literal(client)}` : ""})`;
}

/** Characters that make an id a part of a longer id when they stand beside it. */
const partOfId = "\\pL\\pN_-";

/** The ways in which files write an id: as it is, and escaped as in JSON, CSV, XML and addresses. */
export function spellings(id: string): string[] {
  const xml = id.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  return [...new Set([id, JSON.stringify(id).slice(1, -1), id.replaceAll('"', '""'), xml, encodeURIComponent(id)])];
}

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

/** SQL that is true where a record of delimited text has one of the ids in it; one of digits has to be a whole field. */
export function mentionsField(column: string, ids: readonly string[]): string {
  const numbers = ids.filter(isNumber);
  const asField = `(^|[,;|\t])\\s*"?(${numbers.join("|")})"?\\s*($|[,;|\t])`;
  const isField = numbers.length > 0 ? `regexp_matches(${column}, ${literal(asField)})` : "false";
  return `(${mentions(column, ids)} OR ${isField})`;
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
