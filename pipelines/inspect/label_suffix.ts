import {IANAZone} from "luxon";
import type {PolicyName} from "../calendar/policy.js";
import {allZones, clocksBetween} from "./clocks.js";
import {certain, type Finding, likely} from "./finding.js";
import {senderTells} from "./said.js";
import type {Series} from "./series.js";

/** What the ends of labels say of their clock. */
export interface BySuffix {
  readonly policy: PolicyName | undefined;
  readonly finding: Finding;
  readonly zones?: readonly string[];
  readonly zoneEvidence?: string;
  /** Where a label ends in A and in B. */
  readonly doubled?: {day: string; minute: number};
}

/** What the ends of the labels say: A and B, Z, offsets. */
export function fromSuffixes(series: Series, tz: string | undefined): BySuffix | undefined {
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
    const {zones, evidence} = zonesByOffset(offsets, tz);
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
  const {zones, evidence: ofZones} = zonesByOffset(offsets, tz);
  const isWhole = clocksBetween(days[0]!, days.at(-1)!, zones).length > 0;
  const evidence = `every label ends in ${suffix}`;
  return zones.length === 0 || isWhole
    ? {policy: "fixed_standard_time", finding: likely("policy", "fixed_standard_time", evidence, senderTells)}
    : {
        policy: "label_offset",
        finding: likely(
          "policy",
          "label_offset",
          `${evidence}, and there is no day of change in the file`,
          "a file with a day of change: where the offset stays the same, it is fixed_standard_time"
        ),
        zones,
        zoneEvidence: ofZones
      };
}

/** The zones that had each offset on the first and the last day that the file has it. */
function zonesByOffset(
  offsets: Series["suffixes"],
  tz: string | undefined
): {zones: readonly string[]; evidence: string} {
  const all = tz === undefined ? allZones() : [tz];
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
