import type {FileReading} from "./file_reading.js";
import {eachFile, type FileColumns, type Reader} from "./reader.js";
import {loadedColumns, loadedRows, TextTable} from "./text_table.js";
import {readXml} from "./xml.js";

/**
 * Day-ahead prices as ENTSO-E's Transparency Platform answers them: a Publication_MarketDocument of TimeSeries, each of
 * Periods, each of Points (https://transparencyplatform.zendesk.com, "Static content of web API"). A row is a point,
 * with what its document, series and period say of it, every value as text. A curve of type A03 leaves points out
 * that say the same as the one before: they are given back here, and `is_repeated` says so.
 */
export const entsoe: Reader = {
  extensions: [".xml", ".xml.gz"],
  columns(connection, files, limits) {
    const table = new TextTable(names);
    return eachFile(files, limits, async (reading): Promise<FileColumns> => {
      const points = (await pointsOf(reading)).map((point, index) => ({
        number: index + 1,
        texts: names.map((column) => point[column])
      }));
      await table.add(connection, reading.file, points);
      return loadedColumns(table, names);
    });
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
async function pointsOf(reading: FileReading): Promise<Point[]> {
  const points: Point[] = [];
  const said = {document: {} as Point, series: {} as Point, period: {} as Point};
  const pending: {period: Point; points: Point[]}[] = [];
  let [point, period]: [Point, Point[]] = [{}, []];
  let [refusal, root] = ["", ""];
  const placeOf = (path: readonly string[]) => path.slice(1).join("/");
  await readXml(reading, {
    open(name, path) {
      root ||= name;
      const place = placeOf(path);
      if (place === "TimeSeries") said.series = {};
      else if (place === "TimeSeries/Period") [said.period, period] = [{}, []];
      else if (place === "TimeSeries/Period/Point") point = {};
    },
    close(_, path, text) {
      const place = placeOf(path);
      const column = elements[place];
      if (column !== undefined) {
        const holder = place.includes("Point/")
          ? point
          : place.includes("Period/")
            ? said.period
            : place.includes("/")
              ? said.series
              : said.document;
        holder[column] = text;
      }
      if (place === "Reason/text") refusal = text;
      else if (place === "TimeSeries/Period/Point") period.push(point);
      // What stands after a series' periods is still said of them.
      else if (place === "TimeSeries/Period") pending.push({period: said.period, points: period});
      else if (place === "TimeSeries") {
        for (const {period, points: told} of pending.splice(0)) {
          const common = {...said.document, ...said.series, ...period};
          const whole = said.series.curve_type === "A03" ? withRepeats(told, period) : told;
          // A period of one point may stand for very many.
          reading.refuseDocument((points.length + whole.length) * pointBytes);
          for (const each of whole) points.push({...common, ...each});
        }
      }
    }
  });
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

/** What a point takes up in memory, about. */
const pointBytes = 800;

/** Quarters of an hour in more than a year: a longer period is a mistake, and isn't filled. */
const mostPoints = 40_000;
