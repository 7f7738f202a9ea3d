import {version} from "../version.js";
import {faultText} from "../wording/command.js";
import {isSystemError, systemReason} from "../wording/system.js";
import type {Blot} from "./secret.js";

/** What a service said. */
export interface Answer {
  readonly status: number;
  /** Unpacked, and without secrets. */
  readonly body: Buffer;
}

/** What an answer is worth. */
export type Verdict =
  /** What was asked for. */
  | {readonly kind: "good"}
  /** The service has no data for the request. */
  | {readonly kind: "none"; readonly reason: string}
  /** The service won't answer this, however often it is asked. */
  | {readonly kind: "refused"; readonly reason: string}
  /** No answer to what was asked: another try may bring one. */
  | {readonly kind: "broken"; readonly reason: string};

/** A request that didn't come to an answer. */
export class Unanswered extends Error {
  constructor(
    message: string,
    readonly how: {
      /** Whether another try may do better. */
      readonly isPassing: boolean;
      /** Whether further requests would fare the same: nothing more is asked. */
      readonly isFinal?: boolean;
      /** Whether the service asks for less, and isn't out of order. */
      readonly isThrottled?: boolean;
      readonly pauseMilliseconds?: number;
      /** What came instead of an answer. */
      readonly body?: Buffer;
    }
  ) {
    super(message);
  }
}

/** How an answer is fetched. */
export interface Fetching {
  readonly signal: AbortSignal;
  readonly blot: Blot;
  /** An answer of more bytes than this, unpacked, isn't read to its end. */
  readonly mostBytes: number;
  /** Until when another try may be made, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * Asks once for what is at an address.
 *
 * @throws Unanswered
 */
export async function fetchAnswer(address: URL, {signal, blot, mostBytes, until}: Fetching): Promise<Answer> {
  const {host} = address;
  let response: Response;
  let body: Buffer | undefined;
  try {
    // A secret in the address would go along to wherever a redirect leads.
    response = await fetch(address, {signal, redirect: "manual", headers: {"user-agent": `wattlake/${version}`}});
    refuseRedirect(response, host, blot);
    body = await readBody(response, mostBytes);
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    throw new Unanswered(`no whole answer from ${host}: ${causeOf(error)}`, {isPassing: true});
  }
  if (body === undefined)
    throw new Unanswered(
      `answer too large: ${host} sends more than ${Math.round(mostBytes / 1_000_000)} MB; allow more with --max-size`,
      {isPassing: false}
    );
  const answer = {status: response.status, body: blot.bytes(body)};
  refuseFailure(answer, response.headers.get("retry-after"), host, until);
  return answer;
}

function refuseRedirect({status, headers}: Response, host: string, blot: Blot): void {
  const location = headers.get("location");
  if (status < 300 || status >= 400 || location === null) return;
  throw new Unanswered(`${host} sends us on to ${blot.text(location)}: name that address with --url if you trust it`, {
    isPassing: false,
    isFinal: true
  });
}

/** The answer as it is unpacked; undefined where it is longer than may be. */
async function readBody({body}: Response, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // To leave the loop closes the connection.
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function refuseFailure({status, body}: Answer, retryAfter: string | null, host: string, until: number): void {
  if (status === 401 || status === 403)
    throw new Unanswered(`access refused by ${host}: HTTP ${status}`, {isPassing: false, isFinal: true});
  if (status !== 429 && status !== 408 && status < 500) return;
  const pauseMilliseconds = pauseOf(retryAfter);
  const reason = `HTTP ${status} from ${host}`;
  if (pauseMilliseconds !== undefined && Date.now() + pauseMilliseconds > until) {
    const alone = new Date(Math.min(Date.now() + pauseMilliseconds, latestDate)).toISOString();
    throw new Unanswered(`${reason}: it asks to be left alone until ${alone}; run again then`, {
      isPassing: false,
      isFinal: true
    });
  }
  throw new Unanswered(reason, {isPassing: true, isThrottled: status === 429, pauseMilliseconds, body});
}

/** The last instant of a Date. */
const latestDate = 8.64e15;

/** What `Retry-After` says, in milliseconds: a number of seconds, or a date (RFC 9110, 10.2.3). */
function pauseOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const until = Date.parse(text);
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}

/** `fetch` says "fetch failed", and why only in the causes behind. */
function causeOf(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause !== undefined) last = last.cause;
  return isSystemError(last) ? systemReason(last) : faultText(last);
}
