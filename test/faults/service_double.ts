import {once} from "node:events";
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {Readable} from "node:stream";
import {createGzip} from "node:zlib";

/** What a server does with one request. */
export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine that does as it is told, one reply a request, and otherwise as it usually does. */
export interface ServiceDouble {
  readonly url: string;
  /** What was asked, oldest first: the address' questions, and when. */
  readonly asked: {questions: URLSearchParams; at: number}[];
  /** What the next requests get. */
  next(...replies: Reply[]): void;
  /** What every request gets from now on that `next` says nothing of. */
  always(reply: Reply): void;
  close(): Promise<void>;
}

export async function serviceDouble(usual: Reply): Promise<ServiceDouble> {
  const asked: ServiceDouble["asked"] = [];
  const replies: Reply[] = [];
  let standing = usual;
  const server = createServer((request, response) => {
    asked.push({questions: questionsOf(request), at: Date.now()});
    (replies.shift() ?? standing)(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    asked,
    next: (...more) => void replies.push(...more),
    always: (reply) => {
      standing = reply;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

function questionsOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url!, "http://double").searchParams;
}

/** A reply of a status, headers and a body. */
export function reply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return (_, response) => response.writeHead(status, headers).end(body);
}

/** The connection is reset before a word is said. */
export const reset: Reply = (request) => void request.socket.resetAndDestroy();

/** No word is said, ever. */
export const silent: Reply = () => undefined;

/** The usual reply, of which the last part never comes: the length says so. */
export function cut(whole: (questions: URLSearchParams) => string): Reply {
  return (request, response) => {
    const body = whole(questionsOf(request));
    response.writeHead(200, {"content-length": String(Buffer.byteLength(body))});
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
  };
}

/** The same, but nothing in HTTP says so. */
export function cutUnsaid(whole: (questions: URLSearchParams) => string): Reply {
  return (request, response) => {
    const body = whole(questionsOf(request));
    response.writeHead(200, {connection: "close"}).end(body.slice(0, body.length / 2));
  };
}

/** A body that never ends, as fast as it is taken. */
export const endless: Reply = (_, response) => {
  const chunk = Buffer.alloc(1 << 20, " ");
  const more = () => {
    while (response.writable && response.write(chunk));
  };
  response.writeHead(200).on("drain", more);
  more();
};

/** So many bytes of nothing, packed to a thousandth. */
export function bomb(bytes: number): Reply {
  return (_, response) => {
    const gzip = createGzip();
    gzip.pipe(response.writeHead(200, {"content-encoding": "gzip"}));
    Readable.from(chunksOf(bytes)).pipe(gzip);
  };
}

function* chunksOf(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(1 << 20);
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk;
}

/** A byte now and then, forever. */
export const dripping: Reply = (request, response) => {
  response.writeHead(200).flushHeaders();
  const drip = setInterval(() => response.write("<"), 20);
  request.socket.once("close", () => clearInterval(drip));
};

/** What comes of the questions. */
export function answering(whole: (questions: URLSearchParams) => string): Reply {
  return (request, response) => response.writeHead(200).end(whole(questionsOf(request)));
}

/** Hourly weather of the days asked for, as Open-Meteo answers. */
export function openMeteoAnswer(questions: URLSearchParams): string {
  const start = Date.parse(`${questions.get("start_date")}T00:00Z`);
  const hours = (Date.parse(`${questions.get("end_date")}T00:00Z`) - start) / 3_600_000 + 24;
  const variables = questions.get("hourly")!.split(",");
  const time = Array.from({length: hours}, (_, hour) => new Date(start + hour * 3_600_000).toISOString().slice(0, 16));
  const units: Record<string, string> = {
    temperature_2m: "°C",
    wind_speed_10m: "m/s",
    pressure_msl: "hPa",
    precipitation: "mm",
    shortwave_radiation: "W/m²"
  };
  return JSON.stringify({
    latitude: Number(questions.get("latitude")),
    longitude: Number(questions.get("longitude")),
    utc_offset_seconds: 0,
    timezone: "GMT",
    hourly_units: {
      time: "iso8601",
      ...Object.fromEntries(variables.map((name) => [name, units[name] ?? "%"]))
    },
    hourly: {
      time,
      ...Object.fromEntries(
        variables.map((name) => [name, time.map((_, hour) => (name === "pressure_msl" ? 1000 : 0) + (hour % 24))])
      )
    }
  });
}

/** Day-ahead prices of the period asked for, as ENTSO-E answers. */
export function entsoeAnswer(questions: URLSearchParams): string {
  const at = (text: string) => text.replace(/^(....)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5Z");
  const [start, end] = [at(questions.get("periodStart")!), at(questions.get("periodEnd")!)];
  const hours = (Date.parse(end) - Date.parse(start)) / 3_600_000;
  const points = Array.from(
    {length: hours},
    (_, hour) =>
      `<Point><position>${hour + 1}</position><price.amount>${(hour * 1.5 - 4).toFixed(2)}</price.amount></Point>`
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
  <type>A44</type>
  <period.timeInterval><start>${start}</start><end>${end}</end></period.timeInterval>
  <TimeSeries>
    <mRID>1</mRID>
    <in_Domain.mRID codingScheme="A01">${questions.get("in_Domain")}</in_Domain.mRID>
    <out_Domain.mRID codingScheme="A01">${questions.get("out_Domain")}</out_Domain.mRID>
    <currency_Unit.name>EUR</currency_Unit.name>
    <price_Measure_Unit.name>MWH</price_Measure_Unit.name>
    <curveType>A03</curveType>
    <Period>
      <timeInterval><start>${start}</start><end>${end}</end></timeInterval>
      <resolution>PT60M</resolution>
      ${points.join("\n      ")}
    </Period>
  </TimeSeries>
</Publication_MarketDocument>
`;
}

/** What ENTSO-E says instead of prices. */
export function acknowledgement(code: string, text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
  <mRID>a</mRID>
  <Reason><code>${code}</code><text>${text}</text></Reason>
</Acknowledgement_MarketDocument>
`;
}
