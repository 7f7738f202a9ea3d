import {IANAZone} from "luxon";
import type {PolicyName} from "../calendar/policy.js";
import {clock, type Mark, markAt} from "./change_marks.js";
import {allZones, type Clock, clocksBetween} from "./clocks.js";
import {type Shift, shiftAt} from "./daily_shape.js";
import {certain, type Finding, likely, unknown} from "./finding.js";
import type {Series} from "./series.js";

/** What the data says of its clock. */
export interface ClockFinding {
  readonly policy: PolicyName | undefined;
  /** The zone given, or one of those that fit; undefined where nothing tells. */
  readonly timeZone: string | undefined;
  /** All zones that fit. */
  readonly zones: readonly string[];
  /** Where the clocks that fit change. */
  readonly marks: readonly Mark[];
  readonly findings: readonly Finding[];
}

const senderTells = "the sender's word on what it does on the days of change";

/** Finds out the time zone and what is done on the days of change, from the data itself. `given` is a zone that is known. */
export function findClock(series: Series, timeName: string, given: string | undefined): ClockFinding {
  const days = [...series.slots.keys()].sort();
  const [first, last] = [days[0]!, days.at(-1)!];
  const clocks = clocksBetween(first, last, given === undefined ? undefined : [given]);
  const bySuffix = fromSuffixes(series, given);
  const {zones, marks, isMarked} = bestClock(series, clocks, bySuffix?.doubled);
  const zone = (all: readonly string[], evidence: string): {timeZone: string | undefined; finding: Finding} => {
    if (given !== undefined) return {timeZone: given, finding: certain("time zone", given, "as given")};
    if (all.length === 0)
      return {
        timeZone: undefined,
        finding: unknown("time zone", evidence, "where the meters are; --tz Europe/Vilnius says it")
      };
    const named = [...all].sort(
      (a, b) => Number(b.startsWith("Europe/")) - Number(a.startsWith("Europe/")) || a.localeCompare(b)
    );
    const others = named.slice(1, 13).join(", ") + (named.length > 13 ? ` and ${named.length - 13} more` : "");
    const isOne = named.length === 1;
    return {
      timeZone: named[0],
      finding: isOne
        ? likely("time zone", named[0]!, evidence, "where the meters are")
        : likely(
            "time zone",
            `a clock such as ${named[0]}'s`,
            `${evidence}; the same: ${others}`,
            "where the meters are; --tz says it"
          )
    };
  };
  const told = marks.map(({evidence}) => evidence).join("; ");
  if (bySuffix) {
    const fitting = bySuffix.zones ?? (isMarked ? zones : []);
    const {timeZone, finding} = zone(fitting, bySuffix.zoneEvidence ?? (told || "the labels name no zone"));
    return {policy: bySuffix.policy, timeZone, zones: fitting, marks, findings: [bySuffix.finding, finding]};
  }
  if (isMarked) {
    const changes = marks.map(({change: {kind, day, minute}}) => `${kind} on ${day} at ${clock(minute)}`);
    const {timeZone, finding} = zone(zones, `its clock goes ${changes.join(", ")}`);
    const {policy, finding: policyFinding} = fromMarks(series, marks, told);
    return {policy, timeZone, zones, marks, findings: [policyFinding, finding]};
  }
  if (/(^|_|\b)(utc|gmt)($|_|\b)/i.test(timeName)) {
    const {timeZone, finding} = zone([], "UTC's labels tell of no zone");
    const named = likely(
      "policy",
      "utc",
      `the column is called ${timeName}`,
      "an hour of a day of change, compared with another source"
    );
    return {policy: "utc", timeZone, zones: [], marks: [], findings: [named, finding]};
  }
  return fromShape(series, clocks, zone, given);
}

/** The clock at whose changes the file has the most marks; those that fit alike together. */
function bestClock(
  series: Series,
  clocks: readonly Clock[],
  doubled: {day: string; minute: number} | undefined
): {zones: readonly string[]; marks: readonly Mark[]; isMarked: boolean} {
  const scored = clocks.map(({zones, changes}) => {
    const marks = changes.flatMap((change) => markAt(series, change) ?? []);
    const counted = marks.filter(({state}) => ["absent", "empty", "twice", "double"].includes(state)).length;
    const missed = marks.filter(({state}) => state === "filled").length;
    const isDoubled = changes.some(
      ({kind, day, minute}) => kind === "back" && day === doubled?.day && minute === doubled.minute
    );
    return {zones, marks, score: counted - missed + (isDoubled ? 1 : 0)};
  });
  const best = Math.max(0, ...scored.map(({score}) => score));
  const likeliest = best > 0 ? scored.filter(({score}) => score === best) : [];
  // A clock that the file shows more of is the better known one.
  const most = Math.max(0, ...likeliest.map(({marks}) => marks.length));
  const fitting = likeliest.filter(({marks}) => marks.length === most);
  return {zones: fitting.flatMap(({zones}) => zones), marks: fitting[0]?.marks ?? [], isMarked: best > 0};
}

