import {IANAZone} from "luxon";
import type {PolicyName} from "../calendar/policy.js";
import type {LabelAt} from "../sources/source.js";
import {clock, type Mark, markAt} from "./change_marks.js";
import {type Clock, clocksBetween} from "./clocks.js";
import {type Shift, shiftAt} from "./daily_shape.js";
import {certain, type Finding, given, likely, unknown} from "./finding.js";
import {type ClockClues, labelFinding, meaningOf, readingsOf} from "./label_meaning.js";
import {fromSuffixes} from "./label_suffix.js";
import {type Said, senderTells} from "./said.js";
import {type Series, shiftedBack} from "./series.js";

/** What the data says of its clock. */
export interface ClockFinding {
  readonly policy: PolicyName | undefined;
  /** The zone that is said, or the only one that fits; undefined where several fit, or nothing says. */
  readonly timeZone: string | undefined;
  /** All zones that fit. */
  readonly zones: readonly string[];
  /** Where the clocks that fit change. */
  readonly marks: readonly Mark[];
  /** Undefined where labels may name either of two things. */
  readonly labelAt: LabelAt | undefined;
  /** The values by the starts of their intervals. */
  readonly series: Series;
  readonly findings: readonly Finding[];
}

/** Finds out what labels name, the time zone and what is done on the days of change, from the data itself. */
export function findClock(series: Series, clues: ClockClues): ClockFinding {
  const {said, names} = clues;
  const meaning = meaningOf(series, clues);
  const readings = readingsOf(series, meaning).map((reading) => ({
    ...reading,
    clock: clockOf(reading.series, names, said)
  }));
  const [first, second] = [...readings].sort((a, b) => b.clock.score - a.clock.score);
  const isOpen = meaning.candidates.length > 1 && second !== undefined && first!.clock.score === second.clock.score;
  const ignoresChange = ["utc", "fixed_standard_time", "label_offset"].includes(
    said.policy ?? first!.clock.policy ?? ""
  );
  const best = isOpen ? readings[0]! : first!;
  const labelAt = isOpen && !ignoresChange ? undefined : best.labelAt;
  const {score: _, ...clock} = best.clock;
  const policy = said.policy ?? clock.policy;
  const findings = clock.findings.map((finding) =>
    finding.about === "policy" && said.policy !== undefined ? given("policy", said.policy, "--policy") : finding
  );
  const zones =
    isOpen && !ignoresChange ? [...new Set(readings.flatMap((reading) => reading.clock.zones))] : clock.zones;
  return {
    ...clock,
    ...{policy, zones, labelAt, series: best.labelAt === "end" ? shiftedBack(series) : best.series},
    findings: [labelFinding(labelAt, meaning, readings.length > 1 && !isOpen), ...findings]
  };
}

interface FoundClock {
  readonly policy: PolicyName | undefined;
  readonly timeZone: string | undefined;
  readonly zones: readonly string[];
  readonly marks: readonly Mark[];
  readonly findings: readonly Finding[];
  /** How many marks of a change the best clock has. */
  readonly score: number;
}

function clockOf(series: Series, names: readonly string[], {tz}: Said): FoundClock {
  const days = [...series.slots.keys()].sort();
  const [first, last] = [days[0]!, days.at(-1)!];
  const clocks = clocksBetween(first, last, tz === undefined ? undefined : [tz]);
  const bySuffix = fromSuffixes(series, tz);
  const {zones, marks, score} = bestClock(series, clocks, bySuffix?.doubled);
  const isMarked = score > 0;
  const evidenceOfMarks = marks.map(({evidence}) => evidence).join("; ");
  if (bySuffix) {
    const fitting = bySuffix.zones ?? (isMarked ? zones : []);
    const {timeZone, finding} = zoneFinding(
      fitting,
      bySuffix.zoneEvidence ?? (evidenceOfMarks || "the labels name no zone"),
      tz
    );
    return {policy: bySuffix.policy, timeZone, zones: fitting, marks, findings: [bySuffix.finding, finding], score};
  }
  if (isMarked) {
    const changes = marks.map(({change: {kind, day, minute}}) => `${kind} on ${day} at ${clock(minute)}`);
    const {timeZone, finding} = zoneFinding(zones, `its clock goes ${changes.join(", ")}`, tz);
    const {policy, finding: policyFinding} = fromMarks(series, marks, evidenceOfMarks);
    return {policy, timeZone, zones, marks, findings: [policyFinding, finding], score};
  }
  const named = names.find((name) => /(^|_|\b)(utc|gmt)($|_|\b)/i.test(name));
  if (named !== undefined) {
    const {timeZone, finding} = zoneFinding([], "times of UTC name no zone", tz);
    const policyFinding = likely(
      "policy",
      "utc",
      `the column is called ${named}`,
      "an hour of a day of change, compared with another source"
    );
    return {policy: "utc", timeZone, zones: [], marks: [], findings: [policyFinding, finding], score};
  }
  return {...fromShape(series, clocks, tz), score};
}

/** A zone is known where it is said, or where it is the only one that fits. Of several none is taken. */
function zoneFinding(
  all: readonly string[],
  evidence: string,
  tz: string | undefined
): {timeZone: string | undefined; finding: Finding} {
  if (tz !== undefined) return {timeZone: tz, finding: given("time zone", tz, "--tz")};
  const wouldTell = "where the meters are; --tz says it";
  const [only] = all;
  if (only !== undefined && all.length === 1)
    return {timeZone: only, finding: likely("time zone", only, evidence, wouldTell)};
  const list = inOrder(all);
  const more = list.length > 12 ? ` and ${list.length - 12} more` : "";
  const fitting = list.length === 0 ? "" : `; ${list.length} zones fit: ${list.slice(0, 12).join(", ")}${more}`;
  return {timeZone: undefined, finding: unknown("time zone", evidence + fitting, wouldTell)};
}

