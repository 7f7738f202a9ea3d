import {knownFormats} from "../sources/catalogue/catalogue.js";
import {homeAssistant} from "../sources/catalogue/home_assistant.js";
import {type FormatKind, type KnownFormat, openSettings} from "../sources/catalogue/known_format.js";
import {ruleOf, shapeBreach} from "../sources/formats/shape_columns.js";
import {shapeOf} from "../sources/shape.js";

/** What a file of a known kind needs no source of its own for. */
export interface KnownFile {
  /** The source or the format, as `land` calls it. */
  readonly name: string;
  /** The command line that takes a file in, `FILE` for its path. */
  readonly command: string;
}

/** The format of which a file of these columns is; undefined where none has them. */
export function knownByColumns(columns: readonly string[]): KnownFile | undefined {
  const found = new Map(columns.map((name) => [name, "VARCHAR"] as const));
  const format = knownFormats.find(({kinds}) =>
    kinds.some((kind) => isDistinct(kind) && shapeBreach(shapeOf(kind.settings)!, found) === undefined)
  );
  return format && landedAs(format);
}

/** Whether a kind is known by several columns that its files must have: one alone, such as a date, says nothing. */
function isDistinct({settings}: FormatKind): boolean {
  if (shapeOf(settings) === undefined || settings.layout?.wide) return false;
  const rules = Object.values(settings.columns ?? {}).map(ruleOf);
  const needed = rules.filter(({column, join, optional}) => (column ?? join) !== undefined && !optional);
  return needed.length + (settings.categories ?? []).filter(({optional}) => !optional).length > 1;
}

/** Formats that are no tables, by how their text begins. */
const beginnings: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["green-button", /^\s*<[\s\S]{0,4000}naesb\.org\/espi/],
  ["nem12", /^\s*"?100"?,"?NEM1[23]\b/],
  ["dsmr", /^\s*\/[A-Za-z0-9]{3}\d[^\n]*\r?\n\s*\r?\n[01]-[0-9]:/]
];

/** The format that a text is of by how it begins; undefined where none is. */
export function knownByText(text: string): KnownFile | undefined {
  const name = beginnings.find(([, pattern]) => pattern.test(text))?.[0];
  const format = knownFormats.find((one) => one.name === name);
  return format && landedAs(format);
}

/** The format that a database is of by the tables in it; undefined where none is. */
export function knownByTables(tables: readonly string[]): KnownFile | undefined {
  const isRecorder = ["statistics", "statistics_meta"].every((name) => tables.includes(name));
  return isRecorder ? landedAs(homeAssistant) : undefined;
}

/** With an option for all that the format leaves open. */
function landedAs({name, namesMeter, kinds, asks = [], zoneOf}: KnownFormat): KnownFile {
  const open = openSettings(kinds[0]!, {});
  const options = [
    ...(namesMeter === "always" ? [] : ["--location LOCATION"]),
    ...(open.includes("timeZone") && !zoneOf ? ["--tz ZONE"] : []),
    ...(open.includes("policy") ? ["--policy POLICY"] : []),
    ...(asks.includes("channel") ? ["--channel CHANNEL"] : [])
  ];
  return {name, command: [`npm run land -- ${name} FILE --client CLIENT`, ...options].join(" ")};
}
