import {type Block, type Entry, entriesOf, Feed, hrefs, type IntervalReading, type Texts} from "./espi_feed.js";
import type {FileReading} from "./file_reading.js";
import {isoOf, type OwnRow, ownReader, shifted} from "./own_rows.js";
import type {Reader} from "./reader.js";

/**
 * Green Button files, which are Atom feeds of ESPI (NAESB REQ.21): IntervalBlocks of a MeterReading, whose ReadingType says what its
 * values are, of a UsagePoint, which says of what. Which belongs to which is said by links alone. Costs are not read.
 */
export const greenButton: Reader = ownReader([".xml", ".xml.gz"], rowsOf);

/** The blocks of readings of one kind of one usage point. */
interface Series {
  readonly type: Texts | undefined;
  readonly point: Entry | undefined;
  readonly blocks: {readonly block: Block; readonly updated: string}[];
  readonly fault?: string;
}

async function* rowsOf(reading: FileReading): AsyncGenerator<OwnRow> {
  const feed = new Feed(await entriesOf(reading));
  const all = await seriesOf(reading, feed);
  if (all.length === 0) throw new Error("no IntervalBlock in it");
  const points = feed.ofKind("UsagePoint");
  let record = 0;
  const commons: Common[] = [];
  for (const one of all) {
    commons.push(commonOf(one, points));
    await reading.goOn();
  }
  for (const [number, one] of all.entries()) {
    const common = withoutRepeat(number, all, commons);
    await reading.goOn();
    const rows: {row: OwnRow; sign: number}[] = [];
    for (const {block, updated} of one.blocks)
      for (const [index, interval] of block.readings.entries()) {
        record++;
        rows.push(rowOf(common, one, {block, index, reading: interval, updated, record}));
      }
    const isNet = common.isNet && rows.some(({sign}) => sign < 0) && rows.some(({sign}) => sign > 0);
    for (const {row, sign} of rows) {
      yield row;
      // What a net meter took in an interval in which it gave is nothing, and the other way round.
      if (isNet && row.problem === undefined && row.value !== undefined)
        yield {...row, channel: sign < 0 ? "import" : "export", value: "0"};
    }
  }
}

async function seriesOf(reading: FileReading, feed: Feed): Promise<Series[]> {
  const readings = feed.ofKind("MeterReading");
  const types = feed.ofKind("ReadingType");
  const series = new Map<Entry | undefined, {-readonly [Key in keyof Series]: Series[Key]}>();
  for (const entry of feed.ofKind("IntervalBlock")) {
    await reading.goOn();
    const hasLinks = hrefs(entry, "self", "up", "related").length > 0;
    const meter = feed.holderOf(entry, "MeterReading") ?? feed.relatedTo(entry, "MeterReading");
    let one = series.get(meter);
    if (!one) {
      const linked = meter ? feed.relatedTo(meter, "ReadingType") : feed.relatedTo(entry, "ReadingType");
      // Without any link there is nothing to go by, and with one type nothing to choose.
      const isAlone =
        types.length === 1 && readings.length <= 1 && (meter ? hrefs(meter, "related").length === 0 : !hasLinks);
      const type = linked ?? (isAlone ? types[0] : undefined);
      const point =
        (meter && feed.holderOf(meter, "UsagePoint")) ??
        feed.holderOf(entry, "UsagePoint") ??
        onlyOf(feed.ofKind("UsagePoint"));
      one = {type: type?.texts, point, blocks: []};
      if (!type && types.length > 0)
        one.fault = "no link leads to the ReadingType of the block, which says what its values are";
      series.set(meter, one);
    }
    for (const block of entry.blocks) one.blocks.push({block, updated: entry.updated});
  }
  return [...series.values()];
}

function onlyOf<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** What is so for all readings of a series. */
interface Common {
  readonly row: OwnRow;
  readonly isNet: boolean;
  readonly isRegister: boolean;
  readonly power: number;
}

