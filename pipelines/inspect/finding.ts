/** One thing found out about a file. */
export interface Finding {
  /** What was asked: `delimiter`. */
  readonly about: string;
  /** The answer; null where the file doesn't say. */
  readonly answer: string | null;
  /** Whether the file itself proves it, or it is only what fits best. */
  readonly sure: "certain" | "likely" | "unknown";
  /** What was seen. */
  readonly evidence: string;
  /** What would settle it, where it isn't certain. */
  readonly wouldTell?: string;
}

/** A setting of a source that a file leaves open. */
export interface OpenQuestion {
  /** The setting or the column: `time zone`. */
  readonly about: string;
  /** Why it is open, as a clause. */
  readonly reason: string;
  /** The option that answers it: `--tz Europe/Vilnius`. */
  readonly option: string;
}

export function certain(about: string, answer: string, evidence: string): Finding {
  return {about, answer, sure: "certain", evidence};
}

export function likely(about: string, answer: string, evidence: string, wouldTell: string): Finding {
  return {about, answer, sure: "likely", evidence, wouldTell};
}

export function unknown(about: string, evidence: string, wouldTell: string): Finding {
  return {about, answer: null, sure: "unknown", evidence, wouldTell};
}

/** A finding that an option answers: `--tz Europe/Vilnius`. */
export function given(about: string, answer: string, option: string): Finding {
  return certain(about, answer, `as ${option} says`);
}
