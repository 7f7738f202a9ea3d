import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {type Collected, collect} from "../../pipelines/collect/collection.js";
import type {Feed} from "../../pipelines/collect/feed.js";
import {priceFeed} from "../../pipelines/collect/prices.js";
import {type Manners, openService} from "../../pipelines/collect/service.js";
import {weatherFeed} from "../../pipelines/collect/weather.js";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openLakehouse} from "../../pipelines/lakehouse.js";
import {openProject} from "../../pipelines/models/project.js";
import {runPipeline} from "../../pipelines/pipeline.js";
import {land} from "../../pipelines/sources/arrivals.js";
import type {Dock} from "../../pipelines/sources/fit.js";
import {readLanded, readRefused} from "../../pipelines/sources/landed.js";
import {sources} from "../../pipelines/sources/sources.js";
import {start} from "../support/command.js";
import {
  acknowledgement,
  answering,
  cut,
  cutUnsaid,
  entsoeAnswer,
  openMeteoAnswer,
  reply,
  reset,
  type ServiceDouble,
  serviceDouble,
  silent
} from "./service_double.js";

const vilnius = {latitude: 54.6872, longitude: 25.2797};
const lithuania = {eic: "10YLT-1001A0008Q"};
const token = "a-token-that-nobody-may-see";
const weather = sources.find(({name}) => name === "weather")!;
const prices = sources.find(({name}) => name === "prices")!;
const page = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>";

let database: Connection;
let models: Dock["models"];
let landing: string;
let double: ServiceDouble;
beforeAll(async () => {
  database = await openDuckDB();
  const project = await openProject(database);
  models = new Map(project.models.map((model) => [model.name, model]));
});
afterAll(() => database.close());
beforeEach(async () => {
  landing = await mkdtemp(join(tmpdir(), "wattlake-collect-"));
  double = await serviceDouble(answering(openMeteoAnswer));
});
afterEach(async () => {
  await double.close();
  await rm(landing, {recursive: true, force: true});
});

async function collected(
  feed: Feed,
  [from, to]: readonly [string, string],
  manners: Manners = {}
): Promise<Collected[]> {
  const ask = openService({
    ...{perMinute: 60_000, tryMilliseconds: 300, tries: 3, firstPauseMilliseconds: 5},
    ...manners
  });
  const all: Collected[] = [];
  const source = feed.source === "weather" ? weather : prices;
  for await (const one of collect(feed, {from, to}, {landing, database, models}, source, ask)) all.push(one);
  return all;
}

const march = ["2022-03-01", "2022-03-31"] as const;
const weatherOf = (days: readonly [string, string], manners?: Manners) =>
  collected(weatherFeed([vilnius], double.url), days, manners);
const pricesOf = (days: readonly [string, string], manners?: Manners) =>
  collected(priceFeed([lithuania], token, double.url), days, manners);
const outcomes = (all: readonly Collected[]) => all.map(({outcome}) => outcome);

