import {copyFile, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {zoneOfGreenButton} from "../../pipelines/sources/formats/espi_zone.js";
import {FileReading} from "../../pipelines/sources/formats/file_reading.js";
import {greenButton} from "../../pipelines/sources/formats/green_button.js";
import {homeAssistant} from "../../pipelines/sources/formats/home_assistant.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {nem12} from "../../pipelines/sources/formats/nem12.js";
import {shifted} from "../../pipelines/sources/formats/own_rows.js";
import {columnsOf, type Reader} from "../../pipelines/sources/formats/reader.js";
import {tabular} from "../../pipelines/sources/formats/tabular.js";
import {telegrams} from "../../pipelines/sources/formats/telegrams.js";

let database: Connection;
let folder: string;
beforeAll(async () => {
  database = await openDuckDB();
  folder = await mkdtemp(join(tmpdir(), "wattlake-readers-"));
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

let files = 0;
async function fileOf(text: string, extension: string): Promise<string> {
  const file = join(folder, `${files++}${extension}`);
  await writeFile(file, text);
  return file;
}

async function rowsIn(reader: Reader, file: string, columns: string): Promise<unknown[]> {
  const found = await columnsOf(reader, database, file, defaultLimits);
  const rows = await database.rows<Record<string, unknown>>(
    `SELECT ${columns} FROM (${reader.select([file], found)}) ORDER BY landing_row`
  );
  return rows.map((row) => Object.values(row));
}

describe("NEM12 and NEM13", () => {
  const half = (value: string) => Array.from({length: 48}, () => value).join();
  const nem = (...lines: readonly string[]) => `100,NEM12,202201010000,A,B\n${lines.join("\n")}\n900\n`;
  const stream = "200,4001,E1,E1,E1,N1,S1,kwh,30,";

  it("are on UTC+10, in the west on UTC+8, and say when a record was updated", async () => {
    const file = await fileOf(nem(stream, `300,20221002,${half("1")},A,,,20221003010203,`), ".csv");
    const first = 'min("start"), max("start"), min(revised_at)';
    expect(await rowsIn(nem12("Australia/Sydney"), file, `${first}, max(landing_row) AS landing_row`)).toEqual([
      ["2022-10-01T14:00:00Z", "2022-10-02T13:30:00Z", "2022-10-02T15:02:03Z", 48n]
    ]);
    expect(await rowsIn(nem12("Australia/Perth"), file, `${first}, max(landing_row) AS landing_row`)).toEqual([
      ["2022-10-01T16:00:00Z", "2022-10-02T15:30:00Z", "2022-10-02T17:02:03Z", 48n]
    ]);
  });

  it.each([
    [["400,1,20,A,,", "400,22,48,A,,"], "quality V, but no 400 record is of interval 21", 1],
    [["400,1,20,A,,", "400,20,48,A,,"], "400 records overlap at interval 20", 48],
    [["400,1,49,A,,"], "400 record of no intervals of the day: 1 to 49", 48],
    [["400,1,48,X,,"], "quality not known: X", 48]
  ])("reject quality that %j don't settle", async (refining, reason, count) => {
    const file = await fileOf(nem(stream, `300,20221002,${half("1")},V,,,20221003010203,`, ...refining), ".csv");
    expect(
      await rowsIn(
        nem12("UTC"),
        file,
        `problem, count(*), min(landing_row) AS landing_row`.replace("problem, ", "max(problem), ")
      ).then(() => rowsIn(nem12("UTC"), file, "problem"))
    ).toEqual(expect.arrayContaining(Array.from({length: count}, () => [reason])));
  });

  it.each([
    ["300,20221332,1", "date unreadable: 20221332"],
    [
      "300,20221002,1,2,A,,,,",
      "record of 20221002 doesn't hold the 48 values of a day of 30 minutes each, and their quality"
    ],
    ["777,1", "record indicator not known: 777"]
  ])("reject %s by its line", async (line, reason) => {
    const file = await fileOf(nem(stream, line), ".csv");
    expect(await rowsIn(nem12("UTC"), file, "file_row, problem")).toEqual([["3", reason]]);
  });

  it("are not taken for what they aren't", async () => {
    await expect(rowsIn(nem12("UTC"), await fileOf("100,NEM12,x\n200,NMI", ".csv"), "1")).rejects.toThrow(
      "no record of values in it, neither 300 nor 250"
    );
    await expect(rowsIn(nem12("UTC"), await fileOf("a,b\n1,2\n", ".csv"), "1")).rejects.toThrow(
      "no NEM12 or NEM13: its first record begins with a, not with 100"
    );
  });

  it("are registers in NEM13, whose quantity has to be what they went on", async () => {
    const record = (quantity: string) =>
      `250,4001,11,01,11,11,S1,E,000021.2,20031001103230,A,,,000534.5,20040201100030,E64,77,,${quantity},kWh,20040509,20040202125010,`;
    const file = await fileOf(
      `100,NEM13,200402091309,A,B\n${record("513.3")}\n550,N,,A,\n${record("343.5")}\n900\n`,
      ".csv"
    );
    const common = ["import", "register"];
    const problem = "quantity 343.5 is not what the register went on, from 000021.2 to 000534.5";
    expect(
      await rowsIn(nem12("UTC"), file, 'channel, kind, "start", value, quality, register_digits, problem')
    ).toEqual([
      [...common, "2003-10-01T00:32:30Z", "000021.2", "measured", "6", null],
      [...common, "2004-02-01T00:00:30Z", "000534.5", "estimated", "6", null],
      [...common, "2003-10-01T00:32:30Z", "000021.2", "measured", "6", problem],
      [...common, "2004-02-01T00:00:30Z", "000534.5", "estimated", "6", problem]
    ]);
  });
});

describe("intervals of less than a quarter", () => {
  it("are joined where all parts are there, and are as good as their worst part", async () => {
    const values = Array.from({length: 288}, (_, index) => (index === 1 ? "" : index === 3 ? "x" : "0.1"));
    const file = await fileOf(
      `100,NEM12,202201010000,A,B\n200,4001,E1,E1,E1,N1,S1,kWh,5,\n300,20221002,${values.join()},V,,,,\n400,1,287,A,,\n400,288,288,F14,,\n900\n`,
      ".csv"
    );
    const rows = await rowsIn(nem12("UTC"), file, '"start", resolution, value, quality, problem, parts');
    expect(rows.length).toBe(96);
    expect([rows[0], rows[1], rows[2], rows[95]]).toEqual([
      ["2022-10-01T14:00:00Z", "15min", null, "measured", null, "3"],
      ["2022-10-01T14:15:00Z", "15min", null, "measured", "value is no number: x", "3"],
      ["2022-10-01T14:30:00Z", "15min", "0.300000000", "measured", null, "3"],
      ["2022-10-02T13:45:00Z", "15min", "0.300000000", "estimated", null, "3"]
    ]);
  });
});

describe("a log of telegrams", () => {
  const telegram = (stamp: string, value: string, end = "!") =>
    ["/KFM5KAIFA-METER", "", `0-0:1.0.0(${stamp})`, `1-0:1.8.1(${value}*kWh)`, end, ""].join("\r\n");
  // CRC-16 (ARC) of the telegram, by an independent program.
  const summed = "/ISk5\\2MT382-1000\r\n\r\n0-0:1.0.0(220101000000W)\r\n1-0:1.8.1(000001.000*kWh)\r\n!";

  it.each([
    ["220101000000W", "2021-12-31T23:00:00Z", null],
    ["220701000000S", "2022-06-30T22:00:00Z", null],
    ["221030023000S", "2022-10-30T00:30:00Z", null],
    ["221030023000W", "2022-10-30T01:30:00Z", null],
    ["220701000000", "2022-06-30T22:00:00Z", null],
    ["221030023000", null, "time that came twice in Europe/Amsterdam, without S or W: 221030023000"],
    ["220327023000", null, "time that never was in Europe/Amsterdam: 220327023000"],
    ["220101000000S", null, "time that never was in Europe/Amsterdam, where it was not summer (S) then: 220101000000S"],
    ["220232000000W", null, "time that never was: 220232000000W"],
    ["0", null, "time unreadable: 0"]
  ])("reads the time %s", async (stamp, start, problem) => {
    const file = await fileOf(telegram(stamp, "000001.000"), ".txt");
    expect(await rowsIn(telegrams("Europe/Amsterdam"), file, '"start", problem')).toEqual([[start, problem]]);
  });

  it("keeps the first of a quarter, and the last of all", async () => {
    const file = await fileOf(
      ["220101000000W", "220101000010W", "220101001400W", "220101001500W", "220101002000W", "220101002010W"]
        .map((stamp, index) => telegram(stamp, `00000${index}.000`))
        .join(""),
      ".txt"
    );
    expect(await rowsIn(telegrams("Europe/Amsterdam"), file, '"start", value')).toEqual([
      ["2021-12-31T23:00:00Z", "0"],
      ["2021-12-31T23:15:00Z", "3"],
      ["2021-12-31T23:20:10Z", "5"]
    ]);
  });

  it("lists telegrams that are cut off, lack a register or were damaged", async () => {
    const both = telegram("220101000000W", "000001.000").replace("!", "1-0:1.8.2(000002.000*kWh)\r\n!");
    const file = await fileOf(`${both}${telegram("220101010000W", "000001.000")}/KFM5\r\n0-0:1.0.0(220101`, ".txt");
    expect(await rowsIn(telegrams("Europe/Amsterdam"), file, "file_row, problem")).toEqual([
      ["12", "telegram without its end (!): the file is cut off"],
      ["1", null],
      ["7", "register 1-0:1.8.2 is missing, which other telegrams have"]
    ]);
    const good = `${summed}${crc(summed)}\r\n`;
    const bad = good.replace("000001.000", "000009.000");
    const sums = await fileOf(good + good.replace("220101000000W", "220101000000W") + bad, ".txt");
    const [, damaged] = await rowsIn(telegrams("Europe/Amsterdam"), sums, "problem");
    expect(damaged).toEqual([`checksum ${crc(summed)} is not that of the telegram: it was damaged on its way`]);
  });

  /** CRC-16 (ARC) by its polynomial, as long division. */
  function crc(text: string): string {
    const bits = [...Buffer.from(text, "latin1")].flatMap((byte) =>
      Array.from({length: 8}, (_, bit) => (byte >> bit) & 1)
    );
    const register = new Array<number>(16).fill(0);
    for (const bit of [...bits, ...new Array<number>(16).fill(0)]) {
      const out = register.shift()!;
      register.push(bit);
      if (out) for (const place of [0, 13, 15]) register[place]! ^= 1;
    }
    return Number.parseInt([...register].reverse().join(""), 2)
      .toString(16)
      .toUpperCase()
      .padStart(4, "0");
  }
});

describe("Home Assistant's statistics", () => {
  it("are read of a database as of a table, those of energy with a sum", async () => {
    const file = join(folder, "home-assistant_v2.db");
    const db = new sqlite.Database(file);
    db.exec(`CREATE TABLE statistics_meta (id INTEGER PRIMARY KEY, statistic_id TEXT, unit_of_measurement TEXT, has_sum BOOLEAN);
      INSERT INTO statistics_meta VALUES (1, 'sensor.grid', 'kWh', 1), (2, 'sensor.temperature', '°C', 0), (3, 'sensor.money', 'EUR', 1);
      CREATE TABLE statistics (id INTEGER PRIMARY KEY, created_ts FLOAT, metadata_id INTEGER, start_ts FLOAT, mean FLOAT, state FLOAT, sum FLOAT);
      INSERT INTO statistics VALUES (1, 0, 1, 1648332000, NULL, 5.5, 1.5), (2, 0, 2, 1648332000, 20, NULL, NULL),
        (3, 0, 3, 1648332000, NULL, 1, 1), (4, 0, 1, 1648335600.0, NULL, 6.25, 2.25);`);
    db.close();
    const older = join(folder, "older.db");
    await copyFile(file, older);
    const before = new sqlite.Database(older);
    before.exec(`ALTER TABLE statistics DROP COLUMN start_ts; ALTER TABLE statistics ADD COLUMN start DATETIME;
      UPDATE statistics SET start = CASE id WHEN 4 THEN '2022-03-26 23:00:00.000000' ELSE '2022-03-26 22:00:00.000000' END;`);
    before.close();
    const migrated = join(folder, "migrated.db");
    await copyFile(file, migrated);
    const after = new sqlite.Database(migrated);
    after.exec("ALTER TABLE statistics ADD COLUMN start DATETIME");
    after.close();
    const reader = homeAssistant(tabular({required: ["statistic_id", "sum"]}));
    const columns =
      "statistic_id, unit_of_measurement, CAST(CAST(start_ts AS DOUBLE) AS BIGINT) AS seconds, CAST(state AS DOUBLE) AS state, CAST(sum AS DOUBLE) AS sum";
    const expected = [
      ["sensor.grid", "kWh", 1648332000n, 5.5, 1.5],
      ["sensor.grid", "kWh", 1648335600n, 6.25, 2.25]
    ];
    for (const database of [file, older, migrated])
      expect(await rowsIn(reader, database, columns), database).toEqual(expected);
    const table = await fileOf(
      "statistic_id,unit_of_measurement,start_ts,state,sum\nsensor.grid,kWh,1648332000.0,5.5,1.5\nsensor.grid,kWh,1648335600,6.25,2.25\n",
      ".csv"
    );
    expect(await rowsIn(reader, table, columns)).toEqual(expected);
  });
});

describe("Green Button", () => {
  const feed = (...entries: readonly string[]) =>
    `<feed xmlns="http://www.w3.org/2005/Atom">${entries.map((one) => `<entry>${one}</entry>`).join("")}</feed>`;
  const reading =
    "<IntervalReading><timePeriod><duration>900</duration><start>1648332000</start></timePeriod><value>5</value></IntervalReading>";
  const block = `<content><IntervalBlock>${reading}</IntervalBlock></content>`;

  it("leaves open what values are where no ReadingType says it", async () => {
    const file = await fileOf(feed(`<link rel="self" href="/b/1"/>${block}`), ".xml");
    expect(await rowsIn(greenButton, file, '"start", "end", value, unit, channel, problem')).toEqual([
      ["2022-03-26T22:00:00Z", "2022-03-26T22:15:00Z", "5", null, null, null]
    ]);
  });

  it("takes energy once that stands in the file as power, too", async () => {
    const type = (id: string, uom: number) =>
      `<link rel="self" href="/t/${id}"/><content><ReadingType><commodity>1</commodity><flowDirection>1</flowDirection><uom>${uom}</uom></ReadingType></content>`;
    const meter = (id: string) =>
      `<link rel="self" href="/m/${id}"/><link rel="related" href="/t/${id}"/><content><MeterReading/></content>`;
    const blockOf = (id: string) => `<link rel="self" href="/m/${id}/IntervalBlock/1"/>${block}`;
    const both = ["1", "2"];
    const file = await fileOf(feed(...both.map(blockOf), ...both.map(meter), type("1", 38), type("2", 72)), ".xml");
    expect(await rowsIn(greenButton, file, "unit, problem")).toEqual([
      ["W", "in W, of the same energy that stands in the file in Wh, and counts once"],
      ["Wh", null]
    ]);
  });

  it("refuses other XML", async () => {
    await expect(rowsIn(greenButton, await fileOf("<a/>", ".xml"), "1")).rejects.toThrow(
      "a a, no feed of Green Button"
    );
    await expect(rowsIn(greenButton, await fileOf(feed(), ".xml"), "1")).rejects.toThrow("no IntervalBlock in it");
  });

  it.each([
    ["America/New_York", -18000, 3600, "360E2000", "B40E2000"],
    ["America/Los_Angeles", -28800, 3600, "360E2000", "B40E2000"],
    ["America/Phoenix", -25200, 0, "00000000", "00000000"],
    ["Europe/Paris", 3600, 3600, "3E0E2000", "AE0E3000"],
    [undefined, -18000, 3600, "360E3000", "B40E2000"]
  ])("finds %s by its offset and rules", async (zone, offset, shift, start, end) => {
    const clock = `<content><LocalTimeParameters><dstEndRule>${end}</dstEndRule><dstOffset>${shift}</dstOffset><dstStartRule>${start}</dstStartRule><tzOffset>${offset}</tzOffset></LocalTimeParameters></content>`;
    expect(await zoneOfGreenButton(new FileReading(await fileOf(feed(block, clock), ".xml"), defaultLimits))).toBe(
      zone
    );
  });
});

it.each([
  ["123", 3, "123000"],
  ["123", -2, "1.23"],
  ["-5", -3, "-0.005"],
  ["0", -3, "0"],
  ["100", -1, "10"],
  ["1.5", 1, "15"],
  ["x", 3, "x"]
])("%s times ten to the power of %i is %s, digit by digit", (text, power, result) => {
  expect(shifted(text, power)).toBe(result);
});
