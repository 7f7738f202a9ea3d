import {literal} from "../engines/duckdb.js";
import {listed} from "../models/header.js";
import type {Model} from "../models/model.js";

/** The columns of a Bronze model by which rows name a customer, a meter or a location. */
export function idColumns({extra}: Model): ReadonlySet<string> {
  return new Set(["client_id", ...listed(extra.meter), ...listed(extra.location)]);
}

/**
 * SQL of an id as every file has it: a whole number that its file holds as a DOUBLE, as pandas stores numbers beside a missing one, is
 * written 42.0, and is the 42 of other files. Spaces around an id are none of it, as where a comma has one behind it. All other texts
 * stay as they are, leading zeros too.
 */
export function idText(text: string): string {
  return `CASE WHEN starts_with(${text}, ' ') OR suffix(${text}, ' ') THEN trim(${text})
    WHEN suffix(${text}, '.0') AND regexp_full_match(${text}, '(0|[1-9][0-9]{0,15})[.]0') THEN ${text}[:-3] ELSE ${text} END`;
}

/** SQL of why an id can't be the one that was meant: a DOUBLE beyond 2^53 has lost its last digits. NULL where it can. */
export function idProblem(name: string, text: string): string {
  const isLost = `(contains(${text}, 'e+') AND regexp_full_match(${text}, '[0-9]([.][0-9]+)?e[+][0-9]+')) OR (suffix(${text}, '.0')
    AND regexp_full_match(${text}, '[1-9][0-9]{15,}[.]0') AND try_cast(${text} AS DECIMAL(38, 1)) > 9007199254740992)`;
  const what = literal(
    `${name.replaceAll("_", " ")} is a floating-point number beyond 2^53, whose last digits are lost: `
  );
  return `CASE WHEN ${isLost} THEN ${what} || ${text} END`;
}