describe("collecting weather", () => {
  it("lands each month's answer as it came, and the pipeline's source takes it in", async () => {
    const all = await weatherOf(["2022-02-15", "2022-04-02"]);
    expect(all.map(({from, to, outcome}) => `${from} ${to} ${outcome}`)).toEqual([
      "2022-02-15 2022-02-28 landed",
      "2022-03-01 2022-03-31 landed",
      "2022-04-01 2022-04-02 landed"
    ]);
    expect(await readFile(join(landing, all[1]!.path!), "utf8")).toBe(openMeteoAnswer(double.asked[1]!.questions));
    expect((await land(landing, sources)).fresh.map(({source, path}) => `${source} ${path}`)).toEqual(
      all.map(({path}) => `weather ${path}`)
    );
    expect(Object.fromEntries(double.asked[1]!.questions)).toMatchObject({
      ...{latitude: "54.6872", longitude: "25.2797", start_date: "2022-03-01", end_date: "2022-03-31"},
      ...{timezone: "UTC", wind_speed_unit: "ms"}
    });
  });

  it("asks for nothing that has landed, and for the days between", async () => {
    await weatherOf(["2022-03-05", "2022-03-06"]);
    await weatherOf(march);
    const asked = double.asked.map(({questions}) => `${questions.get("start_date")} ${questions.get("end_date")}`);
    expect(asked).toEqual(["2022-03-05 2022-03-06", "2022-03-01 2022-03-04", "2022-03-07 2022-03-31"]);
    expect(await weatherOf(march)).toEqual([]);
    expect(double.asked).toHaveLength(3);
  });

  it("asks again for days that were too young to be the last word", async () => {
    const today = new Date().toISOString().slice(0, 10);
    await weatherOf([today, today]);
    expect(outcomes(await weatherOf([today, today]))).toEqual(["known"]);
    expect(double.asked).toHaveLength(2);
  });

  it("goes on where it stopped when the service broke down", async () => {
    double.next(answering(openMeteoAnswer));
    double.always(reset);
    const all = await weatherOf(["2022-01-01", "2022-06-30"], {failuresInRow: 5});
    expect(outcomes(all)).toEqual(["landed", "failed", "failed", "not asked", "not asked", "not asked"]);
    expect(all.map(({reason}) => reason)).toEqual([
      undefined,
      `no whole answer from ${new URL(double.url).host}: the connection broke off; try again`,
      ...Array(4).fill("the service failed too often in a row")
    ]);
    // Three tries of February, two of March: then the breaker kept the rest from being asked.
    expect(double.asked).toHaveLength(1 + 5);
    double.always(answering(openMeteoAnswer));
    expect(outcomes(await weatherOf(["2022-01-01", "2022-06-30"]))).toEqual(Array(5).fill("landed"));
    expect(double.asked.slice(6).map(({questions}) => questions.get("start_date"))).toEqual(
      ["02", "03", "04", "05", "06"].map((month) => `2022-${month}-01`)
    );
  });

  it.each([
    ["an error of the server's", reply(500, "oops")],
    ["a reset connection", reset],
    ["silence", silent],
    ["an answer cut short", cut(openMeteoAnswer)],
    ["an answer cut short that nothing says is", cutUnsaid(openMeteoAnswer)],
    ["a page of HTML", reply(200, page, {"content-type": "text/html"})],
    [
      "an answer of other days",
      reply(
        200,
        openMeteoAnswer(new URLSearchParams("start_date=2021-01-01&end_date=2021-01-02&hourly=temperature_2m"))
      )
    ],
    ["too many requests, without a word on when", reply(429, "")]
  ])("tries again after %s", async (_, failure) => {
    double.next(failure);
    expect(outcomes(await weatherOf(march))).toEqual(["landed"]);
    expect(double.asked).toHaveLength(2);
    expect(await readRefused(landing)).toEqual([]);
  });

  it.each([
    ["seconds", () => "1", 1000],
    ["a date", () => new Date(Date.now() + 2000).toUTCString(), 990]
  ])("waits as long as Retry-After says in %s", async (_, text, least) => {
    double.next((_request, response) => response.writeHead(429, {"retry-after": text()}).end());
    expect(outcomes(await weatherOf(march))).toEqual(["landed"]);
    const [first, second] = double.asked;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(least);
    expect(second!.at - first!.at).toBeLessThan(4000);
  });

  it("doesn't wait for a service that asks to be left alone for hours, nor ask it for more", async () => {
    double.next(reply(503, "", {"retry-after": "7200"}));
    const all = await weatherOf(["2022-03-01", "2022-04-30"]);
    expect(outcomes(all)).toEqual(["failed", "not asked"]);
    expect(all[0]!.reason).toMatch(/^HTTP 503 from .*: it asks to be left alone until .*; run again then$/);
    expect(double.asked).toHaveLength(1);
  });

  it("pauses longer from try to try", async () => {
    const pauses: number[] = [];
    double.always(reply(500, ""));
    await weatherOf(march, {tries: 7, onPause: (_, milliseconds) => void pauses.push(milliseconds)});
    expect(pauses).toHaveLength(6);
    expect(new Set(pauses).size).toBeGreaterThan(3);
    expect(pauses[4]! + pauses[5]!).toBeGreaterThan(pauses[0]! + pauses[1]!);
  });

  it("keeps requests apart, tries included", async () => {
    double.next(reply(500, ""));
    await weatherOf(["2022-01-01", "2022-03-31"], {perMinute: 600});
    const times = double.asked.map(({at}) => at);
    expect(times).toHaveLength(4);
    for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeGreaterThanOrEqual(95);
  });

  it("keeps what came instead of an answer, with the reason, when no try brings one", async () => {
    double.next(...Array(3).fill(reply(200, page)));
    const [first, second] = await weatherOf(["2022-03-01", "2022-04-30"]);
    expect(first).toMatchObject({
      outcome: "rejected",
      reason: expect.stringMatching(/^the answer is no whole JSON: <!doc/)
    });
    expect(await readFile(join(landing, first!.path!), "utf8")).toBe(page);
    expect(await readRefused(landing)).toMatchObject([{source: "weather", reason: first!.reason}]);
    expect(second!.outcome).toBe("landed");
    expect((await land(landing, sources)).fresh.map(({path}) => path)).toEqual([second!.path]);
    expect(outcomes(await weatherOf(["2022-03-01", "2022-04-30"]))).toEqual(["landed"]);
  });

  it("doesn't ask twice where the service refuses, and goes on", async () => {
    double.next(reply(400, '{"error":true,"reason":"Parameter \'end_date\' is out of allowed range"}'));
    const all = await weatherOf(["2022-03-01", "2022-04-30"]);
    expect(outcomes(all)).toEqual(["failed", "landed"]);
    expect(all[0]!.reason).toBe("the service refused (HTTP 400): Parameter 'end_date' is out of allowed range");
  });
});

