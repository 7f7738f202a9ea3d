import {type Connection, identifier} from "../engines/duckdb.js";
import {wideColumns, wideMinutes} from "../sources/formats/shape_columns.js";
import type {CategoryValue} from "../sources/shape.js";
import {certain, type Finding, given, type OpenQuestion, unknown} from "./finding.js";
import {isNumeric, type Look, lookAtAll, seen} from "./look.js";
import type {OpenFile} from "./opened.js";
import type {Said} from "./said.js";
import {findTime, type TimeRole, timeColumns} from "./time_role.js";
import {decimalMarkOf, findValues, setOf, valueFinding} from "./value_role.js";
import {categoryIn, meterWords, qualityIn, resolutionIn} from "./words.js";

/** What the columns of a file are for. */
export interface Roles {
  readonly client?: string;
  /** Undefined where no column names the meter. */
  readonly meter?: string;
  /** The name above the header beside which the meter's id stands. */
  readonly meterAbove?: string;
  readonly time: TimeRole;
  readonly values: readonly ValueRole[];
  readonly categories: readonly CategoryRole[];
  readonly quality?: TextRole;
  readonly resolution?: TextRole;
  /** The mark that the values prove. */
  readonly decimalMark: "." | ",";
}

export interface ValueRole {
  readonly column: string;
  /** Texts that stand for no value. */
  readonly nothings: readonly string[];
  /** What the name of the column decides. */
  readonly set: CategoryValue;
}

/** A column whose texts decide channel, unit or fuel. */
export interface CategoryRole {
  readonly column: string;
  readonly values: {readonly [text: string]: CategoryValue};
}

/** A column whose texts are translated. */
export interface TextRole {
  readonly column: string;
  readonly values: {readonly [text: string]: string};
}

/** What came of looking for the roles. */
export interface FoundRoles {
  /** Undefined where the times or the values can't be found. */
  readonly roles: Roles | undefined;
  readonly findings: readonly Finding[];
  readonly open: readonly OpenQuestion[];
}

