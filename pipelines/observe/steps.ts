/** The points of a run at which it matters that a process may die there. */
export type Step =
  | "after copy"
  | "after landing"
  | "after arrivals"
  | "after staging"
  | "before link"
  | "after link"
  | "between tables"
  | "before recording"
  | "after request"
  | "after plan"
  | "after tombstones"
  | "between files"
  | "after rewriting"
  | "between bronze"
  | "after rebuild"
  | "between purges"
  | "before closing";

/** `after link:3`: where the process is to end, and at which of the times it gets there; the first by default. */
const [stopAt, time = "1"] = process.env.WATTLAKE_STOP_AT?.split(":") ?? [];
let times = 0;

/**
 * Says that a run, `land` or an erasure is at a step. With the variable WATTLAKE_STOP_AT naming it, the process ends there as `kill -9`
 * ends it, with no chance to tidy up; so it can be seen what another run makes of what is left. Otherwise it does
 * nothing.
 */
export function reach(step: Step): void {
  if (step === stopAt && ++times === Number(time)) process.kill(process.pid, "SIGKILL");
}