describe("collecting prices", () => {
  beforeEach(() => double.always(answering(entsoeAnswer)));

  it("asks for days of the market, 23 and 25 hours included, and lands the answers", async () => {
    expect(outcomes(await pricesOf(["2022-03-26", "2022-03-28"]))).toEqual(Array(3).fill("landed"));
    expect(outcomes(await pricesOf(["2022-10-30", "2022-10-30"]))).toEqual(["landed"]);
    const asked = double.asked.map(({questions}) => `${questions.get("periodStart")} ${questions.get("periodEnd")}`);
    expect(asked).toEqual([
      "202203252300 202203262300",
      "202203262300 202203272200",
      "202203272200 202203282200",
      "202210292200 202210302300"
    ]);
    // A01 is day-ahead: without it the answer has the intraday auctions too.
    expect(new Set(double.asked.map(({questions}) => questions.get("contract_MarketAgreement.type")))).toEqual(
      new Set(["A01"])
    );
    expect(await pricesOf(["2022-03-26", "2022-03-28"])).toEqual([]);
  });

  it("tells the service its token, and nobody else", async () => {
    double.next(reply(500, ""), answering(entsoeAnswer));
    const reasons: string[] = [];
    const all = await pricesOf(["2022-03-26", "2022-03-26"], {onPause: (reason) => void reasons.push(reason)});
    expect(double.asked.map(({questions}) => questions.get("securityToken"))).toEqual([token, token]);
    expect(reasons).toHaveLength(1);
    const landed = await readLanded(landing);
    expect(landed[0]!.name).toContain("periodStart=202203252300");
    expect(JSON.stringify([all, reasons, landed])).not.toContain(token);
  });

  it("says when there is nothing, lands nothing, and asks again the next time", async () => {
    const nothing = acknowledgement("999", "No matching data found for Data item Day-ahead Prices [12.1.D]");
    double.next(reply(200, nothing));
    const [first, second] = await pricesOf(["2022-03-26", "2022-03-27"]);
    expect([first!.outcome, first!.reason]).toEqual([
      "none",
      "the service says: No matching data found for Data item Day-ahead Prices [12.1.D]"
    ]);
    expect(second!.outcome).toBe("landed");
    expect((await pricesOf(["2022-03-26", "2022-03-27"])).map(({from, outcome}) => [from, outcome])).toEqual([
      ["2022-03-26", "landed"]
    ]);
  });

  it("fails for an acknowledgement that says anything else", async () => {
    double.next(reply(400, acknowledgement("999", "The combination of [DocumentType=A44] is not valid")));
    const [one] = await pricesOf(["2022-03-26", "2022-03-26"]);
    expect(one).toMatchObject({outcome: "failed", reason: expect.stringContaining("is not valid")});
    expect(double.asked).toHaveLength(1);
  });

  it("asks nothing more once its token is refused", async () => {
    double.always(reply(401, ""));
    expect(outcomes(await pricesOf(["2022-03-26", "2022-03-28"]))).toEqual(["failed", "not asked", "not asked"]);
    expect(double.asked).toHaveLength(1);
  });

  it.each([
    ["cut short", cutUnsaid(entsoeAnswer), "the answer is cut short"],
    ["a page of HTML", reply(200, page), "the answer is no Publication_MarketDocument: "],
    ["empty", reply(200, ""), "the answer is no Publication_MarketDocument: it is empty"]
  ])("takes no answer for prices that is %s", async (_, failure, reason) => {
    double.always(failure);
    const [one] = await pricesOf(["2022-03-26", "2022-03-26"]);
    expect(one!.reason).toContain(reason);
    expect(one!.outcome).toBe(reason.endsWith("empty") ? "failed" : "rejected");
    expect(await readLanded(landing)).toEqual([]);
  });
});

