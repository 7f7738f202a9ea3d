import {cp, mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {policies} from "../pipelines/calendar/policy.js";
import {explain} from "../pipelines/explain/explain.js";
import {command as lakeCommand} from "../pipelines/lake.js";
import {type Lakehouse, openLakehouse} from "../pipelines/lakehouse.js";
import {explanationText} from "../pipelines/observe/explain_report.js";
import {reconciliationText} from "../pipelines/observe/run_report.js";
import {forStream} from "../pipelines/observe/terminal.js";
import {type RunResult, runPipeline} from "../pipelines/pipeline.js";
import {defaultLimits} from "../pipelines/sources/formats/limits.js";

const readme = await readFile("README.md", "utf8");
const commands = await readFile("docs/commands.md", "utf8");
const claims = [...readme.matchAll(/^\| ([^|]+) \| ([^|]+) \| `(SELECT .*)` \|$/gm)].map(([, what, is, sql]) => [
  what!,
  is!,
  sql!
]);

let lake: string;
let result: RunResult;
let lakehouse: Lakehouse;
beforeAll(async () => {
  lake = await mkdtemp(join(tmpdir(), "wattlake-readme-"));
  await cp("lake/landing", join(lake, "landing"), {
    recursive: true,
    filter: (path) => !path.endsWith("_arrivals.jsonl")
  });
  result = await runPipeline({lake});
  lakehouse = await openLakehouse(lake);
});
afterAll(async () => {
  await lakehouse.close();
  await rm(lake, {recursive: true, force: true});
});

describe("README", () => {
  it.each(claims)("is right that %s: %s", async (_, is, sql) => {
    const [[value]] = (await (await lakehouse.stream(sql)).getRowsJson()) as [[string]];
    const instant = /^\d{4}-\d\d-\d\dT/.test(is) && `${value.replace(" ", "T").replace("+00", "Z")}`;
    const number = Number(is.replaceAll(",", "").split(" ")[0]);
    expect(instant || Number(value)).toEqual(instant ? is : number);
  });

  it("has a result table", () => expect(claims.length).toBeGreaterThan(5));

  it("shows the account that the run prints", () => {
    for (const line of result.reconciliation) {
      expect(readme).toContain(forStream(reconciliationText(line)));
    }
  });

  it("is read in a few minutes", () => expect(readme.split(/\s+/).length).toBeLessThan(1200));

  it("has tables that can all be read, whole", async () => {
    for (const table of await lakehouse.tables()) {
      const chunks = await (await lakehouse.stream(`SELECT * FROM ${table}`)).fetchAllChunks();
      const [[count]] = (await (await lakehouse.stream(`SELECT count(*) FROM ${table}`)).getRowsJson()) as [[string]];
      expect([table, chunks.reduce((sum, {rowCount}) => sum + rowCount, 0)]).toEqual([table, Number(count)]);
    }
  });
});

it("docs/security.md gives every limit of a file, as it is", async () => {
  const security = await readFile("docs/security.md", "utf8");
  for (const [name, value] of Object.entries(defaultLimits))
    expect(security).toMatch(new RegExp(`\\| ${value.toLocaleString("en")}( [a-zA-Z]+)? \\| .limits\\.${name}`));
});

it("docs/time.md lists every policy", async () => {
  const time = await readFile("docs/time.md", "utf8");
  for (const name of Object.keys(policies)) expect(time).toContain(`| \`${name}\` |`);
});

describe("docs/commands.md", () => {
  it("shows what explain says of the doubled hour", async () => {
    const [, table, key] = /lake -- explain (gold\S+) ([^`]*)`/.exec(commands)!;
    const text = explanationText(await explain(lakehouse, table!, key!.trim().split(/\s+/)));
    const [shown] = /(?<=^```\n)odd hours\n[^`]*/m.exec(commands)!;
    expect(forStream(text)).toContain(shown);
  });

  it("lists every command", async () => {
    const {scripts} = JSON.parse(await readFile("package.json", "utf8"));
    for (const script of Object.keys(scripts).filter((name) => !inside.includes(name)))
      expect(commands).toContain(script === "test" ? "npm test" : `npm run ${script === "lake" ? "-s lake" : script}`);
    for (const verb of lakeCommand.commands) expect(commands).toContain(`npm run -s lake -- ${verb.name()}`);
  });
});

/** Scripts that others run. */
const inside = ["prepare", "check", "format", "test:node", "test:bench"];
