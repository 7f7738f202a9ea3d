import {mkdir, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {RunResult} from "../../pipelines/pipeline.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {readerOf} from "../../pipelines/sources/formats/readers.js";
import type {Source} from "../../pipelines/sources/source.js";
import {writeSnapshot} from "../../scripts/generate/smart_meter.js";
import {folderFor} from "../models/folder.js";
import {type TestLake, testLake} from "../support/lake.js";

const columns = ["interval_start", "consumption_delta", "meterpoint_id"];
const split = (data: unknown, names: readonly unknown[] = columns) => JSON.stringify({columns: names, data});
const row = (value: unknown = 0.5) => ["2021-01-01 00:00:00", value, "m"];

/** Files of readings, by name: those that come in have a number of rows, the others the reason why they don't. */
const readings: Readonly<Record<string, readonly [text: string | Buffer, outcome: number | RegExp]>> = {
  "a whole one [1]": [split([row(), row(), row()]), 3],
  "in another order": [
    split([["m", 0.25, "2021-01-01 00:30:00", "x"]], ["meterpoint_id", "consumption_delta", "interval_start", "unit"]),
    1
  ],
  "without rows": [split([]), 0],
  "values of all kinds": [split([row(1e-7), row("0.10"), row(null), row(true), row({kWh: 1}), [null, null, null]]), 6],
  "after a mark of byte order": [`\uFEFF${split([row()])}`, 1],
  "more to a line": [JSON.stringify({columns, data: [row()]}, null, 2), 1],
  "cut off": [split([row(), row()]).slice(0, -20), /^not readable: its JSON breaks off$/],
  "no JSON": [
    "interval_start,consumption_delta",
    /^not readable: it is no JSON: something stands at byte 1 that can't stand there$/
  ],
  "in UTF-16": [
    Buffer.from(`\uFEFF${split([row()])}`, "utf16le"),
    /^not readable: the text is not UTF-8 throughout; save the file as UTF-8$/
  ],
  "only spaces": ["  \n", /^not readable: there is nothing in it$/],
  "two objects": [split([row()]) + split([row()]), /^not readable: 2 JSON objects, not one$/],
  "a list of records": [
    JSON.stringify([{interval_start: "2021-01-01"}]),
    /^not readable: it is no JSON of the kind that is read here$/
  ],
  "without data": [JSON.stringify({columns}), /^not readable: no 'data' in it$/],
  "without columns": [JSON.stringify({data: [row()]}), /^not readable: no 'columns' in it$/],
  "data that is no list": [split({m: 0.5}), /^not readable: it is no JSON of the kind that is read here$/],
  "a row too short": [
    split([row(), ["2021-01-01 00:30:00", 0.5]]),
    /^not readable: row 2 has not as many values as there are columns$/
  ],
  "a column twice": [
    split([[1, 2]], ["interval_start", "interval_start"]),
    /^not readable: column interval_start stands twice$/
  ],
  "a column missing": [split([[1, 2]], ["interval_start", "meterpoint_id"]), /^column consumption_delta is missing$/]
};

const snapshot = {
  agreements: [
    {
      agreement_id: 1,
      agreement_valid_from: "2020-01-01",
      agreement_valid_to: null,
      product_id: "p",
      meterpoint_id: "m",
      account_id: "é"
    }
  ],
  products: [{display_name: "P", is_variable: 1 as const, id: 1, product_id: "p"}],
  meterpoints: []
};

/** Without settings of meters, as no table of Silver reads it here. */
const source: Source = {
  name: "smart_meter",
  folder: "smart-meter",
  format: ["smart_meter_reading", "smart_meter_agreement", "smart_meter_product", "smart_meter_point"],
  clientId: "smart-meter"
};

let lake: TestLake;
let sql: string;
let result: RunResult;
let reasons: Map<string, string>;
/** By Bronze table and file, how many rows it brought. */
let counts: Map<string, number>;
beforeAll(async () => {
  const names = ["smart_meter_reading", "smart_meter_agreement", "smart_meter_product", "smart_meter_point"];
  const models = names.map(async (name) => [`bronze/${name}.sql`, await readFile(`sql/bronze/${name}.sql`, "utf8")]);
  sql = await folderFor(Object.fromEntries(await Promise.all(models)));
  lake = await testLake();
  const landing = join(lake.folder, "landing", "smart-meter");
  await mkdir(join(landing, "readings"), {recursive: true});
  for (const [name, [text]] of Object.entries(readings))
    await writeFile(join(landing, "readings", `${name}.json`), text);
  await writeFile(join(landing, "empty.json"), "");
  await writeFile(join(landing, "notes.txt"), "not data");

  await writeSnapshot(snapshot, join(landing, "whole.db"));
  const whole = await readFile(join(landing, "whole.db"));
  await writeFile(join(landing, "cut off.db"), whole.subarray(0, 9000));
  await writeFile(
    join(landing, "no database.db"),
    "SQLite, or so it says, and says it for more than a hundred characters, so that there is a header to be read."
  );
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 4096, 4200);
  await writeFile(join(landing, "damaged.db"), damaged);
  // Written with a write-ahead log, all of which has since gone into the file.
  const logged = Buffer.from(whole);
  logged[18] = logged[19] = 2;
  await writeFile(join(landing, "logged.db"), logged);
  await writeSnapshot(
    {...snapshot, meterpoints: [{region: "R", meterpoint_id: "m"}]},
    join(landing, "table missing.db")
  );
  const {default: sqlite} = await import("node-sqlite3-wasm");
  const database = new sqlite.Database(join(landing, "table missing.db"));
  database.exec("DROP TABLE product");
  database.close();

  result = await lake.run({sql, sources: [source]});
  reasons = new Map(
    result.intake.rejected.map(({arrival, reason}) => [arrival.path.replace("smart-meter/", ""), reason])
  );
  const tables = [
    "smart_meter_reading",
    "smart_meter_agreement",
    "smart_meter_product",
    "smart_meter_point",
    "file_reject"
  ];
  const selects = tables.map((table) => `SELECT '${table} ' || file, count(*) FROM bronze.${table} GROUP BY 1`);
  const found = (await lake.query(selects.join(" UNION ALL "))) as [string, string][];
  counts = new Map(found.map(([place, count]) => [place.replace("smart-meter/", ""), Number(count)]));
});
afterAll(async () => {
  await lake.remove();
  await rm(sql, {recursive: true});
});

