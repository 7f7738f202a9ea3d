import type {LabelAt} from "../sources/source.js";
import {clock} from "./change_marks.js";
import {certain, type Finding, likely, unknown} from "./finding.js";
import type {Said} from "./said.js";
import {type Series, shiftedBack} from "./series.js";

/** What else bears on a file's clock. */
export interface ClockClues {
  /** The names of the columns of the time. */
  readonly names: readonly string[];
  /** Whether rows have an end beside their start. */
  readonly hasUntil: boolean;
  readonly said: Said;
}

/** What labels may name, and why. */
export interface Meaning {
  readonly candidates: readonly LabelAt[];
  readonly evidence: string;
  readonly isSaid: boolean;
}

/** By what is said, by an end beside it, by the name of the column, or by the first and last label of the file. */
export function meaningOf(
  {shape, ends: {first, last}, resMin, suffixes}: Series,
  {names, hasUntil, said}: ClockClues
): Meaning {
  if (said.labelAt !== undefined) return {candidates: [said.labelAt], evidence: "as --label-at says", isSaid: true};
  const meaning = (candidates: readonly LabelAt[], evidence: string): Meaning => ({
    candidates,
    evidence,
    isSaid: false
  });
  if (shape !== "labels") return meaning(["start"], "values are in the day's order");
  if (hasUntil) return meaning(["start"], "the end stands in a column of its own");
  const isUtc = suffixes.some(({suffix}) => suffix === "Z");
  const ofEnds: readonly LabelAt[] = isUtc ? ["end"] : ["end", "end_by_clock"];
  const called = `the column is called ${names.join(" and ")}`;
  const name = names.join(" ");
  if (/\bend|end[ _]?time|[ _]end\b|until|\bbis\b|\btot\b|hour ending|\bHE\b/i.test(name))
    return meaning(ofEnds, called);
  if (/start|from|begin|\bvon\b|\bvan\b|début|alku/i.test(name)) return meaning(["start"], called);
  const span = `the first label of a series shows ${clock(first)}, the last ${clock(last % 1440)}`;
  if (!isUtc && first === resMin && last % 1440 === 0) return meaning(ofEnds, span);
  if (!isUtc && first === 0 && last === 1440 - resMin) return meaning(["start"], span);
  return meaning(
    ["start"],
    `${span}: neither whole days of starts nor of ends; taken for starts, as most senders write them`
  );
}

export function readingsOf(series: Series, {candidates}: Meaning): {labelAt: LabelAt; series: Series}[] {
  // The local time of the instant of an end is skipped and repeated like that of a start.
  return candidates.map((labelAt) => ({
    labelAt,
    series: labelAt === "end_by_clock" ? shiftedBack(series) : series
  }));
}

const meanings: Readonly<Record<LabelAt, string>> = {
  start: "the start of its interval",
  end: "the local time of the instant at which its interval ends",
  end_by_clock: "the end of its interval, as the start's label plus the interval"
};

export function labelFinding(
  labelAt: LabelAt | undefined,
  {candidates, evidence, isSaid}: Meaning,
  isProven: boolean
): Finding {
  if (isSaid) return certain("label names", meanings[labelAt!], evidence);
  if (labelAt === undefined)
    return unknown(
      "label names",
      `${evidence}; ${candidates.join(" or ")}: the days on which the clock changes don't show which`,
      "a file with both days of change and --tz, or the sender's word; --label-at says it"
    );
  const proof = isProven ? `${evidence}; and the days on which the clock changes` : evidence;
  return likely("label names", meanings[labelAt], proof, "the sender's word; --label-at says it");
}
