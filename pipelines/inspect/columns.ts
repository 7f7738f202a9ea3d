import {type Connection, identifier} from "../engines/duckdb.js";
import type {OpenFile} from "./file.js";
import {certain, type Finding, likely, unknown} from "./finding.js";

/** What the columns of a file are for. */
export interface Roles {
  /** Undefined where the file is of one meter and doesn't name it. */
  readonly meter?: string;
  readonly time: string;
  /** How the time is written, as `strptime` has it; undefined for ISO 8601 and what is like it. */
  readonly timeFormat?: string;
  readonly value: string;
  /** Whether a row's value is a list, a whole day. */
  readonly isArray: boolean;
  readonly decimalMark: "." | ",";
  readonly client?: string;
  readonly resolution?: string;
}

/** A date, T or a space, an hour, :MM, :SS, then A or B, Z or an offset. */
export const labelPattern =
  "^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,3})(:([0-9]{2})(:([0-9]{2})([.][0-9]+)?)?)?([AB]|Z|[+-][0-9]{2}(:?[0-9]{2})?)?$";
const datePattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const timeFormats = [
  "%d.%m.%Y %H:%M",
  "%d.%m.%Y %H:%M:%S",
  "%d/%m/%Y %H:%M",
  "%m/%d/%Y %H:%M",
  "%Y/%m/%d %H:%M",
  "%Y%m%d%H%M"
];

/** What the values of a column look like. */
interface Look {
  readonly name: string;
  readonly type: string;
  readonly filled: number;
  readonly distinct: number;
  readonly labels: number;
  readonly dates: number;
  readonly points: number;
  readonly commas: number;
  readonly integers: number;
  readonly example: string;
}

/** Finds out which column is the meter, the time and the value. */
export async function findRoles(
  connection: Connection,
  {columns}: OpenFile
): Promise<{roles: Roles | undefined; findings: Finding[]}> {
  const looks = await Promise.all(columns.map((column) => lookAt(connection, column)));
  const list = looks.find(({type}) => /^(BIGINT|INTEGER|DOUBLE|FLOAT|DECIMAL\(.*\)|SMALLINT)\[\]$/.test(type));
  const time = await findTime(connection, looks, list !== undefined);
  const value = list ?? findValue(looks, time?.look);
  const findings: Finding[] = [];
  if (!time)
    findings.push(
      unknown("time", seen(looks), "a column of dates or instants, or the sender's word on how they are written")
    );
  if (!value) findings.push(unknown("value", seen(looks), "a column of numbers, one decimal mark in all of them"));
  if (!time || !value) return {roles: undefined, findings};
  const meter = await findMeter(connection, looks, time.look, value);
  findings.push(
    meter
      ? certain(
          "meter",
          meter.name,
          `${meter.distinct} different, such as ${meter.example}; with ${time.look.name} it tells the rows apart`
        )
      : unknown("meter", "no column tells series apart: the file is of one", "the file's name, or the sender"),
    time.other === undefined
      ? certain(
          "time",
          time.look.name,
          `such as ${time.look.example}${time.format ? `, written as ${time.format}` : ""}`
        )
      : likely(
          "time",
          time.look.name,
          `such as ${time.look.example}; ${time.format} and ${time.other} both fit`,
          "a day above 12"
        ),
    certain(
      "value",
      value.name,
      list ? `lists of numbers, type ${list.type}` : `such as ${value.example}; ${value.distinct} different`
    )
  );
  const decimalMark = value.commas > value.points ? "," : ".";
  if (value.commas + value.points > 0 || list)
    findings.push(
      value.commas > 0 && value.points > 0
        ? likely(
            "decimal mark",
            decimalMark,
            `${value.commas} values with a comma, ${value.points} with a point`,
            "the sender: one of them is wrong"
          )
        : certain(
            "decimal mark",
            decimalMark,
            list ? "numbers of a binary type" : `${value.commas + value.points} values have it, none the other`
          )
    );
  else findings.push(unknown("decimal mark", "all values are whole numbers", "a value that isn't"));
  const named = (pattern: RegExp) =>
    looks.find((look) => pattern.test(look.name) && look !== meter && look !== value)?.name;
  const roles: Roles = {
    ...(meter && {meter: meter.name}),
    time: time.look.name,
    ...(time.format && {timeFormat: time.format}),
    value: value.name,
    isArray: list !== undefined,
    decimalMark,
    ...optional("client", named(/client|customer|tenant/i)),
    ...optional("resolution", named(/^(resolution|interval_?length|granularity)$/i))
  };
  return {roles, findings};
}