function commonOf({type, point, fault}: Series, points: readonly Entry[]): Common {
  const fuel = fuelOf(type, point);
  const unit = type ? unitOf(type) : {};
  const flow = type ? flowOf(type) : {};
  const behaviour = type ? behaviourOf(type) : {};
  const problem = fault ?? unit.problem ?? fuel.problem ?? flow.problem ?? behaviour.problem;
  const sibling = points.filter((one) => one.texts["ServiceCategory/kind"] === point?.texts["ServiceCategory/kind"]);
  const id = point && sibling.length > 1 ? hrefs(point, "self")[0]?.split("/").at(-1) : undefined;
  return {
    row: {
      ...unit,
      ...fuel,
      ...flow,
      ...behaviour,
      decimal_mark: ".",
      ...(id && {meter_suffix: ` ${id}`}),
      ...(problem !== undefined && {problem})
    },
    isNet: type?.flowDirection === "4",
    isRegister: behaviour.kind === "register",
    power: Number(type?.powerOfTenMultiplier ?? 0)
  };
}

const energyUnits = ["Wh", "therm", "BTU"];

/** A series whose energy stands in the file by itself, too, in a unit of energy: power, or the volume of gas. */
function withoutRepeat(number: number, all: readonly Series[], commons: readonly Common[]): Common {
  const common = commons[number]!;
  const {unit = "", channel, fuel, problem} = common.row;
  if (problem !== undefined || unit === "" || energyUnits.includes(unit)) return common;
  const isSame = (other: Common, index: number) =>
    all[index]!.point === all[number]!.point && other.row.channel === channel && other.row.fuel === fuel;
  const energy = commons.find(
    (other, index) =>
      other.row.problem === undefined && energyUnits.includes(other.row.unit ?? "") && isSame(other, index)
  );
  if (!energy) return common;
  const reason = `in ${unit}, of the same energy that stands in the file in ${energy.row.unit}, and counts once`;
  return {...common, row: {...common.row, problem: reason}};
}

const units: Readonly<Record<string, string>> = {
  ...{"72": "Wh", "38": "W", "119": "ft3", "42": "m3", "169": "therm", "132": "BTU"}
};

/** Units of what is no active energy, for the reason. */
const otherUnits: Readonly<Record<string, string>> = {
  ...{
    "71": "apparent energy (VAh)",
    "73": "reactive energy (VArh)",
    "61": "apparent power (VA)",
    "63": "reactive power (VAr)"
  },
  ...{
    "5": "current (A)",
    "29": "voltage (V)",
    "33": "frequency (Hz)",
    "65": "a power factor",
    "80": "a count",
    "0": "no unit"
  },
  ...{"23": "a temperature (°C)", "106": "a charge (Ah)", "128": "US gallons", "134": "litres", "111": "a count"}
};

function unitOf(type: Texts): OwnRow {
  const uom = type.uom ?? "";
  const unit = units[uom];
  if (unit !== undefined) return {unit};
  return {problem: `${otherUnits[uom] ?? "a unit not known"}, no active energy: uom ${uom || "none"}`};
}

/** The fuel by what the readings are of (commodity), or else by what the usage point is for (kind). */
function fuelOf(type: Texts | undefined, point: Entry | undefined): OwnRow {
  const fuels: Readonly<Record<string, string>> = {
    ...{"1": "electricity", "2": "electricity", "7": "gas", "10": "district_heating", "12": "district_heating"}
  };
  const services: Readonly<Record<string, string>> = {"0": "electricity", "1": "gas", "4": "district_heating"};
  const commodity = type?.commodity ?? "0";
  if (commodity !== "0") {
    const fuel = fuels[commodity];
    return fuel ? {fuel} : {problem: `neither electricity, gas nor heat: commodity ${commodity}`};
  }
  const kind = point?.texts["ServiceCategory/kind"];
  if (kind === undefined) return {};
  const fuel = services[kind];
  return fuel ? {fuel} : {problem: `neither electricity, gas nor heat: service kind ${kind}`};
}

function flowOf({flowDirection: flow}: Texts): OwnRow {
  const channels: Readonly<Record<string, string>> = {
    "1": "import",
    "4": "import",
    "19": "export",
    "20": "consumption"
  };
  if (flow === undefined || flow === "0") return {};
  const channel = channels[flow];
  return channel ? {channel} : {problem: `flow direction not known: ${flow}; 1, 4, 19 or 20`};
}

