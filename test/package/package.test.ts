import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {$} from "zx";
import {inspectNotebook} from "../../scripts/notebook.js";

let folder: string;
let project: string;
const inProject = (command: string, ...words: readonly string[]) =>
  $({cwd: project, quiet: true})`npm run -s ${command} -- ${words}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-package-"));
  project = join(folder, "My lake");
  await mkdir(project);
  await $({quiet: true})`npm pack --silent --pack-destination ${folder}`;
  await $({cwd: project, quiet: true})`npm install --silent ../wattlake-0.1.0.tgz`;
  await $({cwd: project, quiet: true})`npx wattlake init`;
}, 600_000);
afterAll(() => rm(folder, {recursive: true, force: true}));

/** January 2024 by the hour, as a person might export it: 31 days of 24 values of 0.5 kWh. */
function january(): string {
  const hours = Array.from({length: 31 * 24}, (_, hour) => new Date(Date.UTC(2024, 0, 1, hour)).toISOString());
  return ["when;kWh", ...hours.map((instant) => `${instant.slice(0, 19)}Z;0.5`), ""].join("\n");
}

// As the sql/README.md of a new project shows them.
const table = `-- The energy of weekend days, a row a meter, fuel, channel and date.
-- key: client_id, meter_id, fuel, channel, local_date
-- increment: local_date
SELECT client_id, meter_id, fuel, channel, local_date, energy_kwh
FROM gold.energy_day
WHERE iso_weekday(local_date) >= 6
`;
const check = `-- A weekend day has used no negative energy.
-- severity: error
SELECT client_id, meter_id, local_date, energy_kwh
FROM gold.weekend_day
WHERE energy_kwh < 0
`;

describe("a project of the installed package", () => {
  it("has the scripts of the program, and keeps what is in it", async () => {
    const before = await readFile(join(project, "package.json"), "utf8");
    const {scripts, dependencies} = JSON.parse(before);
    expect(scripts.pipeline).toBe("wattlake pipeline");
    expect(dependencies.wattlake).toContain("wattlake-0.1.0.tgz");
    await writeFile(join(project, "README.md"), "mine");
    await $({cwd: project, quiet: true})`npx wattlake init`;
    expect(await readFile(join(project, "README.md"), "utf8")).toBe("mine");
    expect(await readFile(join(project, "package.json"), "utf8")).toBe(before);
  });

  it("takes a file to a table of its own, with a check of its own", async () => {
    const readme = await readFile(join(project, "sql", "README.md"), "utf8");
    expect(readme).toContain(table);
    expect(readme).toContain(check);
    await writeFile(join(project, "meter.csv"), january());
    await mkdir(join(project, "sql", "gold"));
    await writeFile(join(project, "sql", "gold", "weekend_day.sql"), table);
    await mkdir(join(project, "sql", "checks", "gold.weekend_day"), {recursive: true});
    await writeFile(join(project, "sql", "checks", "gold.weekend_day", "positive.sql"), check);
    await inProject("inspect", "meter.csv", "--add", "home", "--tz", "Europe/Vilnius", "--channel", "import");
    await inProject("land", "home", "meter.csv");
    await inProject("pipeline", "--quiet");
    const query = "SELECT count(*) AS days, sum(energy_kwh) AS kwh FROM gold.weekend_day";
    const {stdout} = await inProject("lake", "query", query, "--format", "json");
    expect(JSON.parse(stdout)).toEqual([{days: 8, kwh: 96}]);
    expect((await inProject("lake", "checks")).stdout).toMatch(/gold\.weekend_day +positive +error +held/);
    expect((await inProject("lake", "describe", "gold.weekend_day")).stdout).toContain(
      "model: sql/gold/weekend_day.sql of this project"
    );
  }, 300_000);

  it("exports, and executes its first notebook with its chart", async () => {
    await inProject("lake", "export", "--to", "out", "--tables", "gold.weekend_day", "--format", "csv");
    expect((await readFile(join(project, "out", "gold.weekend_day.csv"), "utf8")).split("\r\n")).toHaveLength(10);
    const notebook = join(project, "notebooks", "first.ipynb");
    await inProject("notebooks", "run", notebook);
    expect(await inspectNotebook(notebook)).toMatchObject({charts: 1, problems: []});
  }, 600_000);

  it("refuses a table whose name the program has", async () => {
    const file = join(project, "sql", "gold", "energy_day.sql");
    await writeFile(file, table);
    const {exitCode, stderr} = await inProject("pipeline").nothrow();
    await rm(file);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/energy_day\.sql:1: table twice: gold\.energy_day is in .*; give yours another name/);
  });
});