function optional<K extends string>(key: K, value: string | undefined): {[key in K]?: string} {
  return value === undefined ? {} : ({[key]: value} as {[key in K]: string});
}

function seen(looks: readonly Look[]): string {
  return `none of ${looks.map(({name, example}) => `${name} (such as ${example})`).join(", ")}`;
}

async function lookAt(connection: Connection, {name, type}: {name: string; type: string}): Promise<Look> {
  const text = `trim(CAST(${identifier(name)} AS VARCHAR))`;
  const like = (pattern: string) => `CAST(count(*) FILTER (regexp_matches(${text}, '${pattern}')) AS INTEGER)`;
  const [row] = await connection.rows<Omit<Look, "name" | "type">>(
    `SELECT CAST(count(nullif(${text}, '')) AS INTEGER) AS filled, CAST(count(DISTINCT ${text}) AS INTEGER) AS distinct,
       ${like(labelPattern)} AS labels, ${like(datePattern)} AS dates, ${like("^-?[0-9]+[.][0-9]+$")} AS points,
       ${like("^-?[0-9]+,[0-9]+$")} AS commas, ${like("^-?[0-9]+$")} AS integers, coalesce(any_value(left(${text}, 40)), 'nothing') AS example
     FROM raw`
  );
  return {name, type, ...row!};
}

const most = (count: number, {filled}: Look) => filled > 0 && count >= 0.9 * filled;

async function findTime(
  connection: Connection,
  looks: readonly Look[],
  isArray: boolean
): Promise<{look: Look; format?: string; other?: string} | undefined> {
  const texts = looks.filter(({type}) => !type.endsWith("[]"));
  const fit = texts.filter((look) => most(look.labels, look) || (isArray && most(look.dates, look)));
  const isStart = ({name}: Look) => /start|from|begin/i.test(name);
  const best = fit.find(isStart) ?? fit.sort((a, b) => b.distinct - a.distinct)[0];
  if (best) return {look: best};
  for (const look of texts) {
    const tried = timeFormats.map(
      (format, index) =>
        `count(try_strptime(trim(CAST(${identifier(look.name)} AS VARCHAR)), '${format}')) AS f${index}`
    );
    const [row] = await connection.rows<Record<string, bigint>>(`SELECT ${tried.join(", ")} FROM raw`);
    const formats = timeFormats.filter((_, index) => most(Number(row![`f${index}`]), look));
    if (formats[0]) return {look, format: formats[0], ...(formats[1] && {other: formats[1]})};
  }
  return undefined;
}

function findValue(looks: readonly Look[], time: Look | undefined): Look | undefined {
  const isNumber = (look: Look) =>
    look !== time && most(look.points + look.commas + look.integers, look) && look.filled > 0;
  const words = /value|energy|kwh|mwh|\bwh\b|consum|usage|load|^p[+-]$|generat|import|export|reading|power|price/i;
  const worth = (look: Look) =>
    (words.test(look.name) ? 4 : 0) +
    (/energy|k?wh/i.test(look.name) ? 1 : 0) +
    (look.points + look.commas > 0 ? 2 : 0) +
    (/id$|code|number|count|_no$/i.test(look.name) ? -4 : 0) +
    look.distinct / Math.max(1, look.filled);
  return looks.filter(isNumber).sort((a, b) => worth(b) - worth(a))[0];
}

/** The column with which a time comes the least often twice; of those, one that is named like a meter, else the coarsest. */
async function findMeter(
  connection: Connection,
  looks: readonly Look[],
  time: Look,
  value: Look
): Promise<Look | undefined> {
  const candidates = looks.filter(
    (look) =>
      look !== time &&
      look !== value &&
      look.filled > 0 &&
      look.labels + look.dates + look.points + look.commas < look.filled / 2
  );
  const words = /meter|device|dev_|serial|mpan|mprn|ean|point|gr_name|station|site|^id$/i;
  const found: {look: Look; pairs: number}[] = [];
  for (const look of candidates) {
    const [row] = await connection.rows<{pairs: bigint}>(
      `SELECT count(*) AS pairs FROM (SELECT DISTINCT ${identifier(look.name)}, ${identifier(time.name)} FROM raw)`
    );
    found.push({look, pairs: Number(row!.pairs)});
  }
  const best = Math.max(time.distinct, ...found.map(({pairs}) => pairs));
  const telling = found.filter(({pairs}) => pairs >= 0.98 * best);
  const named = telling.find(({look}) => words.test(look.name));
  if (named) return named.look;
  return best > time.distinct ? telling.sort((a, b) => a.look.distinct - b.look.distinct)[0]?.look : undefined;
}
