// A process of its own that reads a lake: what can't be interrupted ends with it. `readers.ts` starts it.
import {exportTables} from "../exports/export.js";
import {printResult} from "../exports/format.js";
import {plainRows} from "../exports/values.js";
import {type Lakehouse, openLakehouse} from "../lakehouse.js";
import {faultText} from "../wording/command.js";
import {bytesOf} from "./limits.js";
import type {Answer, Job, Opening, Part, Question} from "./messages.js";

/** Rows that are sent at once. */
const rowsOfPart = 5_000;

/** How often is looked at the memory, and interrupted anew what began after the interrupt before. */
const lookMilliseconds = 50;

/** What a process takes of memory beside what the engine counts: rows on their way out, texts of one expression. */
const beside = 256e6;

let lakehouse: Lakehouse | undefined;
let goOn: (() => void) | undefined;
let interrupts: NodeJS.Timeout | undefined;

process.on("message", (question: Question) => {
  if (question.kind === "open") void answering(() => open(question.opening));
  else if (question.kind === "work") void answering(() => work(question.job));
  else if (question.kind === "next") goOn?.();
  else interrupts ??= setInterval(() => lakehouse?.interrupt(), lookMilliseconds);
});

// Whoever asked has gone. An orderly exit would wait for the engine.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

async function open({folder, asOf, options}: Opening): Promise<Answer> {
  lakehouse = await openLakehouse(folder, asOf, options);
  if (options.memory !== undefined) watchMemory(bytesOf(options.memory));
  return {kind: "opened", notices: lakehouse.notices};
}

async function work(job: Job): Promise<Answer> {
  if (job.kind === "export") {
    const {folder, format, tables} = job;
    await give({kind: "exported", exported: await exportTables(lakehouse!, folder, format, tables)});
  } else if (job.kind === "print") {
    await lakehouse!.read(job.sql, (result) => printResult(result, job.format, (text) => give({kind: "text", text})));
  } else if (job.kind === "arrow") {
    const [{tableToIPC}, {toArrow}] = await Promise.all([import("apache-arrow"), import("../exports/arrow.js")]);
    const bytes = await lakehouse!.read(job.sql, async (result) => tableToIPC(await toArrow(result), "stream"));
    await give({kind: "arrow", bytes});
  } else {
    const rows = await lakehouse!.read(job.sql, plainRows);
    for (let at = 0; at < rows.length; at += rowsOfPart)
      await give({kind: "rows", rows: rows.slice(at, at + rowsOfPart)});
  }
  return {kind: "done"};
}

/** Gives a part away, and waits until more is wanted. */
function give(part: Part): Promise<void> {
  return new Promise((resolve) => {
    goOn = resolve;
    answer({kind: "part", part});
  });
}

async function answering(doIt: () => Promise<Answer>): Promise<void> {
  const last = await doIt().catch(
    (error): Answer => ({
      kind: "failed",
      message: faultText(error),
      cause: error.cause === "usage" ? "usage" : undefined
    })
  );
  clearInterval(interrupts);
  interrupts = undefined;
  answer(last);
}

function answer(what: Answer): void {
  process.send!(what);
}

/** The engine doesn't count all that one expression takes: a text of a gigabyte, say. */
function watchMemory(limit: number): void {
  const most = process.memoryUsage.rss() + limit + beside;
  const look = setInterval(() => {
    if (process.memoryUsage.rss() <= most) return;
    clearInterval(look);
    answer({kind: "over memory"});
  }, lookMilliseconds);
}