const continents = [
  "Europe/",
  "America/",
  "Australia/",
  "Asia/",
  "Africa/",
  "Pacific/",
  "Atlantic/",
  "Indian/",
  "Arctic/",
  "Antarctica/"
];

/** Zones in an order in which those with the most people come first. */
function inOrder(zones: readonly string[]): string[] {
  const place = (zone: string) => continents.findIndex((continent) => zone.startsWith(continent));
  return [...zones].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** The clock at whose changes the file has the most marks; those that fit alike together. */
function bestClock(
  series: Series,
  clocks: readonly Clock[],
  doubled: {day: string; minute: number} | undefined
): {zones: readonly string[]; marks: readonly Mark[]; score: number} {
  const scored = clocks.map(({zones, changes}) => {
    const marks = changes.flatMap((change) => markAt(series, change) ?? []);
    const counted = marks
      .filter(({state}) => ["absent", "empty", "twice", "double"].includes(state))
      .reduce((total, {fit}) => total + Math.min(1, fit), 0);
    const missed = marks.filter(({state}) => state === "filled").length;
    const isDoubled = changes.some(
      ({kind, day, minute}) => kind === "back" && day === doubled?.day && minute === doubled.minute
    );
    return {zones, marks, score: Math.round((counted - missed + (isDoubled ? 1 : 0)) * 1000) / 1000};
  });
  const best = Math.max(0, ...scored.map(({score}) => score));
  const likeliest = best > 0 ? scored.filter(({score}) => score === best) : [];
  // A clock that the file shows more of is the better known one.
  const most = Math.max(0, ...likeliest.map(({marks}) => marks.length));
  const fitting = likeliest.filter(({marks}) => marks.length === most);
  return {zones: fitting.flatMap(({zones}) => zones), marks: fitting[0]?.marks ?? [], score: best};
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
  {shape, pairedDays}: Series,
  marks: readonly Mark[],
  evidence: string
): {policy: PolicyName | undefined; finding: Finding} {
  const state = (kind: "forward" | "back") => marks.find(({change}) => change.kind === kind)?.state ?? "none";
  const pair = `${state("forward")} ${state("back")}`;
  const isArray = shape !== "labels";
  const isPaired = marks.some(({change, state}) => state === "twice" && pairedDays.has(change.day));
  const inOrder = byMarks[isArray && /absent|twice/.test(pair) ? `array ${pair}` : pair] ?? [];
  const fitting = isPaired ? inOrder.map((name) => (name === "label_in_order" ? "label_paired" : name)) : inOrder;
  const missing = [
    state("forward") === "none" ? "goes forward" : "",
    state("back") === "none" ? "goes back" : ""
  ].filter(Boolean);
  const wouldTell = missing.length > 0 ? `a file with the day on which the clock ${missing.join(" or ")}` : senderTells;
  const [policy, ...others] = fitting;
  if (policy === undefined)
    return {policy: undefined, finding: unknown("policy", `no known policy: ${evidence}`, wouldTell)};
  if (others.length > 0)
    return {policy: undefined, finding: unknown("policy", `${evidence}: that is ${fitting.join(" or ")}`, wouldTell)};
  return {
    policy,
    finding: missing.length > 0 ? likely("policy", policy, evidence, wouldTell) : certain("policy", policy, evidence)
  };
}

/** Where every day looks alike, only people's habits tell whether the labels follow the clock. */
function fromShape(series: Series, clocks: readonly Clock[], tz: string | undefined): Omit<FoundClock, "score"> {
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
    const {timeZone, finding} = zoneFinding([], why, tz);
    return {policy: undefined, timeZone, zones: [], marks: [], findings: [unknown("policy", why, wouldTell), finding]};
  }
  const {shifts} = fitting[0]!;
  const rise = shifts[0]!.rise;
  const evidence = shifts.map(({evidence}) => evidence).join("; ");
  const marks = fitting[0]!.changes.flatMap((change) => markAt(series, change) ?? []);
  const standing = `no label is missing or doubled, and ${evidence}: a clock that never changes`;
  const {policy, morning} = byMorning(rise, tz);
  const {timeZone, finding} = zoneFinding(
    fitting.flatMap(({zones}) => zones),
    evidence,
    tz
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
  tz: string | undefined
): {policy: "utc" | "fixed_standard_time" | undefined; morning: string} {
  const seen = `the steepest rise of a winter's morning is at ${clock(rise)} by the labels`;
  if (tz === undefined)
    return rise >= 6 * 60 && rise <= 8 * 60
      ? {policy: "fixed_standard_time", morning: `${seen}, as by a place's own time`}
      : {policy: undefined, morning: `${seen}: it may be utc or fixed_standard_time`};
  const zone = IANAZone.create(tz);
  const standard = Math.min(zone.offset(Date.UTC(2022, 0, 1)), zone.offset(Date.UTC(2022, 6, 1)));
  if (standard === 0) return {policy: "utc", morning: `${tz}'s standard time is UTC`};
  const isUtc = Math.abs(rise + standard - usualRise) < Math.abs(rise - usualRise);
  const local = isUtc ? `were it UTC, at ${clock((rise + standard + 1440) % 1440)} in ${tz}` : `as by ${tz}'s own time`;
  return {policy: isUtc ? "utc" : "fixed_standard_time", morning: `${seen}, ${local}`};
}
