import {type Connection, identifier, literal} from "../engines/duckdb.js";
import {rowColumn} from "./opened.js";
import type {Roles} from "./roles.js";
import type {TimeRole} from "./time_role.js";

/** No file has a column of such a name. */
const moment = identifier("moment\nof row");

/**
 * Makes the table `observed` of an opened file: a row a value, by its series, the day and the minute that its label shows. A number of an
 * hour in its day counts as so many hours. What follows the label (A or B, Z, an offset) is its suffix.
 */
export async function observe(connection: Connection, roles: Roles): Promise<void> {
  const {time} = roles;
  const keys = [roles.meter, ...roles.categories.map(({column}) => column)].flatMap((column) =>
    column === undefined ? [] : `coalesce(trim(${identifier(column)}), '')`
  );
  const key = keys.length === 0 ? "''" : keys.join(" || chr(10) || ");
  const cells =
    time.kind === "wide"
      ? cellsOf(time.cells)
      : time.kind === "lists"
        ? {values: `CAST(${identifier(roles.values[0]!.column)} AS VARCHAR[])`, names: "''"}
        : cellsOf(roles.values.map(({column}) => column));
  const perCell = time.kind === "wide" || time.kind === "lists";
  const number = roles.decimalMark === "," ? "replace(replace(cell, '.', ''), ',', '.')" : "replace(cell, ',', '')";
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE observed AS
     SELECT series, "row", stamp, DATE '1970-01-01' + CAST(day_number AS INTEGER) AS day, suffix, clocked, seconds, until_min,
       ${perCell ? "CAST(cell_number - 1 AS INTEGER)" : "minute"} AS place, try_cast(nullif(trim(${number}), '') AS DOUBLE) AS value, trim(coalesce(cell, '')) AS text
     FROM (
       SELECT * EXCLUDE (cells, names), unnest(cells) AS cell, unnest(range(1, len(cells) + 1)) AS cell_number,
         ${perCell ? "key" : "key || chr(10) || unnest(names)"} AS series
       FROM (
         SELECT ${key} AS key, ${identifier(rowColumn)} AS "row", ${cells.values} AS cells, ${perCell ? "NULL" : cells.names} AS names, ${moment}.*
         FROM (SELECT *, ${momentOf(time)} AS ${moment} FROM raw)
       )
     )`
  );
}

function cellsOf(names: readonly string[]): {values: string; names: string} {
  return {
    values: `[${names.map(identifier).join(", ")}]`,
    names: `[${names.map((_, index) => literal(names.length === 1 ? "" : String(index))).join(", ")}]`
  };
}

/** The parts of a row's time, as a struct. */
function momentOf(time: TimeRole): string {
  const text = `trim(${time.columns.map((name) => `coalesce(trim(CAST(${identifier(name)} AS VARCHAR)), '')`).join(" || ' ' || ")})`;
  if (time.kind === "wide" || time.kind === "lists")
    return struct({
      stamp: text,
      iso: `substr(iso_stamp(${text}, '${time.form}'), 1, 10)`,
      minute: "0",
      suffix: "''",
      clocked: "false"
    });
  if (time.kind === "hours") {
    const hour = `trim(${identifier(time.hour)})`;
    const value = `try_cast(regexp_extract(${hour}, '^([0-9]{1,2})(:00){0,2}$', 1) AS INTEGER)`;
    return struct({
      stamp: `${text} || ' ' || ${hour}`,
      iso: `substr(iso_stamp(${text}, '${time.form}'), 1, 10)`,
      dayBefore: `${value} = 0`,
      minute: `CASE WHEN ${value} = 0 THEN 24 ELSE ${value} END * 60`,
      suffix: "''",
      clocked: "false"
    });
  }
  const letter = `regexp_extract(${text}, '[0-9] *([AB])$', 1)`;
  const plain = `regexp_replace(${text}, '([0-9]) *[AB]$', '\\1')`;
  const number = `regexp_extract(${text}, '^[^T ]+[T ]+([0-9]{1,3})$', 1)`;
  const iso = `iso_stamp(CASE WHEN ${number} <> '' THEN regexp_extract(${text}, '^([^T ]+)', 1) ELSE ${plain} END, '${time.form}')`;
  const until = time.until
    ? `stamp_minutes(iso_stamp(trim(${time.until.map((name) => `coalesce(trim(CAST(${identifier(name)} AS VARCHAR)), '')`).join(" || ' ' || ")}), '${time.form}'))`
    : "NULL";
  return struct({
    stamp: text,
    iso: `CASE WHEN length(${iso}) > 10 OR ${number} <> '' THEN ${iso} END`,
    minute: `CASE WHEN ${number} <> '' THEN CAST(${number} AS BIGINT) * 60 ELSE stamp_minutes(${iso}) % 1440 END`,
    suffix: `CASE WHEN ${letter} <> '' THEN ${letter} ELSE coalesce(regexp_extract(substr(${iso}, 12), '(Z|[+-][0-9]{2}:[0-9]{2})$', 1), '') END`,
    clocked: `${number} = ''`,
    seconds: `coalesce(stamp_seconds(${iso}), 0)`,
    until
  });
}

interface Parts {
  readonly stamp: string;
  readonly iso: string;
  readonly minute: string;
  readonly suffix: string;
  readonly clocked: string;
  /** Whether the row is of the day before. */
  readonly dayBefore?: string;
  readonly seconds?: string;
  readonly until?: string;
}

function struct({
  stamp,
  iso,
  minute,
  suffix,
  clocked,
  dayBefore = "false",
  seconds = "0",
  until = "NULL"
}: Parts): string {
  return `{stamp: ${stamp}, day_number: stamp_minutes(${iso}) // 1440 - CASE WHEN ${dayBefore} THEN 1 ELSE 0 END, minute: CAST(${minute} AS INTEGER), suffix: ${suffix}, clocked: ${clocked},
    seconds: CAST(${seconds} AS INTEGER), until_min: CAST(${until} AS BIGINT)}`;
}