interface BySuffix {
  readonly policy: PolicyName | undefined;
  readonly finding: Finding;
  readonly zones?: readonly string[];
  readonly zoneEvidence?: string;
  /** Where a label ends in A and in B. */
  readonly doubled?: {day: string; minute: number};
}

/** What the ends of the labels say: A and B, Z, offsets. */
function fromSuffixes(series: Series, given: string | undefined): BySuffix | undefined {
  const {suffixes, slots} = series;
  const named = suffixes.map(({suffix, rows}) => `${suffix} on ${rows}`).join(", ");
  if (suffixes.some(({suffix}) => suffix === "B")) {
    const day = suffixes.find(({suffix}) => suffix === "B")!.first;
    const twice = [...(slots.get(day) ?? [])].find(([, {rows, meters}]) => rows > meters);
    return {
      policy: "label_3a_3b",
      finding: certain("policy", "label_3a_3b", `labels end in A and in B on ${day}`),
      ...(twice && {doubled: {day, minute: twice[0]}})
    };
  }
  const offsets = suffixes.filter(({suffix}) => suffix !== "A");
  if (offsets.length === 0) return undefined;
  const days = [...slots.keys()].sort();
  if (offsets.length > 1) {
    const {zones, evidence} = zonesByOffset(offsets, given);
    const evidenceOfPolicy = `offsets of the labels: ${named}`;
    return {
      policy: "label_offset",
      finding: certain("policy", "label_offset", evidenceOfPolicy),
      zones,
      zoneEvidence: evidence
    };
  }
  const [{suffix}] = offsets as [(typeof offsets)[0]];
  if (minutesOf(suffix) === 0)
    return {policy: "utc", finding: certain("policy", "utc", `every label ends in ${suffix}`)};
  const {zones, evidence} = zonesByOffset(offsets, given);
  const isWhole = clocksBetween(days[0]!, days.at(-1)!, zones).length > 0;
  const told = `every label ends in ${suffix}`;
  return zones.length === 0 || isWhole
    ? {policy: "fixed_standard_time", finding: likely("policy", "fixed_standard_time", told, senderTells)}
    : {
        policy: undefined,
        finding: unknown(
          "policy",
          `${told}, and there is no day of change in the file`,
          "a file with a day of change: label_offset or fixed_standard_time"
        ),
        zones,
        zoneEvidence: evidence
      };
}

/** The zones that had each offset on the first and the last day that the file has it. */
function zonesByOffset(
  offsets: Series["suffixes"],
  given: string | undefined
): {zones: readonly string[]; evidence: string} {
  const all = given === undefined ? allZones() : [given];
  const fits = (name: string) => {
    const zone = IANAZone.create(name);
    return offsets.every(({suffix, first, last}) =>
      [first, last].every((day) => {
        // The offset may be of a part of the day: it begins or ends with it.
        const start = Date.parse(`${day}T00:00:00Z`) - minutesOf(suffix) * 60_000;
        return [0, 6, 12, 18, 23].some((hour) => zone.offset(start + hour * 3_600_000) === minutesOf(suffix));
      })
    );
  };
  const evidence = offsets.map(({suffix, first, last}) => `${suffix} from ${first} to ${last}`).join(", ");
  return {zones: all.filter(fits), evidence};
}

function minutesOf(suffix: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(suffix) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0));
}

/** The policy by what stands where an hour is skipped, then repeated; null: the file can't tell between them. */
const byMarks: Readonly<Record<string, readonly PolicyName[]>> = {
  "absent twice": ["label_in_order"],
  "absent double": ["fixed_slots_skip_sum_double"],
  "absent single": ["label_drops_ambiguous"],
  "empty double": ["fixed_slots_sum_double"],
  "empty single": ["fixed_slots_repeat"],
  "none twice": ["label_in_order"],
  "none double": ["fixed_slots_sum_double", "fixed_slots_skip_sum_double"],
  "empty none": ["fixed_slots_sum_double", "fixed_slots_repeat"],
  "absent none": ["label_in_order", "fixed_slots_skip_sum_double", "label_drops_ambiguous"],
  "array absent twice": ["variable_length"],
  "array none twice": ["variable_length"],
  "array absent double": ["fixed_slots_skip_sum_double"],
  "array absent none": ["variable_length", "fixed_slots_skip_sum_double"]
};

