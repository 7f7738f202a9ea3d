import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";
import sqlite from "node-sqlite3-wasm";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import type {RunResult} from "../../pipelines/pipeline.js";
import {command} from "../support/command.js";
import {type TestLake, testLake} from "../support/lake.js";

const limits = {decodedGiB: 0.001, documentMiB: 0.5, elementMiB: 0.06, columns: 60, depth: 20, minutes: 0.05};

/** How a limit is named in a reason: its value and its setting. */
const said: Readonly<Record<keyof typeof limits, string>> = {
  decodedGiB: "the limit is 0.001 GiB, and limits.decodedGiB in the lake's sources.json raises it",
  documentMiB: "the limit is 0.5 MiB, and limits.documentMiB in the lake's sources.json raises it",
  elementMiB: "the limit is 0.06 MiB, and limits.elementMiB in the lake's sources.json raises it",
  columns: "the limit is 60, and limits.columns in the lake's sources.json raises it",
  depth: "the limit is 20, and limits.depth in the lake's sources.json raises it",
  minutes: "the limit is 0.05 minutes, and limits.minutes in the lake's sources.json raises it"
};

const document = (text: string) =>
  `<?xml version="1.0"?><Publication_MarketDocument>${text}</Publication_MarketDocument>`;
const long = "x".repeat(80_000);
const header = "client_id,meter_id,location_id,fuel,channel,start,value,unit";
const row = "a,m,l,electricity,import,2022-01-01T00:00:00Z,1.5,kWh";
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const names = Array.from({length: 70}, (_, index) => `c${index}`);
const period =
  "<Period><timeInterval><start>2022-01-01T00:00Z</start><end>2022-12-31T00:00Z</end></timeInterval><resolution>PT15M</resolution><Point><position>1</position></Point></Period>";

/** A file that goes beyond a limit, by its path, with that limit. */
const beyond: readonly (readonly [path: string, content: string | Buffer, limit: keyof typeof limits])[] = [
  ["prices/nested.xml", document("<a>".repeat(20_000) + "</a>".repeat(20_000)), "depth"],
  ["prices/text.xml", document(`<mRID>${long}</mRID>`), "elementMiB"],
  ["prices/attribute.xml", document(`<mRID a="${long}"/>`), "elementMiB"],
  ["prices/comment.xml", document(`<mRID><!--${long}--></mRID>`), "elementMiB"],
  ["prices/siblings.xml", document("<a></a>".repeat(90_000)), "documentMiB"],
  [
    "prices/points.xml",
    document(`<TimeSeries><curveType>A03</curveType>${period.repeat(5)}</TimeSeries>`),
    "documentMiB"
  ],
  ["prices/packed.xml.gz", gzipSync(document(" ".repeat(2_000_000))), "decodedGiB"],
  ["intervals/wide.csv", `${header},${names.join()}\n${row}${",1".repeat(70)}\n`, "columns"],
  ["intervals/wide.jsonl", `${JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])))}\n`, "columns"],
  ["intervals/line.csv", `${header}\n${row}\n${row}${long}\n${row}\n`, "elementMiB"],
  ["intervals/quote.csv", `${header}\n"${`${row}\n`.repeat(2000)}`, "elementMiB"],
  ["intervals/packed.csv.gz", gzipSync(`${header}\n${`${row}\n`.repeat(40_000)}`), "decodedGiB"],
  [
    "intervals/members.csv.gz",
    Buffer.concat([gzipSync(`${header}\n`), ...new Array(40).fill(gzipSync(`${row}\n`.repeat(1000)))]),
    "decodedGiB"
  ],
  ["intervals/line.jsonl", `{"client_id": "${long}"}\n`, "elementMiB"],
  ["telemetry/line.jsonl", `{"site": "${long}"}\n`, "elementMiB"],
  ["telemetry/packed.jsonl.gz", gzipSync(`${"{}\n".repeat(1_000_000)}`), "decodedGiB"],
  ["telemetry/nested.jsonl", `{"site": ${nested(3000)}}\n`, "depth"],
  ["homes/nested.json", `{"client_id": ${nested(3000)}}`, "depth"],
  ["homes/packed.json.gz", gzipSync(`[${"{},".repeat(700_000)}{}]`), "decodedGiB"],
  ["smart-meter/nested.json", `{"columns": ["a"], "data": [${nested(3000)}]}`, "depth"],
  ["smart-meter/wide.json", JSON.stringify({columns: names, data: []}), "columns"],
  ["weather/nested.json", `{"hourly": ${nested(3000)}}`, "depth"],
  ["weather/value.json", `{"reason": "${long}"}`, "elementMiB"]
];

/** Views of a database that has no end of rows, or of work, with the limit that ends it. */
const views: Readonly<Record<string, readonly [sql: string, limit: keyof typeof limits]>> = {
  "smart-meter/rows.db": ["SELECT x AS product_id FROM endless", "decodedGiB"],
  "smart-meter/work.db": ["SELECT max(x) AS product_id FROM endless", "minutes"],
  "smart-meter/value.db": ["SELECT hex(zeroblob(50000)) AS product_id", "elementMiB"],
  "smart-meter/wide.db": [`SELECT ${names.map((name) => `1 AS ${name}`).join()}`, "columns"]
};

