import {Cron} from "croner";

/** When runs are due: a cron pattern by the clock of a zone. */
export interface Timetable {
  /** Five fields, or six with seconds first: `0 2 * * *` is daily at 02:00. */
  readonly pattern: string;
  /** An IANA zone. On a day whose clock skips the time a run is due at once after; where it comes twice, the first time. */
  readonly zone: string;
}

/** Daily at a time of the clock, `02:00`. */
export function daily(time: string, zone: string): Timetable {
  const [hour, minute] = time.split(":");
  return {pattern: `${Number(minute)} ${Number(hour)} * * *`, zone};
}

/** Why a timetable can't be kept, a sentence; undefined where it can. */
export function problemOf({pattern, zone}: Timetable): string | undefined {
  try {
    new Intl.DateTimeFormat("en", {timeZone: zone});
  } catch {
    return `not a time zone: ${zone}; write it as Europe/Vilnius or UTC`;
  }
  try {
    if (!new Cron(pattern, {timezone: zone, paused: true}).nextRun())
      return `cron pattern that never comes: ${pattern}`;
  } catch (error) {
    return `not a cron pattern: ${pattern}: ${(error as Error).message}; 0 2 * * * is daily at 02:00`;
  }
}

/** The next moment that a run is due, after one; undefined where there is none any more. */
export function dueAfter({pattern, zone}: Timetable, moment: Date): Date | undefined {
  return new Cron(pattern, {timezone: zone, paused: true}).nextRun(moment) ?? undefined;
}

/** The last moment that a run was due, up to and with one; undefined where there was none. */
export function dueBefore({pattern, zone}: Timetable, moment: Date): Date | undefined {
  const next = new Date(moment.getTime() + 1000);
  return new Cron(pattern, {timezone: zone, paused: true}).previousRuns(1, next)[0];
}

/**
 * Calls for work whenever it is due, one at a time: what comes due while work is under way is passed over.
 *
 * @returns what ends the calls; work that is under way goes on
 */
export function keep({pattern, zone}: Timetable, work: () => Promise<void>): () => void {
  const job = new Cron(pattern, {timezone: zone, protect: true}, work);
  return () => job.stop();
}
