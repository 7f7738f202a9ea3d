import {mkdir, mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Collected, collect} from "../../pipelines/collect/collection.js";
import {priceFeed} from "../../pipelines/collect/prices.js";
import {type Manners, openService} from "../../pipelines/collect/service.js";
import {weatherFeed} from "../../pipelines/collect/weather.js";
import {plusDays} from "../../pipelines/delta/slice.js";
import {type Connection, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openProject} from "../../pipelines/models/project.js";
import {runPipeline} from "../../pipelines/pipeline.js";
import type {Dock} from "../../pipelines/sources/fit.js";
import {sources} from "../../pipelines/sources/sources.js";
import {filesWith} from "../erasure/lake.js";
import {type Ended, start} from "../support/command.js";
import {
  acknowledgement,
  answering,
  bomb,
  dripping,
  endless,
  entsoeAnswer,
  type Reply,
  reply,
  type ServiceDouble,
  serviceDouble,
  silent
} from "./service_double.js";

const token = "Tok/en+With 'Sp&cial'=ünï-9f3c";
const zone = {eic: "10YLT-1001A0008Q"};
const day = "2022-03-26";

let database: Connection;
let dock: Dock;
let lake: string;
let double: ServiceDouble;
beforeAll(async () => {
  database = await openDuckDB();
  lake = await mkdtemp(join(tmpdir(), "wattlake-hostile-"));
  await mkdir(join(lake, "landing"));
  const {models} = await openProject(database);
  dock = {landing: join(lake, "landing"), database, models: new Map(models.map((model) => [model.name, model]))};
  double = await serviceDouble(answering(entsoeAnswer));
});
afterAll(async () => {
  database.close();
  await double.close();
  await rm(lake, {recursive: true, force: true});
});

let days = 0;

/** Collects another day's prices from a service that answers every request so, and what was said meanwhile. */
async function pricesFrom(replies: Reply, manners: Manners = {}): Promise<{one: Collected; pauses: string[]}> {
  double.always(replies);
  const feed = priceFeed([zone], token, double.url);
  const pauses: string[] = [];
  const ask = openService({
    ...{perMinute: 60_000, tries: 2, firstPauseMilliseconds: 5, secrets: feed.secrets},
    onPause: (reason) => void pauses.push(reason),
    ...manners
  });
  const source = sources.find(({name}) => name === "prices")!;
  const next = plusDays(day, ++days);
  for await (const one of collect(feed, {from: next, to: next}, dock, source, ask)) return {one, pauses};
  throw new Error("nothing was asked for");
}

describe("a service that sends too much", () => {
  const isTooLarge = {
    outcome: "failed",
    reason: expect.stringMatching(/^answer too large: .* more than 1 MB; .*--max/)
  };

  it.each([
    ["without an end", endless],
    ["packed", bomb(1e9)]
  ])("%s is read up to the limit, and not asked again", async (_, replies) => {
    const before = double.asked.length;
    const {one} = await pricesFrom(replies, {mostBytes: 1_000_000});
    expect(one).toMatchObject(isTooLarge);
    expect(double.asked.length - before).toBe(1);
  });

  it("takes no more memory than the limit needs, whatever it unpacks to", async () => {
    double.always(bomb(4e9));
    const {code, err} = await startCollecting("--max-size", "16", {NODE_OPTIONS: tellPeak});
    expect([code, err]).toEqual([1, expect.stringContaining("sends more than 16 MB; allow more with --max-size")]);
    expect(Number(/^peak (\d+)$/m.exec(err)![1]) / 1024, "MB at most").toBeLessThan(400);
  });
});

describe("a service that takes its time", () => {
  it.each([
    ["says nothing", silent],
    ["lets its answer drip", dripping]
  ])("and %s is left after a try's time, and after the request's in all", async (_, replies) => {
    const started = Date.now();
    const {one} = await pricesFrom(replies, {tries: 99, tryMilliseconds: 200, timeoutMilliseconds: 900});
    expect(one).toMatchObject({
      outcome: "failed",
      reason: "no answer within 0.9 s; the last try: no answer within 0.2 s"
    });
    expect(Date.now() - started).toBeLessThan(2500);
  });

  it("keeps no process waiting for longer than --timeout, pauses included", async () => {
    double.always(reply(503, "busy"));
    const started = Date.now();
    const {code, err} = await startCollecting("--timeout", "2", "--tries", "99");
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/answer rejected: .*: no answer within 2 s; the last try: HTTP 503 from 127/)
    ]);
    expect(Date.now() - started).toBeLessThan(8000);
  });

  it("isn't waited for when it asks for more time than is left", async () => {
    const {one} = await pricesFrom(reply(503, "", {"retry-after": "60"}), {timeoutMilliseconds: 30_000});
    expect(one.reason).toMatch(/^HTTP 503 from .*: it asks to be left alone until .*; run again then$/);
  });
});

