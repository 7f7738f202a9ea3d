import type {Connection} from "./duckdb.js";

/** An interrupt that comes before a statement begins is lost: it is given again until the work has ended. */
const againMilliseconds = 200;

/**
 * Does work on a connection, and stops its statements once it has taken so long.
 *
 * @throws Error which `tooLong` makes, when they were stopped
 */
export async function withinTime<T>(
  {native}: Connection,
  milliseconds: number,
  tooLong: () => Error,
  work: () => Promise<T>
): Promise<T> {
  let isOver = false;
  let again: NodeJS.Timeout | undefined;
  const stop = () => {
    isOver = true;
    native.interrupt();
    again = setInterval(() => native.interrupt(), againMilliseconds);
  };
  const timer = Number.isFinite(milliseconds) ? setTimeout(stop, Math.max(0, milliseconds)) : undefined;
  try {
    return await work();
  } catch (error) {
    throw isOver ? tooLong() : error;
  } finally {
    clearTimeout(timer);
    clearInterval(again);
  }
}