let lake: TestLake;
let result: RunResult;
let reasons: ReadonlyMap<string, string>;
beforeAll(async () => {
  lake = await testLake("sql");
  await writeFile(join(lake.folder, "sources.json"), JSON.stringify({limits, sources: []}));
  const land = async (path: string, content: string | Buffer) => {
    const file = join(lake.folder, "landing", path);
    await mkdir(dirname(file), {recursive: true});
    await writeFile(file, content);
    return file;
  };
  for (const [path, content] of beyond) await land(path, content);
  for (const [path, [select]] of Object.entries(views)) {
    const database = new sqlite.Database(await land(path, ""));
    database.exec(
      `CREATE TABLE agreement (x); CREATE TABLE meterpoint (x);
       CREATE VIEW product AS WITH RECURSIVE endless (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM endless) ${select}`
    );
    database.close();
  }
  const duckdb = await openDuckDB();
  const text = `repeat('x', 20000)`;
  for (const [path, columns] of [
    ["eliq/texts.parquet", `${text} AS client_id`],
    ["eliq/wide.parquet", names.map((name) => `1 AS ${name}`).join()]
  ] as const)
    await duckdb.run(
      `COPY (SELECT ${columns}, DATE '2022-01-01' AS date, 'm' AS ext_dev_ref, [1::BIGINT] AS energy_consumption, '60min' AS resolution FROM range(1000))
       TO ${literal(await land(path, ""))} (FORMAT parquet)`
    );
  duckdb.close();
  await land("intervals/good.csv", `${header}\n${row}\n`);
  await lake.land("eliq/good.parquet", [["2022-03-01", 100]]);
  result = await lake.run({select: ["silver.price"]});
  reasons = new Map(result.intake.rejected.map(({arrival, reason}) => [arrival.path, reason]));
});
afterAll(() => lake.remove());

describe("a file beyond a limit", () => {
  it.each([
    ...beyond.map(([path, , limit]) => [path, limit] as const),
    ...Object.entries(views).map(([path, [, limit]]) => [path, limit] as const),
    ["eliq/texts.parquet", "decodedGiB"] as const,
    ["eliq/wide.parquet", "columns"] as const
  ])("%s is one line, which names %s, its value and its setting", (path, limit) => {
    expect(reasons.get(path)).toContain(said[limit]);
    expect(result.intake.rejected.filter(({arrival}) => arrival.path === path)).toHaveLength(1);
  });

  it("holds up no other", async () => {
    expect([...reasons.keys()].filter((path) => path.includes("good"))).toEqual([]);
    const rows = await lake.query(
      "SELECT file, count(*)::INTEGER FROM (SELECT file FROM bronze.interval_row UNION ALL SELECT file FROM bronze.eliq_daily) GROUP BY ALL ORDER BY ALL",
      "latest"
    );
    expect(rows).toEqual([
      ["eliq/good.parquet", 1],
      ["intervals/good.csv", 1]
    ]);
  });

  it("is said by land and inspect in the same words", async () => {
    const file = (path: string) => join(lake.folder, "landing", path);
    for (const [source, path, limit] of [
      ["intervals", "intervals/packed.csv.gz", "decodedGiB"],
      ["prices", "prices/text.xml", "elementMiB"],
      ["smart_meter", "smart-meter/work.db", "minutes"]
    ] as const) {
      const landed = await command(
        "land",
        source,
        file(path),
        "--lake",
        lake.folder,
        "--landing",
        join(lake.folder, "other")
      );
      expect([landed.code, landed.err]).toEqual([1, expect.stringContaining(said[limit])]);
    }
    for (const [path, limit] of [
      ["intervals/packed.csv.gz", "decodedGiB"],
      ["intervals/wide.csv", "columns"],
      ["telemetry/line.jsonl", "elementMiB"],
      ["homes/nested.json", "depth"],
      ["smart-meter/work.db", "minutes"]
    ] as const) {
      const inspected = await command("inspect", file(path), "--lake", lake.folder);
      expect([inspected.code, inspected.err]).toEqual([1, expect.stringContaining(said[limit])]);
    }
  });
});

it("an entity is a fault, whatever it would stand for", async () => {
  const other = await testLake("sql");
  const entities = Array.from({length: 9}, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`);
  const file = join(other.folder, "landing/prices/laughs.xml");
  await mkdir(dirname(file), {recursive: true});
  await writeFile(
    file,
    `<!DOCTYPE a [<!ENTITY e0 "ha">${entities.join("")}]>${document("<mRID>&e9;</mRID>").slice(21)}`
  );
  try {
    const {intake} = await other.run({select: ["silver.price"]});
    expect(intake.rejected.map(({reason}) => reason)).toEqual([
      "not readable: line 1: an entity stands there that XML itself doesn't have; write its text in its place"
    ]);
  } finally {
    await other.remove();
  }
});
