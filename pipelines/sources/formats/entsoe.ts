import {SaxesParser} from "saxes";
import {readPlain} from "./cut.js";
import type {FileColumns, Reader} from "./reader.js";
import {loadedColumns, loadedRows, TextTable} from "./text_table.js";

/**
 * Day-ahead prices as ENTSO-E's Transparency Platform answers them: a Publication_MarketDocument of TimeSeries, each of
 * Periods, each of Points (https://transparencyplatform.zendesk.com, "Static content of web API"). A row is a point,
 * with what its document, series and period say of it, every value as text. A curve of type A03 leaves points out
 * that say the same as the one before: they are given back here, and `is_repeated` says so.
 */
export const entsoe: Reader = {
  extensions: [".xml", ".xml.gz"],
  async columns(connection, files) {
    const table = new TextTable(names);
    const load = async (file: string): Promise<FileColumns> => {
      const text = new TextDecoder("utf-8", {fatal: true}).decode(await readPlain(file));
      const points = pointsOf(text).map((point, index) => ({
        number: index + 1,
        texts: names.map((column) => point[column])
      }));
      await table.add(connection, file, points);
      return loadedColumns(table, names);
    };
    const columns = new Map<string, FileColumns | Error>();
    for (const file of files) columns.set(file, await load(file).catch((error: Error) => error));
    return columns;
  },
  select: (files, columns) => loadedRows(files, columns, names)
};

/** By its path in a document, from a series on: the column that an element's text goes to. */
const elements: Readonly<Record<string, Column>> = {
  mRID: "document_id",
  type: "document_type",
  revisionNumber: "revision",
  createdDateTime: "created_at",
  "TimeSeries/auction.type": "auction_type",
  "TimeSeries/businessType": "business_type",
  "TimeSeries/contract_MarketAgreement.type": "contract_type",
  "TimeSeries/in_Domain.mRID": "in_domain",
  "TimeSeries/out_Domain.mRID": "out_domain",
  "TimeSeries/currency_Unit.name": "currency",
  "TimeSeries/price_Measure_Unit.name": "measure_unit",
  "TimeSeries/curveType": "curve_type",
  "TimeSeries/classificationSequence_AttributeInstanceComponent.position": "auction",
  "TimeSeries/Period/timeInterval/start": "period_start",
  "TimeSeries/Period/timeInterval/end": "period_end",
  "TimeSeries/Period/resolution": "resolution",
  "TimeSeries/Period/Point/position": "position",
  "TimeSeries/Period/Point/price.amount": "price"
};

const names = [
  "document_id",
  "document_type",
  "revision",
  "created_at",
  "auction_type",
  "business_type",
  "contract_type",
  "in_domain",
  "out_domain",
  "currency",
  "measure_unit",
  "curve_type",
  "auction",
  "period_start",
  "period_end",
  "resolution",
  "position",
  "price",
  "is_repeated"
] as const;

type Column = (typeof names)[number];
type Point = Partial<Record<Column, string>>;

/**
 * The points of a document, in its order.
 *
 * @throws Error when it isn't whole, or is another document: an Acknowledgement says why there is none.
 */
function pointsOf(text: string): Point[] {
  const points: Point[] = [];
  const parser = new SaxesParser();
  const path: string[] = [];
  const said = {document: {} as Point, series: {} as Point, period: {} as Point};
  let [point, period]: [Point, Point[]] = [{}, []];
  let [content, refusal, root] = ["", "", ""];
  parser.on("error", (error) => {
    throw new Error(error.message.replace(/\.$/, ""));
  });
  parser.on("opentag", ({name}) => {
    const local = name.replace(/^.*:/, "");
    path.push(local);
    content = "";
    root ||= local;
    const place = path.slice(1).join("/");
    if (place === "TimeSeries") said.series = {};
    else if (place === "TimeSeries/Period") [said.period, period] = [{}, []];
    else if (place === "TimeSeries/Period/Point") point = {};
  });
  parser.on("text", (piece) => {
    content += piece;
  });
  parser.on("closetag", () => {
    const place = path.slice(1).join("/");
    const column = elements[place];
    if (column !== undefined) {
      const holder = place.includes("Point/")
        ? point
        : place.includes("Period/")
          ? said.period
          : place.includes("/")
            ? said.series
            : said.document;
      holder[column] = content.trim();
    }
    if (place === "Reason/text") refusal = content.trim();
    else if (place === "TimeSeries/Period/Point") period.push(point);
    // What stands after a series' periods is still said of them.
    else if (place === "TimeSeries/Period") pending.push({period: said.period, points: period});
    else if (place === "TimeSeries") {
      for (const {period, points: told} of pending.splice(0)) {
        const common = {...said.document, ...said.series, ...period};
        const whole = said.series.curve_type === "A03" ? withRepeats(told, period) : told;
        points.push(...whole.map((each) => ({...common, ...each})));
      }
    }
    path.pop();
    content = "";
  });
  const pending: {period: Point; points: Point[]}[] = [];
  parser.write(text).close();
  if (root === "Acknowledgement_MarketDocument") throw new Error(`the service refused: ${refusal}`);
  if (root !== "Publication_MarketDocument") throw new Error(`a ${root}, no Publication_MarketDocument`);
  return points;
}

/** The points of a period with those that were left out, as far as positions and its ends can be read. */
function withRepeats(points: readonly Point[], {period_start, period_end, resolution}: Point): Point[] {
  const minutes = Number(/^PT(\d+)M$/.exec(resolution ?? "")?.[1] ?? NaN);
  const length = (Date.parse(period_end ?? "") - Date.parse(period_start ?? "")) / 60_000 / minutes;
  const places = points.map(({position}) => Number(position));
  const isInOrder = places.every((place, index) => Number.isInteger(place) && place > (places[index - 1] ?? 0));
  if (!Number.isInteger(length) || !isInOrder || (places.at(-1) ?? 0) > length || length > mostPoints)
    return [...points];
  return points.flatMap((point, index) => {
    const next = places[index + 1] ?? length + 1;
    return Array.from({length: next - places[index]!}, (_, more) =>
      more === 0 ? point : {...point, position: String(places[index]! + more), is_repeated: "true"}
    );
  });
}

/** Quarters of an hour in more than a year: a longer period is a mistake, and isn't filled. */
const mostPoints = 40_000;