/** Finds out what each column of a file is for, by what its cells look like and by its name. What is said is taken as it is. */
export async function findRoles(connection: Connection, opened: OpenFile, said: Said): Promise<FoundRoles> {
  const looks = await lookAtAll(connection, opened);
  const columnNamed = (name: string, option: string): Look => {
    const found = looks.find((look) => look.name === name) ?? looks.find((look) => fold(look.name) === fold(name));
    if (!found)
      throw new Error(
        `${option}: column not found: ${name}; the file has ${looks.map((look) => look.name).join(", ")}`,
        {
          cause: "usage"
        }
      );
    return found;
  };
  const findings: Finding[] = [];
  const open: OpenQuestion[] = [];
  const saidValues = (said.values ?? []).map((name) => columnNamed(name, "--value"));
  const saidTimes = (said.times ?? []).map((name) => columnNamed(name, "--time"));
  const wide = saidValues.length === 0 ? wideIn(looks) : [];
  const time = findTime(looks, {saidTimes, form: said.form, wide});
  findings.push(time.finding);
  if (time.open) open.push(time.open);
  const used = new Set<string>([...wide, ...(time.role ? timeColumns(time.role) : [])]);
  const free = () => looks.filter(({name}) => !used.has(name));
  const values =
    wide.length > 0
      ? wide.map((name) => looks.find((look) => look.name === name)!)
      : saidValues.length > 0
        ? saidValues
        : findValues(free(), time.role?.kind === "lists");
  if (values.length === 0)
    findings.push(
      unknown("value", seen(looks), "a column of numbers with one decimal mark in all of them; --value names it")
    );
  if (!time.role || values.length === 0) {
    if (values.length === 0)
      open.push({about: "value", reason: "no column of numbers was found", option: "--value COLUMN"});
    return {roles: undefined, findings: [...findings, ...unusedFinding(looks, used)], open};
  }
  for (const {name} of values) used.add(name);
  const valueRoles: ValueRole[] =
    wide.length > 0
      ? []
      : values.map((look) => ({
          column: look.name,
          nothings: look.words.filter((word) => nothing.test(word)),
          set: setOf(look.name)
        }));
  findings.push(valueFinding(values, wide, saidValues.length > 0));
  const mark = decimalMarkOf(values);
  findings.push(mark.finding);
  const categories = free().flatMap((look) => categoryOf(look, said) ?? []);
  for (const {column} of categories) used.add(column);
  for (const {column, values: texts} of categories)
    findings.push(
      certain(
        "category",
        column,
        Object.entries(texts)
          .map(([text, set]) => `${text || "nothing"}: ${Object.values(set).join(", ") || "nothing"}`)
          .join("; ")
      )
    );
  const quality = textRole(free(), /quality|status|flag|estimat|validat|method|metodo|laatu|real|type/i, qualityIn);
  if (quality) used.add(quality.column);
  const resolution = textRole(free(), /resol|interval|granular|length|duration|period/i, resolutionIn);
  if (resolution) used.add(resolution.column);
  for (const [about, role] of [
    ["quality", quality],
    ["resolution", resolution]
  ] as const)
    if (role)
      findings.push(
        certain(
          `column of ${about}`,
          role.column,
          Object.entries(role.values)
            .map(([text, word]) => `${text} is ${word}`)
            .join(", ")
        )
      );
  const client = free().find(({name}) => /client|tenant/i.test(name));
  if (client) used.add(client.name);
  const saidMeter = looks.find(({name}) => said.meter !== undefined && fold(name) === fold(said.meter));
  const meter =
    saidMeter ?? (said.meter === undefined ? await findMeter(connection, free(), time.role, categories) : undefined);
  if (meter) used.add(meter.name);
  const above = meter || said.meter !== undefined ? undefined : meterAbove(opened);
  findings.push(
    above
      ? certain("meter", above.id, `beside ${above.name}, above the header`)
      : meter
        ? certain("meter", meter.name, `${meter.distinct} different, such as ${meter.example}`)
        : said.meter !== undefined
          ? given("meter", said.meter, "--meter")
          : unknown("meter", "no column distinguishes series: the file is of one", "the meter's id; --meter says it")
  );
  const roles: Roles = {
    ...(client && {client: client.name}),
    ...(meter && {meter: meter.name}),
    ...(above && {meterAbove: above.name}),
    ...{time: time.role, values: valueRoles, categories},
    ...(quality && {quality}),
    ...(resolution && {resolution}),
    decimalMark: mark.mark
  };
  return {roles, findings: [...findings, ...unusedFinding(looks, used)], open};
}

/** What senders write where they have no value. */
const nothing = /^(null|n\/?a|none|nil|missing|no data|-+|\.+|\?)$/;

