import type {TimeFormat} from "../sources/source.js";
import {certain, type Finding, given, type OpenQuestion, unknown} from "./finding.js";
import {isListOfNumbers, type Look, most, seen} from "./look.js";

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

/** Finds the columns that say when, and the form in which they are written. */
export function findTime(
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