describe("what was collected", () => {
  it("becomes the lake's hours of weather and its prices, none of it rejected", async () => {
    await weatherOf(["2022-03-26", "2022-03-27"]);
    double.always(answering(entsoeAnswer));
    await pricesOf(["2022-03-26", "2022-03-27"]);
    const lake = join(landing, ".lake");
    const {intake} = await runPipeline({lake, landing, select: ["silver.weather_hour", "silver.price"]});
    expect(intake.rejected).toEqual([]);
    const lakehouse = await openLakehouse(lake, "latest");
    try {
      const counted = await lakehouse.stream(
        "SELECT (SELECT count(*) FROM silver.weather_hour), (SELECT count(*) FROM silver.price)"
      );
      // A day of 24 hours and one of 23, by the market's clock.
      expect(await counted.getRowsJson()).toEqual([["48", "47"]]);
    } finally {
      await lakehouse.close();
    }
  });
});

describe("npm run collect", () => {
  const days = ["--from", "2022-03-26", "--to", "2022-03-27"];

  it("lands, goes on where it stopped, and never shows its token", async () => {
    double.always(answering(entsoeAnswer));
    double.next(answering(entsoeAnswer), reply(401, "denied"));
    const words = ["collect", "prices", ...days, "--landing", landing, "--per-minute", "60000"] as const;
    const variables = {ENTSOE_URL: double.url, ENTSOE_TOKEN: token};
    const first = await start(...words, variables);
    expect([first.code, first.out]).toEqual([
      1,
      expect.stringMatching(
        /^landed: 10YLT-1001A0008Q 2022-03-26: prices\/shared\/.*\n2 requests: 1 landed, 1 failed; /
      )
    ]);
    expect(first.err).toMatch(
      /^not collected: 10YLT-1001A0008Q 2022-03-27: access refused by 127.0.0.1:\d+: HTTP 401\n$/
    );
    const second = await start(...words, "--json", variables);
    expect([second.code, JSON.parse(second.out)]).toMatchObject([0, {from: "2022-03-27", outcome: "landed"}]);
    const third = await start(...words, variables);
    expect([third.code, third.out]).toEqual([0, "nothing to ask for: all of it has landed\n"]);
    const files = (await readdir(landing, {recursive: true, withFileTypes: true})).filter((entry) => entry.isFile());
    const texts = await Promise.all(files.map(({parentPath, name}) => readFile(join(parentPath, name), "utf8")));
    expect(JSON.stringify([first, second, third, texts])).not.toContain(token);
  });

  it.each([
    ["a feed that isn't there", ["collect", "wind", ...days], "unknown command 'wind'"],
    ["no token", ["collect", "prices", ...days, {ENTSOE_TOKEN: ""}], "no token: ENTSOE_TOKEN is not set"],
    ["days the wrong way round", ["collect", "weather", "--from", "2022-03-02", "--to", "2022-03-01"], "is after --to"],
    ["a point that is none", ["collect", "weather", ...days, "--point", "95,0"], "not a point: 95,0"],
    ["an address that is none", ["collect", "weather", ...days, "--url", "nowhere"], "not an address: nowhere"]
  ] as const)("ends with 2 for %s", async (_, [program, ...words], problem) => {
    const {code, err} = await start(program, ...words);
    expect([code, err]).toEqual([2, expect.stringContaining(problem)]);
  });
});