function fold(name: string): string {
  return name.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

/** What no part of a source takes is said, so that every column is accounted for. */
function unusedFinding(looks: readonly Look[], used: ReadonlySet<string>): Finding[] {
  const unused = looks.filter(({name}) => !used.has(name));
  if (unused.length === 0) return [];
  const shown = unused.map(({name, filled, distinct, example}) =>
    filled === 0
      ? `${name} is empty`
      : distinct === 1
        ? `${name} is ${example} everywhere`
        : `${name}, such as ${example}`
  );
  return [certain("columns not used", unused.map(({name}) => name).join(", "), shown.join("; "))];
}

/** The columns of a day's values, where there are 24, 48 or 96 of them. */
function wideIn(looks: readonly Look[]): readonly string[] {
  const columns = new Map(looks.map(({name}) => [name, "VARCHAR"] as const));
  const names = wideColumns({date: "date"}, columns);
  if (wideMinutes(names.length) === undefined) return [];
  const found = looks.filter((look) => names.includes(look.name));
  return found.every((look) => look.filled === 0 || isNumeric(look)) ? names : [];
}

/** A column of few texts that all say a channel, a unit or a fuel, or of which --channel says it. */
function categoryOf(look: Look, said: Said): CategoryRole | undefined {
  if (look.texts.length === 0 || isNumeric(look) || look.forms.size > 0) return undefined;
  const sets = look.texts.map((text): [string, CategoryValue | undefined] => {
    const channel = said.channels?.get(fold(text));
    const found = categoryIn(text);
    return [text, channel === undefined ? found : {...found, channel}];
  });
  const isNamed =
    /type|register|category|direction|channel|flow|unit|fuel|commodity|energy|measure|einheit|eenheid|yksikk/i.test(
      look.name
    );
  const known = sets.filter(([, set]) => set !== undefined);
  if (known.length === 0 || (known.length < sets.length && !isNamed)) return undefined;
  // One that may be a meter's name is none.
  if (meterWords.test(look.name) && !isNamed) return undefined;
  const values = Object.fromEntries(known as [string, CategoryValue][]);
  return {column: look.name, values: look.isFull ? values : {...values, "": {}}};
}

function textRole(
  looks: readonly Look[],
  words: RegExp,
  meaning: (text: string) => string | undefined
): TextRole | undefined {
  for (const look of looks) {
    if (look.texts.length === 0 || !words.test(look.name)) continue;
    const values = look.texts.map((text) => [text, meaning(text)] as const);
    if (values.every(([, word]) => word !== undefined))
      return {column: look.name, values: Object.fromEntries(values) as Record<string, string>};
  }
  return undefined;
}

/** The meter's id above the header, beside its name. */
function meterAbove({above = []}: OpenFile): {name: string; id: string} | undefined {
  for (const words of [strongWords, /account|customer|contract/i])
    for (const fields of above) {
      const at = fields.findIndex((field, index) => words.test(field) && (fields[index + 1] ?? "").trim() !== "");
      if (at >= 0) return {name: fields[at]!.trim().replace(/:$/, ""), id: fields[at + 1]!.trim()};
    }
  return undefined;
}

const strongWords =
  /meter|mpan|mprn|\bnmi\b|\bean\b|\bcups\b|\bmpxn\b|\bgsrn\b|lclid|device|dev_|serial|point|malo|tunnus|zähl/i;

/** The column that distinguishes the series: one that is named like a meter's, else the coarsest with which the fewest rows are alike. */
async function findMeter(
  connection: Connection,
  looks: readonly Look[],
  time: TimeRole,
  categories: readonly CategoryRole[]
): Promise<Look | undefined> {
  const candidates = looks.filter(
    (look) =>
      look.filled > 0 && look.forms.size === 0 && look.clocks.count === 0 && look.points + look.commas < look.filled / 2
  );
  const own = [
    ...timeColumns(time).filter((name) => time.kind !== "wide" || time.columns.includes(name as never)),
    ...categories.map(({column}) => column)
  ];
  const pairsWith = async (more: readonly string[]) => {
    const [row] = await connection.rows<{pairs: number}>(
      `SELECT CAST(count(*) AS INTEGER) AS pairs FROM (SELECT DISTINCT ${[...own, ...more].map(identifier).join(", ")} FROM raw)`
    );
    return row!.pairs;
  };
  const alone = await pairsWith([]);
  const found: {look: Look; pairs: number}[] = [];
  for (const look of candidates) found.push({look, pairs: await pairsWith([look.name])});
  const best = Math.max(alone, ...found.map(({pairs}) => pairs));
  const telling = found.filter(({pairs}) => pairs >= 0.98 * best);
  const named = [strongWords, meterWords].flatMap((words) => telling.filter(({look}) => words.test(look.name)))[0];
  if (named) return named.look;
  return best > 1.02 * alone ? telling.sort((a, b) => a.look.distinct - b.look.distinct)[0]?.look : undefined;
}
