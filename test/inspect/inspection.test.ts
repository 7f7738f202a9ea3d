import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type PolicyName, policies} from "../../pipelines/calendar/policy.js";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {addSource} from "../../pipelines/inspect/add_source.js";
import {type Inspection, type InspectOptions, inspectFile} from "../../pipelines/inspect/inspection.js";
import {sourcesOf} from "../../pipelines/sources/lake_sources.js";
import {command} from "../support/command.js";
import {type MadeUp, span, writeArrays, writeLabels} from "./made_up.js";

const eliq = "lake/landing/eliq/home_assignment_raw_data.parquet";
const march = "lake/landing/load/202203.csv.gz";
const october = "lake/landing/load/2022-10.csv.gz";
const spring = span("2022-03-06", "2022-04-03");
const autumn = span("2022-10-16", "2022-11-15");

let folder: string;
let duckdb: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-inspect-"));
  duckdb = await openDuckDB();
});
afterAll(async () => {
  duckdb.close();
  await rm(folder, {recursive: true, force: true});
});

function answer({findings}: Inspection, about: string) {
  const found = findings.find((finding) => finding.about === about);
  return found && [found.answer, found.sure];
}

async function written(name: string, text: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

async function labels(made: MadeUp, name = "labels.csv"): Promise<string> {
  const file = join(folder, name);
  await writeLabels(file, made);
  return file;
}

describe("Eliq's file", () => {
  it("is an array of 24 a day, its missing hour empty and its doubled one a sum, in a zone like Vilnius", async () => {
    const inspection = await inspectFile(eliq);
    expect(answer(inspection, "format")).toEqual(["Parquet", "certain"]);
    expect(answer(inspection, "meter")).toEqual(["ext_dev_ref", "certain"]);
    expect(answer(inspection, "time")).toEqual(["date", "certain"]);
    expect(answer(inspection, "value")).toEqual(["energy_consumption", "certain"]);
    expect(answer(inspection, "unit")).toEqual(["Wh", "likely"]);
    expect(answer(inspection, "resolution")).toEqual(["60 minutes", "certain"]);
    expect(answer(inspection, "policy")).toEqual(["fixed_slots_sum_double", "certain"]);
    expect(inspection.findings.find(({about}) => about === "policy")!.evidence).toBe(
      "2022-03-27 03:00: a label, and NULL or 0 for its value; 2022-10-30 03:00: once, with 2.00 of what it has beside its neighbours on other days"
    );
    expect(inspection.zones).toEqual(expect.arrayContaining(["Europe/Vilnius", "Europe/Helsinki"]));
    expect(inspection.zones).not.toContain("Europe/Berlin");
    expect(inspection.days).toEqual({first: "2022-01-01", last: "2022-12-31", count: 365});
    const [, missing, doubled] = inspection.shapes.map(({values}) => values);
    expect([missing!.indexOf(null), doubled![3]]).toEqual([3, 200]);
  });

  it("is no other zone's", async () => {
    const inspection = await inspectFile(eliq, {tz: "Europe/Berlin"});
    expect(answer(inspection, "policy")).toEqual([null, "unknown"]);
  });
});

describe("Lithuania's files", () => {
  it.each([
    ["March", march, ";", ",", /from 2022-03-27 on the morning's rise comes 60 minutes earlier/],
    ["October", october, ",", ".", /from 2022-10-30 on the morning's rise comes 60 minutes later/]
  ])(
    "%s: its labels are a clock's that never changes, as its mornings move",
    async (_, file, delimiter, mark, moved) => {
      const inspection = await inspectFile(file, {tz: "Europe/Vilnius"});
      expect(inspection.findings[0]).toMatchObject({
        answer: "delimited text, compressed with gzip",
        evidence: "4 columns, named in line 1"
      });
      expect(answer(inspection, "delimiter")).toEqual([delimiter, "certain"]);
      expect(answer(inspection, "decimal mark")).toEqual([mark, "certain"]);
      expect(answer(inspection, "meter")).toEqual(["GR_NAME", "certain"]);
      expect(answer(inspection, "time")).toEqual(["PL_T", "certain"]);
      expect(answer(inspection, "value")).toEqual(["P+", "certain"]);
      expect(answer(inspection, "unit")).toEqual(["kWh", "likely"]);
      expect(answer(inspection, "columns not used")).toEqual(["OBJ_COUNT", "certain"]);
      expect(answer(inspection, "resolution")).toEqual(["60 minutes", "certain"]);
      expect(answer(inspection, "policy")).toEqual(["fixed_standard_time", "likely"]);
      expect(inspection.findings.find(({about}) => about === "policy")!.evidence).toMatch(moved);
    }
  );

  it("March without a zone: which one isn't known, only that it is one that changed on the 27th", async () => {
    const {zones, ...inspection} = await inspectFile(march);
    expect(answer({zones, ...inspection}, "policy")).toEqual(["fixed_standard_time", "likely"]);
    expect(zones).toEqual(expect.arrayContaining(["Europe/Vilnius", "Europe/Lisbon"]));
    expect(zones).not.toContain("America/New_York");
  });
});

const labelled = (Object.keys(policies) as PolicyName[]).filter((policy) =>
  (policies[policy].shapes as readonly string[]).includes("labels")
);
const arrays = (Object.keys(policies) as PolicyName[]).filter((policy) =>
  (policies[policy].shapes as readonly string[]).includes("array")
);

describe.each([
  ["Europe/Vilnius", 60],
  ["America/New_York", 30]
] as const)("a made-up file of %s by %i minutes", (zone, resMin) => {
  it.each(labelled)("with labels is known for %s", async (policy) => {
    const inspection = await inspectFile(await labels({policy, zone, resMin, days: [...spring, ...autumn]}));
    // Of an hour that comes twice the pair and the order are the same.
    const found = policy === "label_paired" && resMin === 60 ? "label_in_order" : policy;
    expect(answer(inspection, "policy")).toEqual([found, expect.stringMatching(/certain|likely/)]);
    expect(answer(inspection, "resolution")).toEqual([`${resMin} minutes`, "certain"]);
    expect(answer(inspection, "unit")).toEqual(["Wh", "certain"]);
    if (policy === "utc") expect(inspection.zones).toEqual([]);
    else expect(inspection.zones).toContain(zone);
    // Numbers and moving mornings name the days of change, and no hour.
    if (!["variable_length", "fixed_standard_time"].includes(policy))
      expect(inspection.zones).not.toContain("Europe/London");
  });

  it.each(arrays)("with arrays is known for %s", async (policy) => {
    const file = join(folder, "arrays.parquet");
    await writeArrays(duckdb, file, {policy, zone, resMin, days: [...spring, ...autumn]});
    const inspection = await inspectFile(file);
    expect(answer(inspection, "policy")).toEqual([policy, "certain"]);
    expect(answer(inspection, "resolution")).toEqual([`${resMin} minutes`, "certain"]);
    expect(inspection.zones).toContain(zone);
  });
});

describe("what a file can't tell", () => {
  const zone = "Europe/Vilnius";

  it("is said where no clock changes in it, with what would tell", async () => {
    const made = {policy: "label_in_order", zone, resMin: 60, days: span("2022-06-01", "2022-06-20")} as const;
    const inspection = await inspectFile(await labels(made), {tz: zone});
    expect(inspection.findings.find(({about}) => about === "policy")).toMatchObject({
      answer: null,
      evidence: "no zone's clock changes from 2022-06-01 to 2022-06-20",
      wouldTell: expect.stringContaining("both days of change")
    });
    expect(inspection.draft!.source).not.toHaveProperty("policy");
    expect(inspection.open.map(({about}) => about)).toEqual(["policy"]);
  });

  it.each([
    ["label_drops_ambiguous", "label_in_order or fixed_slots_skip_sum_double or label_drops_ambiguous"],
    ["fixed_slots_repeat", "fixed_slots_sum_double or fixed_slots_repeat"]
  ] as const)("of %s is said by the spring alone, with what it may be", async (policy, candidates) => {
    const inspection = await inspectFile(await labels({policy, zone, resMin: 60, days: spring}));
    expect(inspection.findings.find(({about}) => about === "policy")).toMatchObject({
      answer: null,
      evidence: expect.stringContaining(candidates),
      wouldTell: "a file with the day on which the clock goes back"
    });
  });

  it("is which of two decimal marks is wrong", async () => {
    const rows = span("2022-06-01", "2022-06-09").map((day, index) => `m1;${day} 00:00;1${index < 3 ? "," : "."}5`);
    const inspection = await inspectFile(await written("mixed.csv", `meter;time;value\n${rows.join("\n")}\n`));
    expect(inspection.findings.find(({about}) => about === "decimal mark")).toMatchObject({
      ...{answer: ".", sure: "likely"},
      evidence: "3 values with a comma, 6 with a point"
    });
  });

  it("is whether the day or the month comes first", async () => {
    const rows = Array.from({length: 12}, (_, hour) => `m1,03/04/2022 ${String(hour).padStart(2, "0")}:00,${hour}.5`);
    const inspection = await inspectFile(await written("days.csv", `meter,time,kwh\n${rows.join("\n")}\n`));
    expect(inspection.findings.find(({about}) => about === "time")).toMatchObject({
      answer: null,
      evidence: "time, such as 03/04/2022 00:00, may have the day first or the month first: no day is above 12"
    });
    expect(inspection.open).toMatchObject([{about: "timeFormat", option: "--format FORM"}]);
  });

  it.each([
    ["a page of HTML", "page.csv", "<!doctype html><html><body>no</body></html>", "HTML page"],
    ["XML", "prices.xml", "<?xml version='1.0'?><Publication_MarketDocument/>", "XML, Publication_MarketDocument"],
    ["something else", "noise.csv", Buffer.from([1, 0, 2, 0, 3]), "unknown, binary"]
  ])("is what rows are in %s, and it is called what it is", async (_, name, text, format) => {
    const inspection = await inspectFile(await written(name, text));
    expect(answer(inspection, "format")).toEqual([format, "certain"]);
    expect(answer(inspection, "rows")).toEqual([null, "unknown"]);
    expect(inspection.draft).toBeUndefined();
  });

  it("is what was in a file that breaks off, and why is said", async () => {
    const torn = (await readFile(eliq)).subarray(0, 2000);
    await expect(inspectFile(await written("torn.parquet", torn))).rejects.toThrow(
      /^not readable: .*torn.parquet: it is no whole Parquet file; copy it again$/
    );
    const cut = gzipSync("a,b\n1,2\n".repeat(9)).subarray(0, 20);
    await expect(inspectFile(await written("cut.csv.gz", cut))).rejects.toThrow(
      /^not readable: .*cut.csv.gz: its compressed content is damaged or cut off; copy it again$/
    );
  });

  it("is a resolution where steps differ, and the values where all numbers are prices", async () => {
    const events = ["00:07", "03:11", "03:45", "09:20", "14:02"].map((time, index) => `2022-03-01 ${time},${index}.5`);
    const inspection = await inspectFile(await written("events.csv", `at,kwh\n${events.join("\n")}\n`));
    expect(answer(inspection, "resolution")).toEqual([null, "unknown"]);
    const prices = await inspectFile(await written("prices.csv", `at,price_eur_mwh\n${events.join("\n")}\n`));
    expect(answer(prices, "value")).toEqual([null, "unknown"]);
    expect(prices.open).toMatchObject([{about: "value", option: "--value COLUMN"}]);
  });

  it("is the time, where no column is one", async () => {
    const inspection = await inspectFile("lake/landing/telemetry/devices.csv");
    expect(answer(inspection, "time")).toEqual([null, "unknown"]);
  });
});

describe("labels", () => {
  const zone = "Europe/Vilnius";
  const days = [...spring, ...autumn];

  it("that name the ends of their intervals are moved before the clock is looked for", async () => {
    const inspection = await inspectFile(await labels({policy: "label_in_order", zone, resMin: 30, days, isEnd: true}));
    expect(answer(inspection, "label names")).toEqual([
      "the end of its interval, as the start's label plus the interval",
      "likely"
    ]);
    expect(answer(inspection, "policy")).toEqual(["label_in_order", "certain"]);
    expect(inspection.zones).toContain(zone);
    expect(inspection.draft!.source).toMatchObject({labelAt: "end_by_clock"});
  });

  it("of three days around each change are enough", async () => {
    const few = [...span("2022-03-26", "2022-03-28"), ...span("2022-10-29", "2022-10-31")];
    const inspection = await inspectFile(await labels({policy: "label_in_order", zone, resMin: 30, days: few}), {
      tz: zone
    });
    expect(answer(inspection, "policy")).toEqual(["label_in_order", "certain"]);
  });

  it("of UTC without a Z are told from standard time by when people get up", async () => {
    const file = await labels({policy: "utc", zone, resMin: 60, days});
    const text = (await readFile(file, "utf8")).replaceAll("Z,", ",");
    const inspection = await inspectFile(await written("utc.csv", text), {tz: zone});
    expect(answer(inspection, "policy")).toEqual(["utc", "likely"]);
  });

  it("are the same compressed, under any name", async () => {
    const text = await readFile(await labels({policy: "label_3a_3b", zone, resMin: 60, days}));
    const inspection = await inspectFile(await written("export.dat", gzipSync(text)));
    expect(answer(inspection, "format")).toEqual(["delimited text, compressed with gzip", "certain"]);
    expect(answer(inspection, "policy")).toEqual(["label_3a_3b", "certain"]);
  });
});

describe("an option", () => {
  const hours = (of: (hour: number) => string) =>
    Array.from({length: 72}, (_, hour) => `${of(hour)},${(1 + (hour % 5) / 10).toFixed(1)},7.5,north`);
  const at = (hour: number) => `0${1 + Math.floor(hour / 24)}/04/2022 ${String(hour % 24).padStart(2, "0")}:00`;
  const file = () => written("said.csv", `moment,a,b,place\n${hours(at).join("\n")}\n`);

  it("says what can't be found: time, form, value, unit, meter, channel, zone, policy and meaning", async () => {
    const said: InspectOptions = {
      ...{times: ["moment"], form: "day_first", values: ["B"], unit: "kW", meter: "m9", channel: "export"},
      ...{tz: "Europe/Vilnius", policy: "fixed_standard_time", labelAt: "end"}
    };
    const inspection = await inspectFile(await file(), {...said, name: "mine"});
    expect(inspection.open).toEqual([]);
    expect(inspection.days).toEqual({first: "2022-03-31", last: "2022-04-03", count: 4});
    expect(inspection.draft).toEqual({
      open: [],
      source: {
        ...{name: "mine", folder: "mine", format: "interval_row", clientId: "mine"},
        ...{
          timeZone: "Europe/Vilnius",
          policy: "fixed_standard_time",
          unit: "kW",
          fuel: "electricity",
          channel: "export"
        },
        ...{labelAt: "end", timeFormat: "day_first"},
        columns: {meter_id: {constant: "m9"}, label: "moment", resolution: {constant: "60min"}, value: "b"}
      }
    });
    expect(answer(inspection, "columns not used")).toEqual(["a, place", "certain"]);
  });

  it("names a column that the file has, or is refused with those that it has", async () => {
    await expect(inspectFile(await file(), {values: ["c"]})).rejects.toThrow(
      "--value: column not found: c; the file has moment, a, b, place"
    );
    await expect(inspectFile(await file(), {times: ["when"]})).rejects.toThrow("--time: column not found: when;");
  });

  it("says the channel of a text that is no word for one", async () => {
    const rows = hours(at).flatMap((row) => [`${row},Taken`, `${row},Given back`]);
    const text = await written("texts.csv", `moment,kwh,b,place,register\n${rows.join("\n")}\n`);
    const channels = new Map([
      ["taken", "import"],
      ["given back", "export"]
    ] as const);
    const {draft} = await inspectFile(text, {channels, form: "day_first"});
    expect(draft!.source.categories).toEqual([
      {column: "register", values: {Taken: {channel: "import"}, "Given back": {channel: "export"}}}
    ]);
  });
});

describe("odd values", () => {
  it("are reported: doubled labels, rows off the grid, gaps, constant stretches, negative and missing values", async () => {
    const rows = span("2022-06-01", "2022-06-06").flatMap((day, index) =>
      Array.from({length: 24}, (_, hour) => {
        const constant = index === 1 || index === 2;
        return `m1,${day} ${String(hour).padStart(2, "0")}:00,${constant ? "0.5" : (hour + index / 7 + 1).toFixed(3)}`;
      })
    );
    rows.splice(130, 3);
    rows.push("m1,2022-06-05 03:00,8.2", "m1,2022-06-05 07:10,1.1", "m1,2022-06-07 00:00,-3", "m1,2022-06-07 01:00,");
    const inspection = await inspectFile(await written("odd.csv", `meter,time,kwh\n${rows.join("\n")}\n`));
    const found = Object.fromEntries(
      inspection.findings.map(({about, answer, evidence}) => [about, `${answer}: ${evidence}`])
    );
    expect(found).toMatchObject({
      "doubled labels":
        "1 label: they come more than once in their series, where no clock changes, such as 2022-06-05 03:00; 1 of them with different values",
      "rows off the grid":
        "1 row: their times lie between the steps of 60 minutes, such as 2022-06-05 07:10; they will be rejected",
      gaps: "1 gap: 3 intervals missing between the first and the last of their series; the longest, 3 intervals, from 2022-06-06 10:00 to 2022-06-06 13:00",
      "constant stretches":
        "1 stretch: a value stays the same for 24 hours and more; the longest, 0.5 in 48 intervals, from 2022-06-02 00:00",
      "negative values": "1 value: the least is -3, at 2022-06-07 00:00",
      "rows without a value": "1 value: their cells are empty: such an interval is missing"
    });
    expect(inspection.open.map(({about}) => about)).toContain("channel");
  });
});

describe("what fits several ways stays blank", () => {
  it("is a zone, with the list of those that fit", async () => {
    const days = [...span("2022-03-20", "2022-04-10"), ...span("2022-09-18", "2022-10-09")];
    const inspection = await inspectFile(
      await labels({policy: "label_in_order", zone: "Australia/Sydney", resMin: 30, days})
    );
    const zone = inspection.findings.find(({about}) => about === "time zone")!;
    expect([zone.answer, inspection.draft!.source.timeZone]).toEqual([null, undefined]);
    expect(zone.evidence).toMatch(/7 zones fit: Australia\/Adelaide, .*Australia\/Sydney, .*Antarctica\/Macquarie/);
    expect(inspection.open.map(({about, option}) => [about, option])).toEqual([["timeZone", "--tz ZONE"]]);
  });

  it("is a clock, where days of a file differ as much as hours that are summed up", async () => {
    const days = ["2024-03-30", "2024-03-31", "2024-04-01", "2024-10-26", "2024-10-27", "2024-10-28"];
    // Of these numbers one hour on 26 October has twenty times what it has on other days, and that is no doubled hour.
    const rows = days.map((day, index) => {
      const values = Array.from({length: 24}, (_, hour) => ((index * 24 + hour + 3) * 7919) % 9973);
      if (day === "2024-10-26") values[23] = 99_999;
      return `${day},${values.map((value) => value / 1000).join()}`;
    });
    const header = `Date,${Array.from({length: 24}, (_, hour) => hour + 1).join()}`;
    const inspection = await inspectFile(await written("noisy.csv", `${header}\n${rows.join("\n")}\n`));
    expect(answer(inspection, "time zone")?.[0]).toBeNull();
    expect(answer(inspection, "policy")?.[0]).toBeNull();
  });

  it("is energy or power, where a home may have either", async () => {
    const rows = span("2022-06-01", "2022-06-03").flatMap((day) =>
      ["00:00", "00:30", "01:00", "01:30"].map((time, index) => `${day} ${time},0.${index + 2}`)
    );
    const file = await written("either.csv", `start,value\n${rows.join("\n")}\n`);
    const {findings} = await inspectFile(file);
    expect(findings.find(({about}) => about === "unit")).toMatchObject({
      answer: null,
      evidence: expect.stringContaining("energy (kWh) and power (kW) both fit")
    });
    const power = await inspectFile(await written("power.csv", `start,power\n${rows.join("\n")}\n`));
    expect(answer(power, "unit")).toEqual(["kW", "likely"]);
  });
});

it("a file of a known format is called so, with the command that lands it", async () => {
  const header = "MPRN,Meter Serial Number,Read Value,Read Type,Read Date and End Time";
  const row = "10000000001,2,0.1,Active Import Interval (kWh),31-10-2023 00:00";
  const {known} = await inspectFile(await written("known.csv", `${header}\n${row}\n`));
  expect(known).toEqual({name: "hdf", command: "npm run land -- hdf FILE --client CLIENT"});
  const recorder = join(folder, "home-assistant_v2.db");
  const database = new sqlite.Database(recorder);
  database.exec(
    "CREATE TABLE statistics_meta (id INTEGER); CREATE TABLE statistics (id INTEGER); CREATE TABLE states (id INTEGER)"
  );
  database.close();
  expect((await inspectFile(recorder)).known).toEqual({
    name: "home-assistant",
    command: "npm run land -- home-assistant FILE --client CLIENT --tz ZONE --channel CHANNEL"
  });
});

it("a file that no source can read is refused as that, whatever else it leaves open", async () => {
  const rows = span("2024-05-01", "2024-05-03").flatMap((day) =>
    Array.from({length: 24}, (_, hour) => ({from: `${day}T${String(hour).padStart(2, "0")}:00:00`, kwh: hour % 7}))
  );
  const inspection = await inspectFile(await written("list.json", JSON.stringify(rows)));
  expect(inspection.open).not.toEqual([]);
  await expect(addSource(folder, inspection)).rejects.toThrow(
    /^no source can read .*list\.json as it is: a source's rows/
  );
});

it("a file whose rows say their own is known for one of intervals, and needs no draft", async () => {
  const rows = Array.from({length: 48}, (_, hour) => {
    const day = `2022-06-0${1 + Math.floor(hour / 24)}`;
    return `city,m${hour % 2},electricity,import,${day}T${String(hour % 24).padStart(2, "0")}:00:00Z,60min,0.${hour},${hour < 4 ? "Wh" : "kWh"}`;
  });
  const text = ["client_id,meter_id,fuel,channel,start,resolution,value,unit", ...rows].join("\n");
  const inspection = await inspectFile(await written("rows.csv", text));
  expect(answer(inspection, "source")).toEqual(["intervals", "certain"]);
  expect(inspection.findings.filter(({about}) => about === "unit")).toEqual([
    {about: "unit", answer: "kWh, Wh", sure: "certain", evidence: "its column says so: kWh in 44, Wh in 4 rows"}
  ]);
  expect(inspection.draft).toBeUndefined();
});

describe("npm run inspect", () => {
  it("tells a person, and draws a chart", async () => {
    const chart = join(folder, "chart.svg");
    const {code, out, err} = await command("inspect", eliq, "--tz", "Europe/Vilnius", "--chart", chart);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^policy +fixed_slots_sum_double\n/m);
    expect(out).toMatch(/^2022-03-27 +▄{6}··▄{40}$/m);
    expect(out).toMatch(/^2022-10-30 +▄{6}██▄{40}$/m);
    expect(out).toContain('"timeZone": "Europe/Vilnius",\n');
    const svg = await readFile(chart, "utf8");
    for (const name of ["mean day", "2022-03-27", "2022-10-30"]) expect(svg).toContain(name);
  });

  it("tells a machine", async () => {
    const {code, out} = await command("inspect", october, "--json");
    const {findings} = JSON.parse(out);
    expect([code, findings.map(({about}: {about: string}) => about)]).toEqual([
      0,
      expect.arrayContaining([
        "format",
        "delimiter",
        "decimal mark",
        "meter",
        "time",
        "value",
        "unit",
        "policy",
        "time zone"
      ])
    ]);
  });

  it("adds the source to the lake's own, once nothing is open, and neither redefines another's", async () => {
    const lake = join(folder, "lake");
    const made = {policy: "label_in_order", zone: "Europe/Vilnius", resMin: 60, days: [...spring, ...autumn]} as const;
    const file = await labels(made, "added.csv");
    const open = await command("inspect", file, "--add", "mine", "--lake", lake);
    expect([open.code, open.out]).toEqual([2, ""]);
    expect(open.err).toMatch(
      /leaves open what its source needs:\ntimeZone: \d+ zones fit; say it, such as --tz ZONE\n$/
    );
    const add = (name: string) =>
      command("inspect", file, "--add", name, "--lake", lake, "--tz", made.zone, "--channel", "import");
    const {code, out} = await add("mine");
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/next: npm run land -- mine .*added.csv\nthen: npm run pipeline/)
    ]);
    expect((await add("theirs")).code).toBe(0);
    const twice = await add("mine");
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("source mine: the name is used twice")]);
    const own = await add("eliq");
    expect([own.code, own.err]).toEqual([2, expect.stringContaining("the program has a source of this name")]);
    expect((await sourcesOf(lake)).slice(-2).map(({name}) => name)).toEqual(["mine", "theirs"]);
  });

  it("ends with 1 for a file that isn't there, with 2 for a zone that isn't one", async () => {
    const none = await command("inspect", join(folder, "none.csv"));
    expect([none.code, none.err]).toEqual([
      1,
      `file not found: ${join(folder, "none.csv")}; name a file that is there\n`
    ]);
    expect((await command("inspect", eliq, "--tz", "Vilnius")).code).toBe(2);
    await expect(inspectFile(await written("empty.csv", ""))).rejects.toThrow(/^the file is empty: /);
  });
});
