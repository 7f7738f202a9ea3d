import type {Answer, Verdict} from "./answer.js";

/** Days of one place that a service is asked for at once. */
export interface Request {
  /** Whose: a point or a bidding zone, as the feed names it. */
  readonly place: string;
  /** The first and the last day, inclusive. */
  readonly from: string;
  readonly to: string;
  /** Where, without what is secret: it names the answer in the manifest. */
  readonly address: URL;
}

/** Something that a service is asked for, day by day, and the answers landed for a source. */
export interface Feed {
  /** The source that the answers are landed for. */
  readonly source: string;
  /** What the answers' files are called: `.json`. */
  readonly extension: string;
  /** The places asked for. */
  readonly places: readonly string[];
  /** How many days old a day must be for its answer to be the last word. */
  readonly settledAfterDays: number;
  /** Days that are missing, each after the other, as requests. */
  requests(place: string, days: readonly string[]): Request[];
  /** The request that a manifest's name stands for; undefined when it is none of this feed's. */
  requestOf(name: string): Omit<Request, "address"> | undefined;
  /** What is secret in the addresses that are asked. */
  readonly secrets: readonly string[];
  /** The address to ask, what is secret included. */
  secretly(address: URL): URL;
  judge(answer: Answer, request: Request): Verdict;
}

/** The questions in an address; undefined when a text is none. */
export function questionsIn(text: string): URLSearchParams | undefined {
  try {
    return new URL(text).searchParams;
  } catch {
    return undefined;
  }
}

/** How an answer begins, on one line. */
export function glimpse(body: Buffer): string {
  const text = body.toString("utf8").replace(/\s+/g, " ").trim();
  return text === "" ? "it is empty" : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
