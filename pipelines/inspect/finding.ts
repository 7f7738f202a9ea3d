/** One thing found out about a file. */
export interface Finding {
  /** What was asked: `delimiter`. */
  readonly about: string;
  /** The answer; null where the file doesn't tell. */
  readonly answer: string | null;
  /** Whether the file itself says so, or it is only what fits best. */
  readonly sure: "certain" | "likely" | "unknown";
  /** What was seen. */
  readonly evidence: string;
  /** What would settle it, where it isn't certain. */
  readonly wouldTell?: string;
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