/** Whether values are of intervals or of a register. A maximum, and a power at a moment, tell no energy. */
function behaviourOf({accumulationBehaviour: behaviour = "0", dataQualifier: qualifier = "0"}: Texts): OwnRow {
  const odd: Readonly<Record<string, string>> = {"8": "a maximum", "9": "a minimum", "11": "a nominal value"};
  if (odd[qualifier]) return {problem: `${odd[qualifier]}, no energy of an interval: dataQualifier ${qualifier}`};
  if (["0", "4", "14"].includes(behaviour) || qualifier === "2") return {};
  if (["1", "2", "3", "9"].includes(behaviour)) return {kind: "register"};
  return {problem: `a value at a moment, no energy of an interval: accumulationBehaviour ${behaviour}`};
}

interface Placed {
  readonly block: Block;
  readonly index: number;
  readonly reading: IntervalReading;
  readonly updated: string;
  readonly record: number;
}

function rowOf(
  common: Common,
  {type}: Series,
  {block, index, reading, updated, record}: Placed
): {row: OwnRow; sign: number} {
  const length = Number(type?.intervalLength ?? Number.NaN);
  const duration = Number(reading.duration ?? length);
  const start = Number(reading.start ?? Number(block.start || Number.NaN) + index * length);
  const value = reading.value === undefined ? undefined : shifted(reading.value, common.power);
  const isNegative = common.isNet && value?.startsWith("-") === true && /[1-9]/.test(value);
  const quality = qualityOf(reading.qualities.length > 0 ? reading.qualities : [type?.defaultQuality ?? "0"]);
  const time = common.isRegister
    ? Number.isFinite(start)
      ? {start: isoOf(start * 1000)}
      : {problem: `start unreadable: ${reading.start ?? "none"}`}
    : timeOf(start, duration, reading);
  const problem = common.row.problem ?? time.problem ?? quality.problem;
  const row: OwnRow = {
    ...common.row,
    ...time,
    ...quality,
    ...(isNegative && {channel: "export"}),
    ...(value !== undefined && {value: isNegative ? value.slice(1) : value}),
    ...(Number.isFinite(Date.parse(updated)) && {revised_at: isoOf(Date.parse(updated))}),
    file_row: String(record),
    ...(problem !== undefined && {problem})
  };
  return {row, sign: isNegative ? -1 : value !== undefined && /[1-9]/.test(value) ? 1 : 0};
}

const fineSeconds: ReadonlyMap<number, string> = new Map([
  [60, "1min"],
  [300, "5min"],
  [600, "10min"]
]);

function timeOf(start: number, duration: number, reading: IntervalReading): OwnRow {
  if (!Number.isInteger(start) || Math.abs(start) > 8e12)
    return {problem: `start unreadable: ${reading.start ?? "none"}`};
  if (!(Number.isInteger(duration) && duration > 0))
    return {start: isoOf(start * 1000), problem: `duration unreadable: ${reading.duration ?? "none"}`};
  const resolution = fineSeconds.get(duration);
  return {start: isoOf(start * 1000), ...(resolution ? {resolution} : {end: isoOf((start + duration) * 1000)})};
}

const measured = ["0", "14", "17", "18", "19"];
const estimated = ["7", "8", "9"];
const rejectedQualities: Readonly<Record<string, string>> = {
  ...{"11": "derived", "12": "projected", "13": "mixed", "15": "normalized for weather", "16": "other"}
};

/** Of several qualities of a reading the worst counts. */
function qualityOf(codes: readonly string[]): OwnRow {
  const bad = codes.find((code) => ![...measured, ...estimated, "10"].includes(code));
  if (bad !== undefined) return {problem: `quality not taken in: ${rejectedQualities[bad] ?? "not known"} (${bad})`};
  if (codes.includes("10")) return {quality: "questionable"};
  return {quality: codes.some((code) => estimated.includes(code)) ? "estimated" : "measured"};
}