function fromMarks(
  {shape}: Series,
  marks: readonly Mark[],
  told: string
): {policy: PolicyName | undefined; finding: Finding} {
  const state = (kind: "forward" | "back") => marks.find(({change}) => change.kind === kind)?.state ?? "none";
  const pair = `${state("forward")} ${state("back")}`;
  const isArray = shape !== "labels";
  const fitting = byMarks[isArray && /absent|twice/.test(pair) ? `array ${pair}` : pair] ?? [];
  const missing = [
    state("forward") === "none" ? "goes forward" : "",
    state("back") === "none" ? "goes back" : ""
  ].filter(Boolean);
  const wouldTell = missing.length > 0 ? `a file with the day on which the clock ${missing.join(" or ")}` : senderTells;
  const [policy, ...others] = fitting;
  if (policy === undefined)
    return {policy: undefined, finding: unknown("policy", `no known policy: ${told}`, wouldTell)};
  if (others.length > 0)
    return {policy: undefined, finding: unknown("policy", `${told}: that is ${fitting.join(" or ")}`, wouldTell)};
  return {
    policy,
    finding: missing.length > 0 ? likely("policy", policy, told, wouldTell) : certain("policy", policy, told)
  };
}

/** Where every day looks alike, only people's habits tell whether the labels follow the clock. */
function fromShape(
  series: Series,
  clocks: readonly Clock[],
  zone: (zones: readonly string[], evidence: string) => {timeZone: string | undefined; finding: Finding},
  given: string | undefined
): ClockFinding {
  const days = [...series.slots.keys()].sort();
  const seen = clocks.map(({zones, changes}) => ({
    zones,
    changes,
    shifts: changes.flatMap((change) => shiftAt(series, change) ?? [])
  }));
  const isMove = ({change, minutes}: Shift) => minutes === (change.kind === "forward" ? -change.length : change.length);
  const moves = (shifts: readonly Shift[]) =>
    shifts.filter(isMove).length - shifts.filter(({minutes}) => minutes === 0).length;
  const best = Math.max(0, ...seen.map(({shifts}) => moves(shifts)));
  const fitting = best > 0 ? seen.filter(({shifts}) => moves(shifts) === best) : [];
  if (fitting.length === 0 || series.shape !== "labels") {
    const evidence = [...new Set(seen.flatMap(({shifts}) => shifts.map((shift) => shift.evidence)))].slice(0, 4);
    const nothing = "no day has a label more or less, none empty or doubled";
    const why =
      clocks.length === 0
        ? `no zone's clock changes from ${days[0]} to ${days.at(-1)}`
        : [nothing, ...evidence].join("; ");
    const wouldTell = "a file with both days of change, of a load with a morning and an evening; or the sender's word";
    const {timeZone, finding} = zone([], why);
    return {policy: undefined, timeZone, zones: [], marks: [], findings: [unknown("policy", why, wouldTell), finding]};
  }
  const {shifts} = fitting[0]!;
  const rise = shifts[0]!.rise;
  const told = shifts.map(({evidence}) => evidence).join("; ");
  const marks = fitting[0]!.changes.flatMap((change) => markAt(series, change) ?? []);
  const standing = `no label is missing or doubled, and ${told}: a clock that never changes`;
  const {policy, morning} = byMorning(rise, given);
  const {timeZone, finding} = zone(
    fitting.flatMap(({zones}) => zones),
    told
  );
  return {
    policy,
    timeZone,
    zones: fitting.flatMap(({zones}) => zones),
    marks,
    findings: [
      policy === undefined
        ? unknown("policy", `${standing}; ${morning}`, "where the meters are; --tz says it")
        : likely("policy", policy, `${standing}; ${morning}`, "the sender's word on its clock: UTC or standard time"),
      finding
    ]
  };
}

/** When the load of a place rises the steepest, by its own winter time: at about half past six. */
const usualRise = 6.5 * 60;

/** Whether a clock that never changes is UTC's or the place's own standard time, by when people get up. */
function byMorning(
  rise: number,
  given: string | undefined
): {policy: "utc" | "fixed_standard_time" | undefined; morning: string} {
  const seen = `the steepest rise of a winter's morning is at ${clock(rise)} by the labels`;
  if (given === undefined)
    return rise >= 6 * 60 && rise <= 8 * 60
      ? {policy: "fixed_standard_time", morning: `${seen}, as by a place's own time`}
      : {policy: undefined, morning: `${seen}: it may be utc or fixed_standard_time`};
  const zone = IANAZone.create(given);
  const standard = Math.min(zone.offset(Date.UTC(2022, 0, 1)), zone.offset(Date.UTC(2022, 6, 1)));
  if (standard === 0) return {policy: "utc", morning: `${given}'s standard time is UTC`};
  const isUtc = Math.abs(rise + standard - usualRise) < Math.abs(rise - usualRise);
  const local = isUtc
    ? `were it UTC, at ${clock((rise + standard + 1440) % 1440)} in ${given}`
    : `as by ${given}'s own time`;
  return {policy: isUtc ? "utc" : "fixed_standard_time", morning: `${seen}, ${local}`};
}
