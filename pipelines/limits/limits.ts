/** What a query may take; none where it isn't given. */
export interface Limits {
  /** Seconds of work: until a query has answered, the time aside that its reader takes. */
  readonly timeoutSeconds?: number;
  /** Memory of a query, such as `500MB` or `2GB`: what doesn't fit is spilled to the lake's `.tmp`. */
  readonly memory?: string;
}

const units: Readonly<Record<string, number>> = {MB: 1e6, GB: 1e9, MIB: 2 ** 20, GIB: 2 ** 30};

/** Timers can't count further: eleven days. */
const mostSeconds = 1_000_000;

/** Less than this, the engine can't open a lake. */
const leastMemory = 100e6;

/**
 * @throws Error with `usage` as its cause for limits that can't be kept
 */
export function refuseUnfitLimits({timeoutSeconds, memory}: Limits): void {
  const isTime = timeoutSeconds === undefined || (timeoutSeconds > 0 && timeoutSeconds <= mostSeconds);
  if (!isTime)
    throw new Error(`not a time limit: ${timeoutSeconds}; write seconds, more than 0 and at most ${mostSeconds}`, {
      cause: "usage"
    });
  if (memory !== undefined) bytesOf(memory);
}

/** Whether any limit is set. */
export function isLimited({timeoutSeconds, memory}: Limits): boolean {
  return timeoutSeconds !== undefined || memory !== undefined;
}

/**
 * Bytes of a memory limit as it is written.
 *
 * @throws Error with `usage` as its cause for another text, and for less than 100MB
 */
export function bytesOf(memory: string): number {
  const [, number, unit] = /^(\d{1,6}(?:\.\d+)?) ?(MB|GB|MiB|GiB)$/i.exec(memory) ?? [];
  const bytes = number === undefined ? 0 : Number(number) * units[unit!.toUpperCase()]!;
  if (bytes >= leastMemory) return bytes;
  throw new Error(`not a memory limit: ${memory}; write 500MB or 2GB, at least 100MB`, {cause: "usage"});
}

/** What is said of a query that took too long. */
export function overTime(seconds: number): Error {
  return new Error(
    `query stopped after ${seconds} ${seconds === 1 ? "second" : "seconds"}: read fewer rows, or give it more time with --timeout (timeoutSeconds)`
  );
}

/** What is said of a query whose process took more memory than its limit, and what it needs beside. */
export function overMemory(memory: string): Error {
  return new Error(
    `query stopped: it took more memory than ${memory}; read fewer rows or columns, or give it more with --memory (memory)`
  );
}
