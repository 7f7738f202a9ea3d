/** What a source does with a local day of 23 or 25 hours: the part that no reader of its files could guess. */
export interface Policy {
  /** What is known to be sent so. */
  readonly senders: string;
  /** What the values mean; 24 stands for the nominal count: 24, 48 or 96. */
  readonly meaning: string;
  /** How values may come: as a day's array, as one labelled row an interval, or either. */
  readonly shapes: readonly Shape[];
}

export type Shape = "array" | "labels";

/**
 * The policies by name. The rules themselves are SQL: sql/silver/day_fate.sql says which lengths an array may have,
 * sql/silver/interval_time.sql how a label is written, sql/silver/reading.sql where a value goes.
 */
export const policies = {
  variable_length: {
    senders: "Elexon, Nord Pool",
    meaning: "As many values as the day has intervals of real time, in order: 23, 24 or 25.",
    shapes: ["array", "labels"]
  },
  fixed_slots_sum_double: {
    senders: "Eliq, Ausgrid",
    meaning: "Always 24 values; the hour that doesn't exist is NULL or 0, the doubled hour holds the sum of both.",
    shapes: ["array", "labels"]
  },
  fixed_slots_skip_sum_double: {
    senders: "energyutils",
    meaning: "The hour that doesn't exist has no value, the doubled hour holds the sum of both: 23 or 24 values.",
    shapes: ["array", "labels"]
  },
  fixed_slots_repeat: {
    senders: "price and power series",
    meaning: "Always 24 values; the doubled hour's value is that of each of the two: it is repeated, never split.",
    shapes: ["array", "labels"]
  },
  label_in_order: {
    senders: "ESB, AEP",
    meaning: "Labels of the local clock; one that comes twice in a file means the first time, then the second.",
    shapes: ["labels"]
  },
  label_paired: {
    senders: "Fluvius",
    meaning:
      "Labels of the local clock; the doubled hour comes in pairs (02:00, 02:00, 02:15, 02:15), of each the first time before the second.",
    shapes: ["labels"]
  },
  label_3a_3b: {
    senders: "Nord Pool's files",
    meaning: "Labels of the local clock; the doubled hour's end in A and in B.",
    shapes: ["labels"]
  },
  label_offset: {
    senders: "high-resolution meters",
    meaning: "Local date and time with the offset from UTC, which must be the zone's at that instant.",
    shapes: ["labels"]
  },
  utc: {
    senders: "ENTSO-E, APIs",
    meaning: "Instants of UTC.",
    shapes: ["labels"]
  },
  fixed_standard_time: {
    senders: "AEMO, ESO's regional file",
    meaning:
      "A clock that never changes: the zone's standard time all year, the lesser of January's and July's offsets.",
    shapes: ["labels"]
  },
  label_drops_ambiguous: {
    senders: "AEP 2004 to 2013",
    meaning: "Labels of the local clock; the doubled hour comes once and is its first, the second was never sent.",
    shapes: ["labels"]
  }
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;