describe("a file of columns and rows in JSON", () => {
  it.each(Object.entries(readings))("%s", (name, [, outcome]) => {
    const path = `readings/${name}.json`;
    const isRead = typeof outcome === "number";
    expect(counts.get(`smart_meter_reading ${path}`) ?? 0).toBe(isRead ? outcome : 0);
    expect(counts.get(`file_reject ${path}`) ?? 0).toBe(isRead ? 0 : 1);
    if (!isRead) expect(reasons.get(path)).toMatch(outcome);
  });

  it("has its values as they were, numbered by their rows", async () => {
    const values =
      "SELECT row_number, consumption_delta, meterpoint_id FROM bronze.smart_meter_reading WHERE file LIKE '%of all kinds%' ORDER BY 1";
    expect(await lake.query(values)).toEqual([
      ["1", "1e-07", "m"],
      ["2", "0.10", "m"],
      ["3", null, "m"],
      ["4", "true", "m"],
      ["5", '{"kWh":1}', "m"],
      ["6", null, null]
    ]);
    expect(
      await lake.query("SELECT interval_start FROM bronze.smart_meter_reading WHERE file LIKE '%another order%'")
    ).toEqual([["2021-01-01 00:30:00"]]);
  });
});

describe("a SQLite file", () => {
  it("that is whole comes into a table for each of its own, once", async () => {
    const rows = await lake.query(
      "SELECT agreement_id, agreement_valid_to, account_id, file, row_number FROM bronze.smart_meter_agreement ORDER BY arrival"
    );
    expect(rows).toEqual([
      ["1", null, "é", "smart-meter/logged.db", "1"],
      ["1", null, "é", "smart-meter/whole.db", "1"]
    ]);
    expect(await lake.query("SELECT DISTINCT display_name, is_variable, id FROM bronze.smart_meter_product")).toEqual([
      ["P", "1", "1"]
    ]);
  });

  it.each([
    ["cut off", /^not readable: the file is cut off: 9000 of 16384 bytes$/],
    ["no database", /^not readable: it is no SQLite database$/],
    ["damaged", /^not readable: .*(malformed|damaged)/],
    ["table missing", /^not readable: table product is missing$/]
  ])("that is %s is rejected for all of them, once", (name, reason) => {
    expect(reasons.get(`${name}.db`)).toMatch(reason);
    expect(counts.get(`file_reject ${name}.db`)).toBe(1);
    for (const table of ["agreement", "product", "point"])
      expect(counts.has(`smart_meter_${table} ${name}.db`)).toBe(false);
  });

  it("is read without a trace beside it", async () => {
    expect((await readdir(join(lake.folder, "landing", "smart-meter"))).filter((name) => /whole/.test(name))).toEqual([
      "whole.db"
    ]);
  });
});

describe("another file in a folder of two kinds", () => {
  it("is rejected by the first of them", () => {
    expect(reasons.get("notes.txt")).toBe("not a .json or .json.gz file");
    expect(reasons.get("empty.json")).toBe("the file is empty");
  });

  it("is looked at no more by the next run, and nothing comes twice", async () => {
    const again = await lake.run({sql, sources: [source]});
    expect([again.intake.tables, again.intake.rejected, again.fileRejects]).toEqual([[], [], result.fileRejects]);
  });
});

it.each(["csv", "csv_titled", "tabular"])(
  "%s refuses a file whose last quote is never closed, and doesn't drop what follows it",
  async (name) => {
    const reader = readerOf({extra: {format: name, required: "a VARCHAR"}, file: "a.sql"});
    const connection = await openDuckDB();
    const file = join(lake.folder, `${name} open quote.csv`);
    const rows = Array.from({length: 30_000}, (_, index) => `${index},"x, ${index}",1`);
    await writeFile(file, ["a,b,c", ...rows, 'q,"open,1', ...rows.slice(0, 20).map(() => "z,x,1")].join("\n"));
    expect((await reader.columns(connection, [file], defaultLimits)).get(file)).toEqual(
      new Error("line 30002 has a quote that is never closed")
    );
    connection.close();
  }
);
