import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import {Worker} from "node:worker_threads";
import type {FileReading} from "./file_reading.js";
import type {DatabaseJob, DatabasePiece} from "./sqlite_worker.js";

/** A worker that waits for its next job: starting one takes as long as reading many small databases. */
let kept: Worker | undefined;

/**
 * Has a job done by SQLite in a thread of its own, which is ended when the reading's time is over, or nobody wants more of it.
 *
 * @throws Error of the database's fault, or when the time is over
 */
export async function* databasePieces(
  reading: FileReading,
  job: Omit<DatabaseJob, "limits">
): AsyncGenerator<DatabasePiece> {
  const worker = kept ?? startWorker();
  kept = undefined;
  worker.ref();
  let isDone = false;
  try {
    worker.postMessage({...job, limits: reading.limits} satisfies DatabaseJob);
    for (;;) {
      const piece = await nextPiece(worker, reading);
      if (piece.kind === "end") break;
      if (piece.kind === "fault") {
        // What WebAssembly has once taken of the memory it doesn't give back.
        isDone = !/memory/i.test(piece.message);
        throw Object.assign(new Error(piece.message), {name: piece.name});
      }
      yield piece;
      await reading.goOn();
      worker.postMessage("next");
    }
    isDone = true;
  } finally {
    worker.unref();
    if (isDone && kept === undefined) kept = worker;
    else await worker.terminate();
  }
}

/** Where the program runs from its sources, the worker needs what loads TypeScript, too. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./sqlite_worker.js", import.meta.url));
  const worker = new URL("./sqlite_worker.ts", import.meta.url).href;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx"));
  const loader = new URL("esm/api/index.mjs", tsx).href;
  const start = `import(${JSON.stringify(loader)}).then(({register}) => {register(); return import(${JSON.stringify(worker)})})`;
  return new Worker(start, {eval: true});
}

function nextPiece(worker: Worker, reading: FileReading): Promise<DatabasePiece> {
  return new Promise((resolve, reject) => {
    const timer = Number.isFinite(reading.left)
      ? setTimeout(() => end(() => reject(reading.tooLong())), reading.left)
      : undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      worker.off("message", taken).off("error", failed).off("exit", exited);
      settle();
    };
    const taken = (piece: DatabasePiece) => end(() => resolve(piece));
    const failed = (error: Error) => end(() => reject(error));
    const exited = () => end(() => reject(new Error("it needs more memory than there is; split it")));
    worker.on("message", taken).on("error", failed).on("exit", exited);
  });
}
