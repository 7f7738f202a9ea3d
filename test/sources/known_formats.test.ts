import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openProject} from "../../pipelines/models/project.js";
import {knownFormats} from "../../pipelines/sources/catalogue/catalogue.js";
import {landFormat, type Said} from "../../pipelines/sources/catalogue/land_format.js";
import type {Dock} from "../../pipelines/sources/fit.js";
import {sourcesOf} from "../../pipelines/sources/lake_sources.js";
import {isMetered, settingsOf} from "../../pipelines/sources/source.js";
import {daysOf, formatFiles} from "../support/format_files.js";

let database: Connection;
let models: Dock["models"];
let inbox: string;
let landing: string;
beforeAll(async () => {
  database = await openDuckDB();
  models = new Map((await openProject(database)).models.map((model) => [model.name, model]));
  inbox = await mkdtemp(join(tmpdir(), "wattlake-formats-"));
});
afterAll(async () => {
  database.close();
  await rm(inbox, {recursive: true, force: true});
});
beforeEach(async () => {
  landing = await mkdtemp(join(inbox, "landing-"));
});

async function landed(name: string, file: string, text: string, said: Said) {
  const path = join(inbox, file);
  await writeFile(path, text);
  const format = knownFormats.find((one) => one.name === name)!;
  return landFormat({landing, database, models}, format, path, said);
}

const octopus = "Consumption (kwh), Start, End\n0.1, 2024-03-31T00:00:00+00:00, 2024-03-31T00:30:00+00:00\n";
const wide = `date,${Array.from({length: 24}, (_, hour) => hour + 1).join()}\n2024-01-01${",1".repeat(24)}\n`;

