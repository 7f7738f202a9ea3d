import type {Connection} from "./duckdb.js";

const intervalMilliseconds = 100;

/**
 * Does work on a connection and tells meanwhile how far its statement is, as DuckDB estimates it: from 0 to 1, and
 * the rows it has gone through.
 */
export async function watch<T>(
  {native}: Connection,
  onProgress: (share: number, rows: number) => void,
  work: () => Promise<T>
): Promise<T> {
  await native.run("SET enable_progress_bar = true");
  await native.run("SET enable_progress_bar_print = false");
  const timer = setInterval(() => {
    const {percentage, rows_processed} = native.progress;
    if (percentage > 0) onProgress(percentage / 100, Number(rows_processed));
  }, intervalMilliseconds);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
