import type {CheckList, CheckOutcome} from "../check_list.js";
import {red, yellow} from "./terminal.js";
import {columns, count} from "./text.js";

/** What came of the checks in a run, a line each, those that failed first with one of the rows below each; a summary at the end. */
export function checksText({run, checks: all}: CheckList): string {
  const hasFailed = ({last_outcome}: CheckOutcome) => last_outcome === "failed";
  const checks = [...all.filter(hasFailed), ...all.filter((check) => !hasFailed(check))];
  const rows = columns(
    checks.map((check) => [check.table, check.check, check.severity, outcomeText(check)]),
    ["left", "left", "left", "left"]
  );
  const lines = checks.flatMap((check, index) => {
    if (!hasFailed(check)) return [rows[index]!];
    const color = check.severity === "error" ? red : yellow;
    return [
      color(rows[index]!),
      ...check.examples.slice(0, 1).map((example) => `  such as ${JSON.stringify(example)}`)
    ];
  });
  const number = (outcome: CheckOutcome["outcome"]) => checks.filter((check) => check.outcome === outcome).length;
  const summary = `run ${run}: ${number("held")} held, ${number("failed")} failed, ${number("not run")} not run`;
  return [...lines, summary].join("\n");
}

function outcomeText({outcome, last_run, last_outcome, violations}: CheckOutcome): string {
  const found = last_outcome === "failed" ? `failed: ${count(violations, "row")}` : last_outcome;
  if (outcome !== "not run") return found!;
  return last_run === null ? "never run" : `not run, nothing to publish; in run ${last_run} ${found}`;
}
