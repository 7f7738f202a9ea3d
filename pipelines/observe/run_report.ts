import type {Failure} from "../models/check.js";
import type {Gaps} from "../models/gaps.js";
import {balances, type Reconciliation} from "../models/reconciliation.js";
import type {RegisterEvents} from "../models/register_events.js";
import type {Rejection} from "../models/rejections.js";
import type {RunResult, TableResult} from "../pipeline.js";
import {type Expected, expectedFile} from "../sources/expected.js";
import type {RecordReject} from "../sources/formats/account.js";
import {scopeText} from "./preview_report.js";
import {bold, dim, green, red, yellow} from "./terminal.js";
import {columns, count, quantity} from "./text.js";

/** What a run has to tell a person even when it is quiet, a sentence each. */
export function warningsOf({
  intake,
  landing,
  tables,
  reconciliation,
  lost,
  fileRejects,
  stale,
  rejections,
  expected,
  untold
}: RunResult): string[] {
  const fresh = intake.rejected.length + landing.misfits.length;
  return [
    ...lost.map(({damage}) => `log damaged: ${damage}`),
    ...intake.rejected.map(({arrival, reason}) => `file rejected: ${arrival.path}: ${reason}`),
    ...landing.misfits.map(({path, reason}) => `file rejected: ${path}: ${reason}`),
    ...intake.partly.flatMap(faultsIn),
    ...(fileRejects > fresh
      ? [
          `${count(fileRejects - fresh, "file")} of earlier runs can't be read: SELECT * FROM bronze.file_reject lists them`
        ]
      : []),
    ...landing.strangers.map(
      (path) =>
        `file of no source: ${path}; npm run inspect -- FILE drafts a source, which goes into sources.json in the lake's folder`
    ),
    ...landing.undefinedSources.map(
      ({source, files}) =>
        `source no longer defined: ${source}, of which ${count(files, "file")} came in; they stay in Bronze and out of Silver ` +
        "until its object is back in sources.json in the lake's folder"
    ),
    ...stale.map(
      ({path, arrival, superseded}) =>
        `content known: ${path} is what came as ${arrival.path} (arrival ${arrival.arrival}), of which ` +
        `${quantity(superseded)} ${superseded === 1 ? "row has" : "rows have"} since been superseded; --again ${path} takes it in anew`
    ),
    ...tables.flatMap(({table, others}) =>
      others === undefined ? [] : [`table ${others}: ${table}; its model makes it, so those rows are built anew`]
    ),
    ...tables.flatMap((table) => failuresOf(table, expected)),
    ...rejections.filter((rejection) => !isExpectedOf(rejection, expected)).map(rejectionText),
    ...reconciliation
      .filter((line) => !balances(line))
      .map(({source}) => `source doesn't balance: ${source}; the line above says where`),
    ...untold
  ];
}

function faultsIn({arrival, account}: RunResult["intake"]["partly"][number]): string[] {
  const {rejected, rejects, note} = account;
  const place = ({line, row}: RecordReject) => (line === null ? `row ${row}` : `line ${line}`);
  return [
    ...(note === undefined ? [] : [`file not whole: ${arrival.path}: ${note}`]),
    ...(rejected === 0
      ? []
      : [
          `${count(rejected, "record")} rejected: ${arrival.path}: ${place(rejects[0]!)}: ${rejects[0]!.reason}; SELECT * FROM bronze.record_reject lists them`
        ])
  ];
}

function failuresOf({table, outcome, failures, error, reason}: TableResult, expected: readonly Expected[]): string[] {
  return [
    ...(error ? [`table failed: ${table}: ${error}`] : []),
    ...failures
      .filter((failure) => expectationOf(failure, expected)?.rows !== failure.violations)
      .map((failure) => {
        const {check, severity, violations, examples} = failure;
        const known = expectationOf(failure, expected);
        const besides = known ? ` (${quantity(known.rows)} are expected by ${expectedFile})` : "";
        return `${severity === "error" ? "check failed" : "check warns"}: ${table}: ${check}: ${count(violations, "row")}${besides}, such as ${JSON.stringify(examples[0])}`;
      }),
    ...(outcome === "blocked" ? [`table not built: ${table} ${reason}`] : [])
  ];
}

