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
import {faultText} from "../wording/command.js";
import {type Answer, fetchAnswer, Unanswered, type Verdict} from "./answer.js";
import {blotOf} from "./secret.js";

/** How a service is asked; each has a default that a public service bears. */
export interface Manners {
  /** No more requests than this in a minute, tries included; 60 by default. */
  readonly perMinute?: number;
  /** How long a request may take in all, its tries and the pauses between them included; 900,000 by default. */
  readonly timeoutMilliseconds?: number;
  /** How long a try may take, its answer read; 60,000 by default. */
  readonly tryMilliseconds?: number;
  /** How often a request is tried; 5 by default. */
  readonly tries?: number;
  /** How long an answer may be, unpacked, in bytes; 64,000,000 by default. */
  readonly mostBytes?: number;
  /** About how long the first pause is; each next about twice as long, with jitter; 1,000 by default. */
  readonly firstPauseMilliseconds?: number;
  /** After so many failures in a row, whatever was asked, nothing more is asked; 8 by default. */
  readonly failuresInRow?: number;
  /** What is taken out of answers and of reasons: tokens that go along with the addresses. */
  readonly secrets?: readonly string[];
  /** Is told of each pause before another try. */
  onPause?(reason: string, milliseconds: number): void;
}

/** Asks a service for what is at an address, as often as it takes; `judge` says what an answer is worth. */
export type Ask = (address: URL, judge: (answer: Answer) => Verdict) => Promise<{answer: Answer; verdict: Verdict}>;

/**
 * A way to ask one service over HTTP: requests spaced out; a time limit on each try and on the whole of a request, a
 * limit on what an answer may hold; tries again with exponential backoff and jitter, or after as long as `Retry-After`
 * says; a circuit breaker over all requests. No secret is in what comes of it.
 *
 * The promise is rejected with `Unanswered`.
 */
export function openService(manners: Manners = {}): Ask {
  const {perMinute = 60, tries = 5, mostBytes = 64_000_000} = manners;
  const {firstPauseMilliseconds = 1_000, failuresInRow = 8, secrets = [], onPause} = manners;
  const timeoutMilliseconds = Math.min(manners.timeoutMilliseconds ?? 900_000, longestTimer);
  const tryMilliseconds = Math.min(manners.tryMilliseconds ?? 60_000, timeoutMilliseconds);
  const blot = blotOf(secrets);
  const backoff = new ExponentialBackoff<any>({initialDelay: firstPauseMilliseconds, maxDelay: 60_000});
  // While it pauses, the time limit of the whole keeps the process alive.
  const again = retry(
    handleWhen((error) => error instanceof Unanswered && error.how.isPassing),
    {maxAttempts: tries - 1, backoff: {next: (context) => paused(backoff.next(), context)}}
  ).dangerouslyUnref();
  again.onRetry((event) => {
    if ("error" in event) onPause?.(blot.text(event.error.message), event.delay);
  });
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof Unanswered && error.how.isPassing && !error.how.isThrottled),
    {breaker: new ConsecutiveBreaker(failuresInRow), halfOpenAfter: 10 * 60_000}
  );
  const whole = timeout(timeoutMilliseconds, TimeoutStrategy.Aggressive);
  const once = timeout(tryMilliseconds, TimeoutStrategy.Aggressive);
  const policy = wrap(again, breaker);
  const turn = turns(60_000 / perMinute);

  return async (address, judge) => {
    let last: Unanswered | undefined;
    // To wait for its first turn is no part of a request.
    await turn();
    const until = Date.now() + timeoutMilliseconds;
    const tryOnce = async (attempt: number, wholeSignal: AbortSignal) => {
      if (attempt > 0) await turn();
      wholeSignal.throwIfAborted();
      try {
        return await once.execute(async ({signal}) => {
          const answer = await fetchAnswer(address, {signal, blot, mostBytes, until});
          const verdict = judge(answer);
          if (verdict.kind === "broken") throw new Unanswered(verdict.reason, {isPassing: true, body: answer.body});
          return {answer, verdict: withoutSecrets(verdict)};
        }, wholeSignal);
      } catch (error) {
        if (wholeSignal.aborted) throw error;
        last = unanswered(error, tryMilliseconds);
        throw last;
      }
    };
    try {
      return await whole.execute(({signal}) => policy.execute(({attempt, signal}) => tryOnce(attempt, signal), signal));
    } catch (error) {
      const isLate = error instanceof TaskCancelledError;
      const {message, how} =
        isLate && last ? tooLate(last, timeoutMilliseconds) : unanswered(error, timeoutMilliseconds);
      throw new Unanswered(blot.text(message), how);
    }
  };

  function withoutSecrets(verdict: Verdict): Verdict {
    return "reason" in verdict ? {...verdict, reason: blot.text(verdict.reason)} : verdict;
  }
}

/** Node ends a longer timer at once. */
const longestTimer = 2 ** 31 - 1;

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

/** A request whose time was up before a try brought an answer: what the last one brought is kept. */
function tooLate({message, how: {body}}: Unanswered, milliseconds: number): Unanswered {
  const late = `no answer within ${milliseconds / 1000} s`;
  return new Unanswered(message === late ? late : `${late}; the last try: ${message}`, {isPassing: true, body});
}

function unanswered(error: unknown, milliseconds: number): Unanswered {
  if (error instanceof Unanswered) return error;
  if (error instanceof TaskCancelledError)
    return new Unanswered(`no answer within ${milliseconds / 1000} s`, {isPassing: true});
  if (error instanceof BrokenCircuitError)
    return new Unanswered("the service failed too often in a row", {isPassing: false, isFinal: true});
  return new Unanswered(faultText(error), {isPassing: false, isFinal: true});
}
