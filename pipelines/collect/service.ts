import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  type IRetryBackoffContext,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap
} from "cockatiel";
import {version} from "../version.js";
import {faultText} from "../wording/command.js";
import {isSystemError, systemReason} from "../wording/system.js";

/** How a service is asked; each has a default that a public service bears. */
export interface Manners {
  /** No more requests than this in a minute, tries included; 60 by default. */
  readonly perMinute?: number;
  /** How long a try may take, its answer read; 60,000 by default. */
  readonly timeoutMilliseconds?: number;
  /** How often a request is tried; 5 by default. */
  readonly tries?: number;
  /** About how long the first pause is; each next about twice as long, with jitter; 1,000 by default. */
  readonly firstPauseMilliseconds?: number;
  /** A service that asks for a longer pause than this isn't waited for; 900,000 by default. */
  readonly longestPauseMilliseconds?: number;
  /** After so many failures in a row, whatever was asked, nothing more is asked; 8 by default. */
  readonly failuresInRow?: number;
  /** Is told of each pause before another try. */
  onPause?(reason: string, milliseconds: number): void;
}

/** What a service said. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** What an answer is worth. */
export type Verdict =
  /** What was asked for. */
  | {readonly kind: "good"}
  /** The service has nothing of what was asked for. */
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

/** Asks a service for what is at an address, as often as it takes; `judge` says what an answer is worth. */
export type Ask = (address: URL, judge: (answer: Answer) => Verdict) => Promise<{answer: Answer; verdict: Verdict}>;

/**
 * A way to ask one service over HTTP: requests spaced out, each with a time limit; tries again with exponential backoff
 * and jitter, or after as long as `Retry-After` says; a circuit breaker over all requests.
 *
 * The promise is rejected with `Unanswered`.
 */
export function openService(manners: Manners = {}): Ask {
  const {
    perMinute = 60,
    timeoutMilliseconds = 60_000,
    tries = 5,
    firstPauseMilliseconds = 1_000,
    longestPauseMilliseconds = 900_000,
    failuresInRow = 8,
    onPause
  } = manners;
  const backoff = new ExponentialBackoff<any>({initialDelay: firstPauseMilliseconds, maxDelay: 60_000});
  const again = retry(
    handleWhen((error) => error instanceof TaskCancelledError || (error instanceof Unanswered && error.how.isPassing)),
    {maxAttempts: tries - 1, backoff: {next: (context) => paused(backoff.next(), context)}}
  );
  again.onRetry((event) => {
    if ("error" in event) onPause?.(sentenceOf(event.error, timeoutMilliseconds).message, event.delay);
  });
  const breaker = circuitBreaker(
    handleWhen(
      (error) =>
        error instanceof TaskCancelledError ||
        (error instanceof Unanswered && error.how.isPassing && !error.how.isThrottled)
    ),
    {breaker: new ConsecutiveBreaker(failuresInRow), halfOpenAfter: 10 * 60_000}
  );
  const policy = wrap(again, breaker, timeout(timeoutMilliseconds, TimeoutStrategy.Aggressive));
  const turn = turns(60_000 / perMinute);
  return async (address, judge) => {
    try {
      return await policy.execute(async ({signal}) => {
        const answer = await request(address, signal, longestPauseMilliseconds);
        const verdict = judge(answer);
        if (verdict.kind === "broken") throw new Unanswered(verdict.reason, {isPassing: true, body: answer.body});
        return {answer, verdict};
      });
    } catch (error) {
      throw sentenceOf(error, timeoutMilliseconds);
    }
  };

  async function request(address: URL, signal: AbortSignal, longest: number): Promise<Answer> {
    await turn();
    let response: Response;
    let body: Buffer;
    try {
      response = await fetch(address, {signal, redirect: "error", headers: {"user-agent": `wattlake/${version}`}});
      body = Buffer.from(await response.arrayBuffer());
    } catch (error) {
      throw new Unanswered(`no whole answer from ${address.host}: ${causeOf(error)}`, {isPassing: true});
    }
    const {status} = response;
    if (status === 401 || status === 403)
      throw new Unanswered(`access refused by ${address.host}: HTTP ${status}`, {isPassing: false, isFinal: true});
    if (status !== 429 && status !== 408 && status < 500) return {status, body};
    const pauseMilliseconds = retryAfter(response.headers.get("retry-after"));
    const isThrottled = status === 429;
    const reason = `HTTP ${status} from ${address.host}`;
    if (pauseMilliseconds !== undefined && pauseMilliseconds > longest) {
      const until = new Date(Date.now() + pauseMilliseconds).toISOString();
      throw new Unanswered(`${reason}: it asks to be left alone until ${until}; run again then`, {
        isPassing: false,
        isFinal: true
      });
    }
    throw new Unanswered(reason, {isPassing: true, isThrottled, pauseMilliseconds, body});
  }
}

/** Lets callers go on one after the other, so far apart. */
function turns(apartMilliseconds: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = Date.now();
    const at = Math.max(now, next);
    next = at + apartMilliseconds;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  };
}

/** A pause of the backoff's own length, or as long as the service asked for, whichever is longer. */
function paused(
  own: IBackoff<unknown>,
  {result}: IRetryBackoffContext<unknown>
): IBackoff<IRetryBackoffContext<unknown>> {
  const error = "error" in result ? result.error : undefined;
  const asked = error instanceof Unanswered ? (error.how.pauseMilliseconds ?? 0) : 0;
  return {duration: Math.max(own.duration, asked), next: (context) => paused(own.next(undefined), context)};
}

/** What `Retry-After` says, in milliseconds: a number of seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(text: string | null): number | undefined {
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

function sentenceOf(error: unknown, timeoutMilliseconds: number): Unanswered {
  if (error instanceof Unanswered) return error;
  if (error instanceof TaskCancelledError)
    return new Unanswered(`no answer within ${timeoutMilliseconds / 1000} s`, {isPassing: true});
  if (error instanceof BrokenCircuitError)
    return new Unanswered("the service failed too often in a row", {isPassing: false, isFinal: true});
  return new Unanswered(faultText(error), {isPassing: false, isFinal: true});
}