type ExpectedCheck = Extract<Expected, {check: string}>;

/** What is known of the rows that a check warns of. */
function expectationOf(
  {table, check, severity}: Pick<Failure, "table" | "check" | "severity">,
  expected: readonly Expected[]
): ExpectedCheck | undefined {
  if (severity === "error") return undefined;
  return expected.find(
    (each): each is ExpectedCheck => "check" in each && each.table === table && each.check === check
  );
}

function isExpectedOf({source, rejected}: Rejection, expected: readonly Expected[]): boolean {
  return expected.some((each) => "source" in each && each.source === source && each.rejected === rejected);
}

/** Of what a source sent, how much was rejected, what for most of all, and where to look. */
function rejectionText({source, of, came, rejected, reason, setting, table}: Rejection): string {
  const most = reason.count === rejected ? "for" : `${quantity(reason.count)} of them for`;
  return (
    `source rejected by ${shareText(rejected, came)}: ${source}: ${quantity(rejected)} of ${count(came, of)}, ` +
    `${most}: ${reason.example}${setting === undefined ? "" : `; ${setting}`}; ` +
    `SELECT * FROM ${table} WHERE source = '${source}' lists them`
  );
}

function shareText(part: number, whole: number): string {
  return part >= whole ? "100 %" : `${Math.min((part / whole) * 100, 99.9).toFixed(1)} %`;
}

/** What the run met that its files are known to hold. */
function expectedLines({tables, rejections, gaps, expected}: RunResult): string[] {
  const failures = tables.flatMap((table) => table.failures);
  const met = expected.flatMap((each) => {
    if ("source" in each) {
      const isMet = rejections.some((rejection) => isExpectedOf(rejection, [each]));
      return isMet ? [[each.source, `${quantity(each.rejected)} rejected`, each.because]] : [];
    }
    const isMet =
      failures.some((failure) => expectationOf(failure, [each]) && failure.violations === each.rows) ||
      (isOfGaps(each) && gaps?.gaps === each.rows);
    return isMet ? [[`${each.table}: ${each.check}`, count(each.rows, "row"), each.because]] : [];
  });
  if (met.length === 0) return [];
  return [
    "",
    dim(`as expected of these files, by ${expectedFile}:`),
    ...columns(met, ["left", "right", "left"]).map((line) => dim(`  ${line}`))
  ];
}

function isOfGaps(expected: Expected): expected is ExpectedCheck {
  return "check" in expected && expected.table === "quality.gap";
}

/** The run as a person reads it: what came in, what was built, and that nothing was lost. */
export function runText(result: RunResult): string {
  const {run, complete, seconds, intake, tables, reconciliation, gaps, registerEvents} = result;
  const files = intake.tables.reduce((sum, table) => sum + table.files, 0);
  const lines = [
    `${bold(`run ${run}`)}: ${count(files, "new file")}, ${count(tables.filter(({outcome}) => outcome === "built").length, "table")} built in ${seconds.toFixed(1)} s` +
      (complete ? "" : red(", not complete: readers stay on the last complete run")),
    "",
    ...columns(
      [
        ...intake.tables.map(({table, rows, files}) => [
          table,
          quantity(rows),
          "rows",
          `from ${count(files, "new file")}`
        ]),
        ...tables
          .filter(({outcome}) => outcome !== "unchanged")
          .map((table) => [table.table, quantity(table.rows), "rows", `${table.outcome}: ${scopeText(table)}`])
      ],
      ["left", "right", "left", "left"]
    )
  ];
  const unchanged = tables.filter(({outcome}) => outcome === "unchanged").length;
  if (unchanged > 0) lines.push(dim(`${count(unchanged, "table")} unchanged`));
  const {rejections, expected} = result;
  const unexpected = rejections.filter((rejection) => !isExpectedOf(rejection, expected));
  return [
    ...lines,
    "",
    ...reconciliation.map((line) => reconciliationText(line, unexpected)),
    ...gapLines(gaps, expected),
    ...registerLines(registerEvents),
    ...expectedLines(result)
  ].join("\n");
}