/** Ways to write the token that somebody who reads could turn into it again. */
const echoes: Readonly<Record<string, Buffer | string>> = {
  "as it is": token,
  "in capitals": token.toUpperCase(),
  "in small letters": token.toLowerCase(),
  "as a form's value": new URLSearchParams({t: token}).toString().slice(2),
  "as a part of a URL": encodeURIComponent(token),
  "as a part of a URL, twice": encodeURIComponent(encodeURIComponent(token)),
  "with every byte as %": [...Buffer.from(token)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  "in JSON": JSON.stringify(token).slice(1, -1).replaceAll("/", "\\/"),
  "in JSON, every character escaped": [...token]
    .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join(""),
  "in XML": token
    .replaceAll("&", "&amp;")
    .replaceAll("'", "&apos;")
    .replaceAll("ü", "&#xFC;")
    .replaceAll("ï", "&#239;"),
  "in base64": Buffer.from(token).toString("base64"),
  "in base64, after a name": Buffer.from(`someone:${token}`).toString("base64"),
  "in base64, in a header's value": Buffer.from(`Bearer ${token}; and more`).toString("base64url"),
  "in hexadecimal": Buffer.from(token).toString("hex"),
  "in UTF-16": Buffer.from(token, "utf16le"),
  "broken over lines": `${token.slice(0, 10)}=\r\n${token.slice(10, 19)}\n    ${token.slice(19)}`
};

/** A reply whose body holds an echo between two texts, in pieces that part it. */
function echoing(status: number, [before, after]: readonly [string, string], echo: Buffer | string): Reply {
  const bytes = Buffer.from(echo as Buffer);
  return (_, response) => {
    response.writeHead(status).write(Buffer.concat([Buffer.from(before), bytes.subarray(0, 7)]));
    setTimeout(() => response.end(Buffer.concat([bytes.subarray(7), Buffer.from(after)])), 20);
  };
}

describe("a service that says the token back", () => {
  const document = entsoeAnswer(new URLSearchParams("in_Domain=X&periodStart=202203252300&periodEnd=202203262300"));
  const refused = acknowledgement("999", "|").split("|") as [string, string];
  it.each(Object.entries(echoes))("%s shows it to nobody", async (_, echo) => {
    const outcomes = [];
    const said: string[] = [];
    for (const [status, around] of [
      [400, refused],
      [400, ["no such thing: ", ""]],
      [500, ["<html>", "</html>"]],
      [200, ["<html>", "</html>"]],
      [200, ["<!--", `-->${document.replace("<?xml", "<!--").replace("?>", "-->")}`]]
    ] as const) {
      const {one, pauses} = await pricesFrom(echoing(status, around, echo));
      outcomes.push(one.outcome);
      said.push(JSON.stringify([one, pauses]));
    }
    expect(outcomes.slice(0, 4)).toEqual(["failed", "failed", "rejected", "rejected"]);
    expect(["landed", "known"]).toContain(outcomes[4]);
    for (const text of said) expect(text).not.toContain(String(echo));
    expect(said.join().toLowerCase()).not.toContain(token.toLowerCase());
    for (const bytes of await landedBytes()) expect(bytes.includes(echo)).toBe(false);
  });

  it("leaves it nowhere in the lake, its log included", async () => {
    await runPipeline({lake, select: ["silver.price"], logLevel: "silent"});
    for (const text of [
      "Tok/en",
      "tok/en",
      "Tok%2Fen",
      "Sp&cial",
      "54:6f:6b",
      Buffer.from(token.slice(0, 9)).toString("base64")
    ])
      expect(await filesWith(lake, text)).toEqual([]);
    expect(await filesWith(lake, "***")).not.toEqual([]);
  });

  it("isn't followed to where it sends the token", async () => {
    const location = `https://elsewhere.example/api?securityToken=${encodeURIComponent(token)}`;
    const {one} = await pricesFrom(reply(302, "", {location}));
    expect(one.reason).toMatch(
      /^127.* sends us on to https:[/][/]elsewhere.example[/]api[?]securityToken=[*]{3}: name that address/
    );
  });
});

describe("an address", () => {
  it("names no answer by the parameters of its own that are secret, and asks with them", async () => {
    const feed = weatherFeed([{latitude: 1, longitude: 2}], `${double.url}?apikey=${"k".repeat(9)}&models=era5`);
    const [request] = feed.requests("1,2", [day]);
    expect(request!.address.href).toMatch(/models=era5/);
    expect(request!.address.href).not.toContain("apikey");
    expect(feed.secretly(request!.address).searchParams.get("apikey")).toBe("k".repeat(9));
    expect(feed.secrets).toEqual(["k".repeat(9)]);
  });

  it.each([
    ["a password", ["--url", "https://me:pass-word@127.0.0.1/api"], "address with a user or a password: 127.0.0.1;"],
    ["a token and no scheme", ["--url", "127.0.0.1/api?apikey=pass-word"], "not an address: 127.0.0.1/api; write"]
  ])("with %s is refused without showing it", async (_, words, sentence) => {
    const {code, out, err} = await startCollecting(...words);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
    expect(out + err).not.toContain("pass-word");
  });

  it("is asked with no token that can't be told from other text", async () => {
    const {code, err} = await startCollecting({ENTSOE_TOKEN: "short"});
    expect([code, err]).toEqual([2, expect.stringMatching(/^secret too short: a token has at least 8 characters/)]);
  });
});

async function landedBytes(): Promise<Buffer[]> {
  const entries = await readdir(dock.landing, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({parentPath, name}) => readFile(join(parentPath, name))));
}

/** Has a process say the most memory that it had, in kilobytes, at its end. */
const tellPeak =
  "--import=data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";

function startCollecting(...words: readonly (string | Record<string, string>)[]): Promise<Ended> {
  const variables = {ENTSOE_URL: double.url, ENTSOE_TOKEN: token};
  const base = ["collect", "prices", "--from", day, "--to", day, "--landing", join(lake, "other"), variables] as const;
  return start(...(base as unknown as [string]), ...words);
}