describe("a file of a known format", () => {
  it("lands in a folder of its format, with what was said of it, and has a source from then on", async () => {
    const said = {client: "acme", defaults: {location_id: "home"}};
    expect(await landed("octopus", "use.csv", octopus, said)).toMatchObject({outcome: "landed"});
    const [line] = (await readFile(join(landing, "_landed.jsonl"), "utf8")).trim().split("\n");
    expect(JSON.parse(line!)).toMatchObject({
      ...{source: "octopus", client: "acme", format: {name: "octopus"}},
      defaults: {client_id: "acme", location_id: "home", meter_id: "home"}
    });
    const sources = await sourcesOf(join(inbox, "no lake"), landing);
    expect(sources.find(({name}) => name === "octopus")).toMatchObject({folder: "octopus", timeZone: "Europe/London"});
  });

  it("is of the kind whose columns it has", async () => {
    const gas = octopus.replace("kwh", "m³");
    await landed("octopus", "gas.csv", gas, {client: "acme", defaults: {location_id: "home"}});
    const sources = await sourcesOf(join(inbox, "no lake"), landing);
    expect(sources.find(({name}) => name === "octopus_m3")).toMatchObject({fuel: "gas", folder: "octopus.m3"});
  });

  it("is refused without what its format leaves open", async () => {
    await expect(landed("octopus", "use.csv", octopus, {client: "acme"})).rejects.toThrow(
      "files of octopus name no meter: say it with --meter, or where it is with --location"
    );
    const said = {client: "acme", defaults: {location_id: "home"}};
    await expect(landed("wide", "wide.csv", wide, said)).rejects.toThrow(
      "wide leaves open its time zone (--tz) and its policy for the days that the clock changes (--policy)"
    );
    const settings = {timeZone: "Australia/Sidney", policy: "fixed_slots_sum_double"} as const;
    await expect(landed("wide", "wide.csv", wide, {...said, settings})).rejects.toThrow(
      "time zone not found: Australia/Sidney"
    );
  });

  it("is refused without what this one of its files leaves open", async () => {
    const time = "<timePeriod><duration>3600</duration><start>1700000000</start></timePeriod>";
    const block = `<IntervalBlock xmlns="http://naesb.org/espi"><IntervalReading>${time}<value>5</value></IntervalReading></IntervalBlock>`;
    const feed = (more: string) =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>${block}</content></entry>${more}</feed>`;
    const said = {client: "acme", defaults: {location_id: "home"}, settings: {timeZone: "America/New_York"}} as const;
    await expect(landed("green-button", "bare.xml", feed(""), said)).rejects.toThrow(
      "bare.xml leaves open its unit (--unit) and its channel (--channel): it has no ReadingType, which says what its values are"
    );
    const defaults = {...said.defaults, unit: "Wh", channel: "import"};
    expect(await landed("green-button", "bare.xml", feed(""), {...said, defaults})).toMatchObject({outcome: "landed"});
    const typed = feed("<entry><content><ReadingType><uom>72</uom></ReadingType></content></entry>");
    expect(await landed("green-button", "typed.xml", typed, said)).toMatchObject({outcome: "landed"});
  });

  it("has a source of its own where something else is said of it than its format says", async () => {
    const said = {client: "acme", defaults: {location_id: "home"}};
    const settings = {timeZone: "Australia/Sydney", policy: "fixed_slots_sum_double"} as const;
    expect(await landed("wide", "wide.csv", wide, {...said, settings})).toMatchObject({outcome: "landed"});
    const sources = await sourcesOf(join(inbox, "no lake"), landing);
    expect(sources.find(({folder}) => folder.startsWith("wide."))).toMatchObject(settings);
  });

  it("is kept as known when the same comes again, and refused when something else is said of it", async () => {
    const said = {client: "acme", defaults: {location_id: "home"}};
    await landed("octopus", "use.csv", octopus, said);
    expect(await landed("octopus", "use.csv", octopus, said)).toMatchObject({outcome: "known"});
    const other = {client: "acme", defaults: {location_id: "other"}};
    expect((await landed("octopus", "use.csv", octopus, other)).reason).toMatch("nothing is changed");
  });
});

describe("the known formats", () => {
  it("have settings that can be right, and names and folders of their own", () => {
    const names = knownFormats.map(({name}) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const {name, kinds} of knownFormats) {
      expect(new Set(kinds.map(({suffix}) => suffix)).size).toBe(kinds.length);
      for (const {settings} of kinds) {
        const open = {timeZone: "Europe/Vilnius", policy: "utc"} as const;
        const source = {...open, ...settings, name: "one", folder: "one", format: "interval_row"} as const;
        expect(isMetered(source) && settingsOf(source), name).toBeTruthy();
      }
    }
  });
});

/** Files of senders, of which expected/samples.jsonl says what others have found in them. */
const samples = [
  {format: "nem12", names: ["nem12_month_solar.csv", "nem12_multiple_quality.csv"], location: "solar"},
  {format: "green-button", names: ["green_button_coastal_multi_family.xml.gz"], location: "coastal"},
  {format: "fingrid", names: ["fingrid_consumption_with_null.csv"], location: "helsinki"}
];

/**
 * The golden case holds the files that `formatFiles` makes, and what they hold. Written anew by
 * `UPDATE_GOLDEN=1 npx vitest run test/sources/known_formats.test.ts`.
 */
describe("the golden case of known formats", () => {
  const folder = join(import.meta.dirname, "../golden/known-formats");
  const files = formatFiles();

  async function expectText(path: string, text: string) {
    const file = join(folder, path);
    if (process.env.UPDATE_GOLDEN) {
      await mkdir(dirname(file), {recursive: true});
      await writeFile(file, text);
    } else expect(await readFile(file, "utf8"), path).toBe(text);
  }

  it("has the files, and says what is said of them", async () => {
    const about = JSON.parse(await readFile(join(folder, "case.json"), "utf8"));
    const land = [
      ...files.map(({file: {format, name, said}}) => ({format, files: [`${format}/${name}`], ...said})),
      ...samples.map(({format, names, location}) => ({
        ...{format, files: names.map((name) => `${format}/${name}`)},
        ...{client: "sample", defaults: {location_id: location}}
      }))
    ];
    for (const {file} of files) await expectText(join("files", file.format, file.name), file.text);
    await expectText("case.json", `${JSON.stringify({...about, land}, null, 2)}\n`);
  });

  it("expects the readings that the files were made from", async () => {
    const days = files.flatMap(({file, zone}) => daysOf(file, zone));
    const order = days.map((day) => ({
      day,
      key: [
        day.client_id,
        day.meter_id,
        day.fuel,
        day.channel,
        day.local_date,
        String(day.res_min ?? "").padStart(5)
      ].join("|")
    }));
    order.sort((one, other) => (one.key < other.key ? -1 : 1));
    await expectText(
      "expected/readings.jsonl",
      order.map(({day}) => `${JSON.stringify(Object.values(day))}\n`).join("")
    );
  });

  it("expects the rejects", async () => {
    const counts = new Map<string, {client_id: string; reason: string; rows: number}>();
    for (const {
      file: {said, rejects = {}}
    } of files)
      for (const [reason, rows] of Object.entries(rejects)) {
        const {client: client_id} = said;
        const before = counts.get(`${client_id}|${reason}`)?.rows ?? 0;
        counts.set(`${client_id}|${reason}`, {client_id, reason, rows: before + rows});
      }
    const rejects = [...counts.values()];
    const key = ({client_id, reason}: (typeof rejects)[number]) => `${client_id}|${reason}`;
    rejects.sort((one, other) => (key(one) < key(other) ? -1 : 1));
    await expectText(
      "expected/rejects.jsonl",
      rejects.map((reject) => `${JSON.stringify(Object.values(reject))}\n`).join("")
    );
  });
});