/** One source's account: every value and all energy that came in, what became of it, and whether that is much to reject. */
export function reconciliationText(line: Reconciliation, rejections: readonly Rejection[] = []): string {
  const values = [
    `${quantity(line.placed_values)} placed${splitText(line)}`,
    `${quantity(line.nonexistent)} nonexistent`,
    `${quantity(line.missing)} missing`,
    `${quantity(line.rejected)} rejected`,
    `${quantity(line.superseded)} superseded`
  ];
  const energy = (micro: bigint) => inUnit(micro, line.micro_kwh_per_unit);
  const parts = [
    `${energy(line.energy_placed)} placed`,
    `${energy(line.energy_rejected)} rejected`,
    `${energy(line.energy_superseded)} superseded`
  ];
  const much = rejections.find(({source, of}) => of === "value" && source === line.source);
  const mark = !balances(line)
    ? red("NOT BALANCED")
    : much
      ? yellow(`balanced, but ${shareText(much.rejected, much.came)} rejected`)
      : green("balanced");
  return [
    `${bold(line.source)}: ${quantity(line.values_in)} values in = ${values.join(" + ")}`,
    `${" ".repeat(line.source.length + 2)}${energy(line.energy_in)} ${line.unit} in = ${parts.join(" + ")}  ${mark}`
  ].join("\n");
}

/** What the series lack, where they lack anything. */
function gapLines(found: Gaps | undefined, expected: readonly Expected[]): string[] {
  if (!found || found.gaps === 0) return [];
  const {gaps, series, missing_intervals} = found;
  const where = `${count(gaps, "gap")} in ${quantity(series)} series`;
  const isExpected = expected.some((each) => isOfGaps(each) && each.rows === gaps);
  const what = isExpected ? `${where}, as expected` : yellow(where);
  return [`${what}, ${count(missing_intervals, "interval")}: SELECT * FROM quality.gap lists them`];
}

/** What registers did other than go forward, where any did. */
function registerLines(found: RegisterEvents | undefined): string[] {
  if (!found || found.events === 0) return [];
  const where = `${count(found.events, "register event")} in ${quantity(found.series)} series`;
  return [`${yellow(where)}, such as resets and rollovers: SELECT * FROM quality.register_event lists them`];
}

function splitText({split_values, readings}: Reconciliation): string {
  if (split_values === 0n) return readings > 0n ? ` (${quantity(readings)} readings)` : "";
  return ` (${quantity(split_values)} of them split over two hours: ${quantity(readings)} readings)`;
}

/** Micro-kWh in a source's own unit, with as many decimals as it has. */
function inUnit(micro: bigint, perUnit: bigint): string {
  const rest = micro % perUnit;
  if (rest === 0n) return quantity(micro / perUnit);
  const decimals = String(perUnit).length - 1;
  const fraction = String(rest < 0n ? -rest : rest)
    .padStart(decimals, "0")
    .replace(/0+$/, "");
  return `${quantity(micro / perUnit)}.${fraction}`;
}

/** The run for a machine, numbers as numbers and energy as text in kWh, exact. */
export function runJson(result: RunResult): string {
  const {landing, ...rest} = result;
  const files = landing.fresh.map(({arrival, source, path, sha256}) => ({arrival, source, path, sha256}));
  return JSON.stringify({...rest, arrivals: files, balanced: result.reconciliation.every(balances)}, (_, value) =>
    typeof value === "bigint" ? Number(value) : value
  );
}
