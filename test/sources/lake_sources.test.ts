import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Ajv} from "ajv";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {sourcesOf} from "../../pipelines/sources/lake_sources.js";
import type {Source} from "../../pipelines/sources/source.js";
import {sourcesJsonSchema} from "../../pipelines/sources/source_schema.js";
import {sources as own} from "../../pipelines/sources/sources.js";
import {command} from "../support/command.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

let lake: string;
beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), "wattlake-sources-"));
});
afterEach(() => rm(lake, {recursive: true, force: true}));

const acme = {
  name: "acme",
  folder: "acme",
  format: "interval_row",
  clientId: "acme",
  timeZone: "Europe/Vilnius",
  policy: "label_in_order",
  unit: "kWh",
  fuel: "electricity",
  channel: "import"
};

async function write(content: unknown): Promise<void> {
  await writeFile(join(lake, "sources.json"), typeof content === "string" ? content : JSON.stringify(content));
}

/** What is said of a `sources.json`, without the lake's path. */
async function fault(content: unknown): Promise<string> {
  await write(content);
  const error = await sourcesOf(lake).then(
    () => new Error("nothing"),
    (error) => error
  );
  return error.message.replaceAll(lake, "LAKE");
}

describe("the sources of a lake", () => {
  it("are the program's where it has no sources.json, and those of the file beside them where it has one", async () => {
    expect(await sourcesOf(lake)).toEqual(own);
    await write({
      $schema: "../docs/sources.schema.json",
      sources: [acme, {name: "sky", folder: "my/sky", format: "weather_archive"}]
    });
    expect((await sourcesOf(lake)).slice(own.length)).toEqual([
      acme,
      {name: "sky", folder: "my/sky", format: "weather_archive"}
    ]);
  });

  it.each([
    [
      "text that is no JSON, by its place",
      '{"sources": [\n  {"name": "a",, }]}',
      /^LAKE\/sources.json is not valid JSON: see line 2, character 16; look for a missing comma/
    ],
    ["JSON that ends too early", '{"sources": [', /is not valid JSON: see line 1, character 14/],
    ["a list without its object", [acme], /^LAKE\/sources.json: must be an object, not \[/],
    ["no sources", {}, "LAKE/sources.json: sources is missing"],
    [
      "another key beside the sources",
      {sources: [], source: []},
      "LAKE/sources.json: setting not known: source; did you mean sources?"
    ],
    [
      "a source without a name, by its number",
      {sources: [acme, {folder: "b", format: "interval_row"}]},
      "LAKE/sources.json: source number 2: name is missing"
    ],
    [
      "a client with a control character",
      {sources: [{...acme, clientId: "ac\0me"}]},
      /clientId not usable: "ac.u0000me"; a client is named by a text without control characters$/
    ],
    [
      "a folder with a control character",
      {sources: [{...acme, folder: "ac\u001bme"}]},
      /folder not usable: "ac.u001bme"; a folder is a relative path/
    ],
    [
      "a misspelt setting",
      {sources: [{...acme, timezone: "UTC"}]},
      "LAKE/sources.json: source acme: setting not known: timezone; did you mean timeZone?"
    ],
    [
      "a setting of the wrong type",
      {sources: [{...acme, maxKwhPerHour: "9"}]},
      'LAKE/sources.json: source acme: maxKwhPerHour must be a number, not "9"'
    ],
    [
      "a policy that isn't one",
      {sources: [{...acme, policy: "utcc"}]},
      /source acme: policy not known: "utcc"; choose one of variable_length, /
    ],
    [
      "a zone that isn't one",
      {sources: [{...acme, timeZone: "Vilnius"}]},
      /source acme: time zone not found: Vilnius; take an IANA name/
    ],
    [
      "a unit without its zone",
      {sources: [{name: "a", folder: "a", format: "interval_row", unit: "kWh"}]},
      /source a: timeZone is missing; unit is a setting of meters, which need it; source a: policy is missing/
    ],
    [
      "a folder above the landing folder",
      {sources: [{...acme, folder: "../acme"}]},
      /source acme: folder not usable: "..\/acme"; a folder is a relative path/
    ],
    [
      "a folder that is left aside",
      {sources: [{...acme, folder: "acme/readme"}]},
      /source acme: folder acme\/readme can't be used, as files in readme are left aside/
    ],
    [
      "a name of the program's",
      {sources: [{...acme, name: "eliq"}]},
      /source eliq: the program has a source of this name; choose another name/
    ],
    [
      "a folder of the program's, whatever its capitals",
      {sources: [{...acme, folder: "Eliq"}]},
      /source acme: folder Eliq overlaps eliq, the program's folder of eliq/
    ],
    [
      "a folder in one of the program's",
      {sources: [{...acme, folder: "intervals/acme"}]},
      /source acme: folder intervals\/acme overlaps intervals/
    ],
    [
      "a folder around one of the program's",
      {sources: [{...acme, folder: "reliability"}]},
      /source acme: folder reliability overlaps reliability\/state/
    ],
    ["a name twice", {sources: [acme, {...acme, folder: "b"}]}, /source acme: the name is used twice/],
    [
      "a folder twice",
      {sources: [acme, {...acme, name: "b", folder: "ACME"}]},
      /source b: folder ACME is that of source acme, too/
    ]
  ])("are refused for %s", async (_, content, sentence) => {
    const said = await fault(content);
    if (typeof sentence === "string") expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it("are described for editors by docs/sources.schema.json, which npm run schema keeps in step with the program", async () => {
    const committed = JSON.parse(await readFile("docs/sources.schema.json", "utf8"));
    expect(committed).toEqual(sourcesJsonSchema());
    const isValid = new Ajv({strict: false}).compile(committed);
    expect(isValid({sources: [acme, ...own]})).toBe(true);
    expect(isValid({sources: [{...acme, policy: undefined}]})).toBe(false);
    expect(isValid({sources: [{...acme, folder: "/acme"}]})).toBe(false);
    expect(isValid({sources: [{...acme, timezone: "UTC"}]})).toBe(false);
  });
});

const row = (hour: string, value: string) => `home,${hour},60min,${value}`;

describe("a lake with a source of its own", () => {
  let own: TestLake;
  beforeEach(async () => {
    own = await testLake();
    await writeFile(join(own.folder, "sources.json"), JSON.stringify({sources: [acme]}));
    await writeFile(
      join(own.folder, "hours.csv"),
      `meter_id,start,resolution,value\n${row("2022-10-30T02:00", "0.5")}\n${row("2022-10-30T03:00", "1.5")}\n${row("2022-10-30T03:00", "2.5")}\n`
    );
  });
  afterEach(() => own.remove());

  it("lands its files and takes them in by its settings; once it is no longer defined, each run says so", async () => {
    const landed = await command("land", "acme", join(own.folder, "hours.csv"), "--lake", own.folder);
    expect([landed.code, landed.err]).toEqual([0, ""]);
    const {reconciliation} = await own.run();
    expect(reconciliation.map(({source}) => source)).toEqual(["acme"]);
    expect(
      await own.query("SELECT client_id, interval_start, energy_kwh, channel FROM silver.reading ORDER BY 2")
    ).toEqual([
      ["acme", "2022-10-29 23:00:00+00", "0.500000", "import"],
      ["acme", "2022-10-30 00:00:00+00", "1.500000", "import"],
      ["acme", "2022-10-30 01:00:00+00", "2.500000", "import"]
    ]);
    await rm(join(own.folder, "sources.json"));
    const {landing} = await own.run();
    expect(landing.undefinedSources).toEqual([{source: "acme", files: 1}]);
    expect(landing.strangers).toEqual([expect.stringMatching(/^acme\/acme\//)]);
  });

  it("names it among those that a file may be landed for", async () => {
    const {code, err} = await command("land", "nobody", join(own.folder, "hours.csv"), "--lake", own.folder);
    expect(code).toBe(2);
    expect(err).toMatch(
      /source not found: nobody; name one of eliq, .*, acme, or the format of the files: green-button, /
    );
  });
});

it("a source of meters whose Bronze table nothing reads fails the run and the plan by name", async () => {
  const folder = modelsOf("interval_row", "unread");
  const lake = await testLake(folder);
  try {
    await writeFile(join(folder, "bronze/unread.sql"), await readFile("sql/bronze/interval_row.sql", "utf8"));
    const sources = [{...acme, format: "unread"}] as readonly Source[];
    const sentence =
      /^source acme: no model reads bronze.unread, so its values would not reach silver.reading; add a SELECT under/;
    await expect(lake.run({sources})).rejects.toThrow(sentence);
    await expect(lake.preview({sources})).rejects.toThrow(sentence);
  } finally {
    await lake.remove();
  }
});
