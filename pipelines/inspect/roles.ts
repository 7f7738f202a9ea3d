import {type Connection, identifier} from "../engines/duckdb.js";
import {wideColumns, wideMinutes} from "../sources/formats/shape_columns.js";
import type {CategoryValue} from "../sources/shape.js";
import type {TimeFormat} from "../sources/source.js";
import {certain, type Finding, given, likely, type OpenQuestion, unknown} from "./finding.js";
import {isListOfNumbers, isNumeric, type Look, lookAtAll, most} from "./look.js";
import type {OpenFile} from "./opened.js";
import type {Said} from "./said.js";
import {categoryIn, channelIn, foreignUnitIn, fuelIn, meterWords, qualityIn, resolutionIn, unitIn} from "./words.js";

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

/** How a row says when its values are of. */
export type TimeRole =
  | {
      readonly kind: "times";
      /** One column, or a date's and a time's. */
      readonly columns: readonly string[];
      readonly until?: readonly string[];
      readonly form: TimeFormat;
    }
  /** A date, and the number of the hour in its day, 1 to 24. */
  | {readonly kind: "hours"; readonly columns: readonly [string]; readonly hour: string; readonly form: TimeFormat}
  /** A day a row, a value a column. */
  | {
      readonly kind: "wide";
      readonly columns: readonly [string];
      readonly cells: readonly string[];
      readonly form: TimeFormat;
    }
  /** A day a row, its values a list. */
  | {readonly kind: "lists"; readonly columns: readonly [string]; readonly form: TimeFormat};

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

/** All columns that say when. */
export function timeColumns(time: TimeRole): readonly string[] {
  switch (time.kind) {
    case "times":
      return [...time.columns, ...(time.until ?? [])];
    case "hours":
      return [...time.columns, time.hour];
    case "wide":
      return [...time.columns, ...time.cells];
    default:
      return time.columns;
  }
}

