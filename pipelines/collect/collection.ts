import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {onDisk} from "../delta/ground.js";
import {daysBetween, distinct, plusDays} from "../delta/slice.js";
import {deliver} from "../sources/delivery.js";
import type {Dock} from "../sources/fit.js";
import {readLanded} from "../sources/landed.js";
import type {Source} from "../sources/source.js";
import {Unanswered} from "./answer.js";
import type {Feed, Request} from "./feed.js";
import type {Ask} from "./service.js";

/** What became of a request. */
export interface Collected extends Omit<Request, "address"> {
  /** `none`: the service has nothing of it. `not asked`: the service was given up before. */
  readonly outcome: "landed" | "known" | "none" | "rejected" | "failed" | "not asked";
  /** Where the answer lies, or what came instead of one: relative to the landing folder. */
  readonly path?: string;
  readonly reason?: string;
}

/**
 * Asks for the days from one to another that haven't landed yet, place by place, oldest first, and lands each answer as
 * it came before it asks for the next: whatever ends this, the next time goes on from there.
 */
export async function* collect(
  feed: Feed,
  {from, to}: {readonly from: string; readonly to: string},
  dock: Dock,
  source: Source,
  ask: Ask
): AsyncGenerator<Collected> {
  let end: string | undefined;
  for (const request of await missing(feed, daysBetween(from, to), dock.landing)) {
    const {address, ...told} = request;
    if (end !== undefined) {
      yield {...told, outcome: "not asked", reason: end};
      continue;
    }
    try {
      const {answer, verdict} = await ask(feed.secretly(address), (given) => feed.judge(given, request));
      if (verdict.kind === "good")
        yield {...told, ...(await landAnswer({body: answer.body}, request, feed, dock, source))};
      else if (verdict.kind === "none") yield {...told, outcome: "none", reason: verdict.reason};
      else if (verdict.kind === "refused") yield {...told, outcome: "failed", reason: verdict.reason};
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (error.how.isFinal) end = error.message;
      const {body} = error.how;
      yield body && body.length > 0
        ? {...told, ...(await landAnswer({body, fault: error.message}, request, feed, dock, source))}
        : {...told, outcome: "failed", reason: error.message};
    }
  }
}

async function landAnswer(
  {body, fault}: {body: Buffer; fault?: string},
  {address}: Request,
  {extension}: Feed,
  dock: Dock,
  source: Source
): Promise<Pick<Collected, "outcome" | "path" | "reason">> {
  const temporary = tmpdir();
  const kept = "what has landed stays";
  const folder = await onDisk(temporary, kept, () => mkdtemp(join(temporary, "wattlake-answer-")));
  try {
    const file = join(folder, `answer${extension}`);
    await onDisk(temporary, kept, () => writeFile(file, body));
    const {outcome, path, reason} = await deliver(dock, source, {file, name: address.href, fault});
    return {outcome: outcome === "unread" ? "failed" : outcome, path, reason};
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** The requests for the days that haven't landed: a day landed before it was settled is asked for again. */
async function missing(feed: Feed, days: readonly string[], landing: string): Promise<Request[]> {
  const there = new Set<string>();
  for (const {source, name, landed_at} of await readLanded(landing)) {
    const request = source === feed.source ? feed.requestOf(name) : undefined;
    if (!request) continue;
    for (const day of daysBetween(request.from, request.to))
      if (feed.settledAfterDays === 0 || landed_at.slice(0, 10) > plusDays(day, feed.settledAfterDays))
        there.add(`${request.place} ${day}`);
  }
  return distinct(feed.places).flatMap((place) =>
    feed.requests(
      place,
      days.filter((day) => !there.has(`${place} ${day}`))
    )
  );
}