function fold(name: string): string {
  return name.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

function seen(looks: readonly Look[]): string {
  return `none of ${looks
    .slice(0, 30)
    .map(({name, example}) => `${name} (such as ${example})`)
    .join(", ")}`;
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

/** A role of times without the form in which they are written. */
type Unformed =
  | Omit<Extract<TimeRole, {kind: "times"}>, "form">
  | Omit<Extract<TimeRole, {kind: "hours"}>, "form">
  | Omit<Extract<TimeRole, {kind: "wide"}>, "form">
  | Omit<Extract<TimeRole, {kind: "lists"}>, "form">;

interface FoundTime {
  readonly role?: TimeRole;
  readonly finding: Finding;
  readonly open?: OpenQuestion;
}

const startWords = /start|from|begin|\bvan\b|\bvon\b|début|debut|alku|desde|inicio/i;
const endWords = /end\b|end[ _]?(time|date)|\bend|until|\bto\b|\btot\b|\bbis\b|\bfin\b|loppu|hasta/i;

function findTime(
  looks: readonly Look[],
  {saidTimes, form, wide}: {saidTimes: readonly Look[]; form?: TimeFormat; wide: readonly string[]}
): FoundTime {
  const others = looks.filter(({name}) => !wide.includes(name));
  const list = others.some(isListOfNumbers);
  const formOf = (look: Look, kind: "times" | "dates" | "numbered") => bestForm(look, kind, form);
  const isSaid = saidTimes.length > 0;
  const among = isSaid ? saidTimes : others;
  const dated = among.filter((look) => formOf(look, "dates"));
  const name = (found: readonly Look[]) => found.map((look) => look.name).join(" and ");
  const asFound = (role: Unformed, found: readonly Look[], best: FoundForm): FoundTime => {
    const example = found.map((look) => look.example).join(" ");
    if (best.other)
      return {
        finding: unknown(
          "time",
          `${name(found)}, such as ${example}, may have the day first or the month first: no day is above 12`,
          "a day above 12, or the sender's word; --format day_first or --format month_first says it"
        ),
        open: {
          about: "timeFormat",
          reason: `${name(found)} may have the day first or the month first`,
          option: "--format FORM"
        }
      };
    const proof = found.find((look) => look.proof)?.proof;
    const written = best.form === "iso" ? "" : `, written as ${best.form}`;
    const proven =
      best.form.endsWith("_first") && proof !== undefined && form === undefined ? `, as ${proof} shows` : "";
    return {
      role: {...role, form: best.form} as TimeRole,
      finding: isSaid
        ? given("time", name(found), "--time")
        : certain("time", name(found), `such as ${example}${written}${proven}`)
    };
  };
  if (wide.length > 0 || list) {
    const [date] = byName(dated, /date|day|datum|tag|fecha/i);
    if (date) {
      const role: Unformed =
        wide.length > 0 ? {kind: "wide", columns: [date.name], cells: wide} : {kind: "lists", columns: [date.name]};
      return asFound(role, [date], formOf(date, "dates")!);
    }
  }
  const timed = among.filter((look) => formOf(look, "times") ?? formOf(look, "numbered"));
  if (timed.length > 0 && !(isSaid && saidTimes.length > 1)) {
    const start = timed.find((look) => startWords.test(look.name));
    const end = timed.find((look) => look !== start && endWords.test(look.name) && !startWords.test(look.name));
    const first =
      start ?? [...timed].sort((a, b) => b.distinct - a.distinct || looks.indexOf(a) - looks.indexOf(b))[0]!;
    const until = start && end ? {until: [end.name]} : {};
    const best = formOf(first, "times") ?? formOf(first, "numbered")!;
    return asFound({kind: "times", columns: [first.name], ...until}, [first], best);
  }
  const clocks = among.filter((look) => most(look.clocks.count, look));
  const hours = among.filter((look) => most(look.small.count, look) && isHour(look));
  if (dated.length > 0 && (clocks.length > 0 || hours.length > 0)) {
    const startDate = dated.find((look) => startWords.test(look.name)) ?? dated[0]!;
    const best = formOf(startDate, "dates")!;
    const startClock = clocks.find((look) => startWords.test(look.name)) ?? clocks[0];
    const numbered = startClock ? undefined : hours[0];
    if (startClock && !isHourEnd(startClock)) {
      const endDate = dated.find((look) => look !== startDate && endWords.test(look.name)) ?? startDate;
      const endClock = clocks.find((look) => look !== startClock && endWords.test(look.name));
      const until = endClock && startWords.test(startClock.name) ? {until: [endDate.name, endClock.name]} : {};
      const role: Unformed = {kind: "times", columns: [startDate.name, startClock.name], ...until};
      return asFound(role, [startDate, startClock], best);
    }
    const hour = numbered ?? startClock!;
    const isFromZero = numbered !== undefined && numbered.small.least === 0 && numbered.small.most === 23;
    const role: Unformed = isFromZero
      ? {kind: "times", columns: [startDate.name, hour.name]}
      : {kind: "hours", columns: [startDate.name], hour: hour.name};
    return asFound(role, [startDate, hour], best);
  }
  const what = isSaid ? name(saidTimes) : undefined;
  return {
    finding: unknown(
      "time",
      what ? `${what} can't be read as times, such as ${saidTimes[0]!.example}` : seen(looks),
      "a column of dates or instants; --time names it, --format says how it is written"
    ),
    open: {
      about: "time",
      reason: what ? `${what} can't be read as times` : "no column of times was found",
      option: "--time COLUMN"
    }
  };
}

function byName(looks: readonly Look[], words: RegExp): Look[] {
  return [...looks].sort((a, b) => Number(words.test(b.name)) - Number(words.test(a.name)) || b.distinct - a.distinct);
}

/** Whether small numbers may be hours of a day: there are at least 23 of them. */
function isHour({small: {least, most: last}, distinct, name}: Look): boolean {
  return (
    (least === 0 || least === 1) &&
    last >= 23 &&
    last <= 25 &&
    distinct >= 23 &&
    !/count|quantity|value|kwh/i.test(name)
  );
}

/** Whether times of day are hours that end: 01:00 to 24:00, and 25:00. */
function isHourEnd({clocks, distinct}: Look): boolean {
  return clocks.most >= 24 && distinct <= 26;
}

interface FoundForm {
  readonly form: TimeFormat;
  /** Another form that fits as well. */
  readonly other?: TimeFormat;
}

function bestForm(
  look: Look,
  kind: "times" | "dates" | "numbered",
  said: TimeFormat | undefined
): FoundForm | undefined {
  const of = (form: TimeFormat) => look.forms.get(form)?.[kind] ?? 0;
  if (said !== undefined) return most(of(said), look) ? {form: said} : undefined;
  const fitting = [...look.forms.keys()].filter((form) => most(of(form), look)).sort((a, b) => of(b) - of(a));
  const [best, second] = fitting;
  if (best === undefined) return undefined;
  // What has the year first is read so by any form.
  if (of("iso") === of(best)) return {form: "iso"};
  return second !== undefined && of(second) === of(best) ? {form: best, other: second} : {form: best};
}

const valueWords =
  /value|energy|kwh|mwh|\bwh\b|\bkw\b|consum|usage|load|^p[+-]$|generat|import|export|reading|power|volume|quantity|amount|menge|verbrauch|consumo|määrä|valeur|energia/i;

/** The columns of the values: several only where their names say different channels. */
function findValues(looks: readonly Look[], isList: boolean): Look[] {
  if (isList) return looks.filter(isListOfNumbers).slice(0, 1);
  const isId = (look: Look) =>
    /(^|[ _])(id|code|count|no|nr|lat|lon)$|number|postcode|zip|ean|mprn|mpan|nmi|cups/i.test(look.name);
  const fitting = looks.filter(
    (look) => isNumeric(look) && !isId(look) && look.forms.size === 0 && !foreignUnitIn(look.name)
  );
  const worth = (look: Look) =>
    (valueWords.test(look.name) ? 4 : 0) +
    (unitIn(look.name) ? 3 : 0) +
    (look.points + look.commas > 0 ? 2 : 0) +
    (meterWords.test(look.name) && !valueWords.test(look.name) ? -4 : 0) +
    look.distinct / Math.max(1, look.filled);
  const ranked = [...fitting].sort((a, b) => worth(b) - worth(a));
  const isNamed = ({name}: Look) => valueWords.test(name) || unitIn(name) !== undefined;
  const named = ranked.filter((look) => isNamed(look) && channelIn(look.name) !== undefined);
  const channels = new Set(named.map((look) => channelIn(look.name)));
  const parts = named.filter((look) => unitIn(look.name) === unitIn(named[0]!.name));
  if (channels.size > 1 && parts.length > 1 && new Set(parts.map((look) => channelIn(look.name))).size === parts.length)
    return looks.filter((look) => parts.includes(look));
  const [best] = ranked;
  // A number that is named like nothing is a value only where it has a fraction, or is the only one.
  return best && (isNamed(best) || best.points + best.commas > 0 || ranked.length === 1) ? [best] : [];
}

function valueFinding(values: readonly Look[], wide: readonly string[], isSaid: boolean): Finding {
  if (wide.length > 0)
    return certain(
      "value",
      `${wide.length} columns, ${wide[0]} to ${wide.at(-1)}`,
      `a day a row, ${1440 / wide.length} minutes a column`
    );
  const names = values.map(({name}) => name).join(" and ");
  if (isSaid) return given("value", names, "--value");
  const [first] = values;
  return certain(
    "value",
    names,
    isListOfNumbers(first!)
      ? `lists of numbers, type ${first!.type}`
      : `such as ${first!.example}; ${first!.distinct} different`
  );
}

function setOf(name: string): CategoryValue {
  const channel = channelIn(name);
  const unit = unitIn(name);
  const fuel = fuelIn(name);
  return {...(channel && {channel}), ...(unit && {unit}), ...(fuel && {fuel})};
}

function decimalMarkOf(values: readonly Look[]): {mark: "." | ","; finding: Finding} {
  const sum = (of: "points" | "commas") => values.reduce((total, look) => total + look[of], 0);
  const [points, commas] = [sum("points"), sum("commas")];
  const mark = commas > points ? "," : ".";
  if (values.some(isListOfNumbers)) return {mark, finding: certain("decimal mark", ".", "numbers of a binary type")};
  if (points + commas === 0) return {mark, finding: certain("decimal mark", "none", "all values are whole numbers")};
  return {
    mark,
    finding:
      points > 0 && commas > 0
        ? likely(
            "decimal mark",
            mark,
            `${commas} values with a comma, ${points} with a point`,
            "the sender: one of them is wrong, or groups thousands"
          )
        : certain("decimal mark", mark, `${points + commas} values have it, none the other`)
  };
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
