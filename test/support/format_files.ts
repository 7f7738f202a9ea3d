import {DateTime, type DateTimeOptions} from "luxon";
import type {Said} from "../../pipelines/sources/catalogue/land_format.js";

/**
 * Files as senders of known formats write them, with the two odd days in them, and what they hold. Both are made from instants: a
 * label is what luxon says the clock shows at one, so that nothing here knows how the program reads it.
 */
export interface FormatFile {
  readonly format: string;
  readonly name: string;
  readonly text: string;
  readonly said: Said;
  readonly readings: readonly Reading[];
  /** The reasons that the file's rows are rejected for, each with how many rows. */
  readonly rejects?: Readonly<Record<string, number>>;
}

/** The energy of an interval. */
export interface Reading {
  readonly meter: string;
  readonly fuel: "electricity" | "gas";
  readonly channel: "import" | "export" | "production" | "consumption";
  readonly start: DateTime;
  /** Null where it is no interval of the calendar, as between two readings of a register that are months apart. */
  readonly minutes: number | null;
  /** In whole micro-kWh. */
  readonly energy: bigint;
  readonly quality: "measured" | "estimated";
}

/** A day of a series, as the golden case's query has it. */
export interface ReadDay {
  readonly client_id: string;
  readonly meter_id: string;
  readonly fuel: string;
  readonly channel: string;
  readonly local_date: string;
  readonly res_min: number | null;
  readonly readings: number;
  readonly estimated: number;
  readonly first: string;
  readonly last: string;
  readonly kwh: string;
}

/** The readings of files by series and local day of a zone, in the order of the golden case's query. */
export function daysOf({said, readings}: FormatFile, zone: string): ReadDay[] {
  const days = new Map<string, Reading[]>();
  for (const reading of readings) {
    const date = reading.start.setZone(zone).toISODate()!;
    const key = [reading.meter, reading.fuel, reading.channel, date, String(reading.minutes ?? "").padStart(5)].join(
      "|"
    );
    days.set(key, [...(days.get(key) ?? []), reading]);
  }
  return [...days].map(([key, day]) => {
    const [meter_id, fuel, channel, local_date] = key.split("|") as [string, string, string, string];
    const ordered = [...day].sort((one, other) => one.start.toMillis() - other.start.toMillis());
    const at = (reading: Reading) => reading.start.toUTC().toFormat("yyyy-MM-dd HH:mm");
    return {
      client_id: said.client,
      ...{meter_id, fuel, channel, local_date, res_min: ordered[0]!.minutes, readings: ordered.length},
      estimated: ordered.filter(({quality}) => quality === "estimated").length,
      ...{first: at(ordered[0]!), last: at(ordered.at(-1)!)},
      kwh: ordered.map(({energy}) => kwhText(energy)).join(" ")
    };
  });
}

function kwhText(energy: bigint): string {
  return `${energy / 1_000_000n}.${String(energy % 1_000_000n).padStart(6, "0")}`;
}

/** Intervals from the beginning of one local day to the end of another. */
export function intervals(zone: string, from: string, to: string, minutes: number): DateTime[] {
  const at: DateTimeOptions = {zone};
  const end = DateTime.fromISO(to, at).plus({days: 1});
  const starts: DateTime[] = [];
  for (let start = DateTime.fromISO(from, at); start < end; start = start.plus({minutes})) starts.push(start);
  return starts;
}

/** Energies that tell intervals apart, in Wh. */
const wh = (index: number, salt = 0) => BigInt(((index + salt) * 37) % 499) + 1n;
const inKwh = (energy: bigint) => String(Number(energy) / 1000);

type Fixed = Omit<Reading, "start" | "energy" | "quality">;

function reading(fixed: Fixed, start: DateTime, energyWh: bigint, quality: Reading["quality"] = "measured"): Reading {
  return {...fixed, start, energy: energyWh * 1000n, quality};
}

/** Half hours of GMT all year, a space behind the header and before values, a null, rows off the grid and a midnight that came twice. */
function lowCarbonLondon(): FormatFile {
  const fixed = {meter: "MAC000002", fuel: "electricity", channel: "import", minutes: 30} as const;
  const starts = [
    ...intervals("UTC", "2013-03-30", "2013-04-01", 30),
    ...intervals("UTC", "2013-10-26", "2013-10-28", 30)
  ];
  const lines = ["LCLid,stdorToU,DateTime,KWH/hh (per half hour) "];
  const readings: Reading[] = [];
  for (const [index, start] of starts.entries()) {
    const energy = wh(index);
    const line = `MAC000002,Std,${start.toFormat("yyyy-MM-dd HH:mm:ss")}.0000000,`;
    if (index === 20) lines.push(`${line}Null`);
    else {
      lines.push(`${line} ${inKwh(energy)} `);
      readings.push(reading(fixed, start, energy));
    }
    if (index === 48) lines.push(`${line} ${inKwh(energy)} `);
    if (index === 30) lines.push(`MAC000002,Std,2013-03-30 15:13:00.0000000, 0.2 `);
  }
  return {
    ...{format: "low-carbon-london", name: "block.csv", text: `${lines.join("\r\n")}\r\n`, readings},
    said: {client: "low-carbon-london"},
    rejects: {"label not on the 30-minute grid: 2013-03-30 15:13:00.0000000": 1}
  };
}

/** Half hours with offsets and a space after each comma, those of zero left out, and one as 0E-20. */
function octopus(name: string, from: string, to: string): FormatFile {
  const fixed = {meter: "home", fuel: "electricity", channel: "import", minutes: 30} as const;
  const lines = ["Consumption (kwh), Start, End"];
  const readings: Reading[] = [];
  const at = (time: DateTime) => time.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
  const starts = intervals("Europe/London", from, to, 30);
  for (const [index, start] of starts.entries()) {
    // What is left out before the first row or after the last, nobody can know.
    const isZero = index % 17 === 5 && index < starts.length - 1;
    const energy = isZero ? 0n : wh(index);
    const text = index === 5 ? "0E-20" : inKwh(energy);
    if (!isZero || index === 5) lines.push(`${text}, ${at(start)}, ${at(start.plus({minutes: 30}))}`);
    readings.push(reading(fixed, start, energy));
  }
  return {
    ...{format: "octopus", name, text: `${lines.join("\n")}\n`, readings},
    said: {client: "octopus", defaults: {location_id: "home"}, settings: {absentMeans: "zero"}}
  };
}

/** NEM12 of the market's clock, whose days all have 24 hours: half hours of import, five minutes of export, reactive energy. */
function nem12(): FormatFile {
  const lines = ["100,NEM12,202204120954,MDP1,Retail1"];
  const readings: Reading[] = [];
  const day = (
    salt: number,
    from: string,
    to: string,
    minutes: number,
    of: (index: number, start: DateTime) => string
  ) => {
    const starts = intervals("Etc/GMT-10", from, to, minutes);
    const count = 1440 / minutes;
    for (let at = 0; at < starts.length; at += count) {
      const values = starts.slice(at, at + count).map((start, index) => of(at + index + salt, start));
      lines.push(`300,${starts[at]!.toFormat("yyyyMMdd")},${values.join()},A,,,20220412095400,20220412100000`);
    }
  };
  const importing = {meter: "4001234567", fuel: "electricity", channel: "import", minutes: 30} as const;
  lines.push("200,4001234567,E1B1Q1,E1,E1,N1,SERNO1,KWH,30,20220501");
  day(0, "2022-04-02", "2022-04-04", 30, (index, start) => {
    readings.push(reading(importing, start, wh(index)));
    return inKwh(wh(index));
  });
  // The quality of a varied day stands below it; what was not read is no zero.
  const varied = intervals("Etc/GMT-10", "2022-10-02", "2022-10-02", 30);
  lines.push(
    `300,20221002,${varied.map((_, index) => (index === 30 ? "0" : inKwh(wh(index, 7)))).join()},V,,,20221003000000,`
  );
  lines.push("400,1,20,F14,76,", "400,21,30,A,,", "400,31,31,N,,", "400,32,48,S14,1,");
  for (const [index, start] of varied.entries())
    if (index !== 30)
      readings.push(reading(importing, start, wh(index, 7), index < 20 || index > 30 ? "estimated" : "measured"));
  // Half of the day has no quality.
  lines.push(`300,20221003,${varied.map(() => "0.1").join()},V,,,20221004000000,`, "400,1,24,A,,");
  for (const start of intervals("Etc/GMT-10", "2022-10-03", "2022-10-03", 30).slice(0, 24))
    readings.push(reading(importing, start, 100n));
  lines.push("200,4001234567,E1B1Q1,B1,B1,N1,SERNO1,wh,5,20220501");
  const exporting = {...importing, channel: "export", minutes: 15} as const;
  let quarter = 0n;
  day(0, "2022-04-03", "2022-04-03", 5, (index, start) => {
    quarter = index % 3 === 0 ? wh(index) : quarter + wh(index);
    if (index % 3 === 2) readings.push(reading(exporting, start.minus({minutes: 10}), quarter));
    return String(wh(index));
  });
  lines.push("200,4001234567,E1B1Q1,Q1,Q1,N1,SERNO1,kVArh,30,20220501");
  day(0, "2022-04-03", "2022-04-03", 30, (index) => inKwh(wh(index)));
  lines.push("200,4001234567,E1E2,E2,E2,N1,SERNO1,MWh,15,20220501");
  const loads = {...importing, meter: "4001234567 E2", minutes: 15} as const;
  day(3, "2022-04-03", "2022-04-03", 15, (index, start) => {
    readings.push(reading(loads, start, wh(index)));
    return `0.${String(wh(index)).padStart(6, "0")}`;
  });
  lines.push("300,20220404,1,2,3,A,,,20220412095400,", "900");
  const uncovered = Array.from({length: 24}, (_, index) => [
    `quality V, but no 400 record is of interval ${index + 25}`,
    1
  ]);
  return {
    ...{format: "nem12", name: "nem12.csv", text: `${lines.join("\r\n")}\r\n`, readings, said: {client: "nem12"}},
    rejects: {
      ...Object.fromEntries(uncovered),
      "reactive, no active energy: Q1 in kVArh": 48,
      "record of 20220404 doesn't hold the 96 values of a day of 15 minutes each, and their quality": 1
    }
  };
}

/** A feed whose prefixes, order of entries and kinds of links are not those of most. */
function greenButton(): FormatFile {
  const home = "https://utility.example/DataCustodian/espi/1_1/resource/RetailCustomer/9/UsagePoint";
  const entry = (links: Readonly<Record<string, string>>, content: string) =>
    `<atom:entry>${Object.entries(links)
      .map(([rel, href]) => `<atom:link rel="${rel.replace(/\d/, "")}" href="${href}"/>`)
      .join("")}<atom:content>${content}</atom:content><atom:updated>2022-12-01T00:00:00Z</atom:updated></atom:entry>`;
  const type = (number: number, texts: Readonly<Record<string, number>>) =>
    entry(
      {self: `https://utility.example/DataCustodian/espi/1_1/resource/ReadingType/${number}`},
      `<e:ReadingType>${Object.entries(texts)
        .map(([name, text]) => `<e:${name}>${text}</e:${name}>`)
        .join("")}</e:ReadingType>`
    );
  const meter = (point: number, number: number, readingType: number) =>
    entry(
      {
        self: `${home}/${point}/MeterReading/${number}`,
        up: `${home}/${point}/MeterReading`,
        related1: `/DataCustodian/espi/1_1/resource/ReadingType/${readingType}`,
        related2: `${home}/${point}/MeterReading/${number}/IntervalBlock`
      },
      "<e:MeterReading/>"
    );
  const blocks = (point: number, number: number, readings: readonly string[]) =>
    entry(
      {
        self: `${home}/${point}/MeterReading/${number}/IntervalBlock/1`,
        up: `${home}/${point}/MeterReading/${number}/IntervalBlock`
      },
      `<e:IntervalBlock><e:interval><e:duration>86400</e:duration><e:start>1</e:start></e:interval>${readings.join("")}</e:IntervalBlock>`
    );
  const read = (start: DateTime, value: number | bigint, quality?: number, seconds?: number) =>
    `<e:IntervalReading><e:cost>12000</e:cost>${quality === undefined ? "" : `<e:ReadingQuality><e:quality>${quality}</e:quality></e:ReadingQuality>`}` +
    `<e:timePeriod><e:duration>${seconds ?? 3600}</e:duration><e:start>${start.toSeconds()}</e:start></e:timePeriod><e:value>${value}</e:value></e:IntervalReading>`;
  const readings: Reading[] = [];
  const texts: string[] = [];
  const importing = {meter: "home", fuel: "electricity", channel: "import", minutes: 60} as const;
  const starts = [
    ...intervals("America/New_York", "2022-03-12", "2022-03-14", 60),
    ...intervals("America/New_York", "2022-11-05", "2022-11-07", 60)
  ];
  const qualities = [0, 14, 17, 18, 19, 7, 8, 9, 10, undefined];
  for (const [index, start] of starts.entries()) {
    const quality = index === 11 ? 11 : qualities[index % qualities.length];
    // 10 to the power of -1, in Wh.
    texts.push(read(start, wh(index) * 10n, quality));
    if (index === 11) continue;
    readings.push(
      reading(importing, start, wh(index), [7, 8, 9, 10].includes(quality ?? 0) ? "estimated" : "measured")
    );
  }
  const net = starts.slice(0, 4).map((start, index) => {
    const energy = wh(index, 20);
    readings.push(reading({...importing, meter: "home 2"}, start, index % 2 === 0 ? energy : 0n));
    readings.push(reading({...importing, meter: "home 2", channel: "export"}, start, index % 2 === 0 ? 0n : energy));
    return read(start, index % 2 === 0 ? energy : -energy);
  });
  // A day of 23 hours, in therms: one of the US is 105,480,400 J.
  const [spring] = intervals("America/New_York", "2022-03-13", "2022-03-13", 60);
  readings.push({
    ...{
      meter: "home",
      fuel: "gas",
      channel: "import",
      start: spring!,
      minutes: 1440,
      energy: 29_300_111n,
      quality: "measured"
    }
  });
  const text = [
    `<?xml version="1.0" encoding="UTF-8"?><atom:feed xmlns:atom="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi">`,
    type(7, {accumulationBehaviour: 4, commodity: 7, flowDirection: 1, powerOfTenMultiplier: -3, uom: 169}),
    type(3, {
      accumulationBehaviour: 4,
      commodity: 1,
      flowDirection: 19,
      intervalLength: 3600,
      powerOfTenMultiplier: 0,
      uom: 73
    }),
    type(4, {
      accumulationBehaviour: 4,
      commodity: 1,
      flowDirection: 4,
      intervalLength: 3600,
      powerOfTenMultiplier: 0,
      uom: 72
    }),
    type(1, {
      accumulationBehaviour: 4,
      commodity: 1,
      flowDirection: 1,
      intervalLength: 3600,
      powerOfTenMultiplier: -1,
      uom: 72
    }),
    blocks(1, 1, texts.slice(0, 80)),
    // The last readings of the block before it once more.
    blocks(1, 1, texts.slice(70)),
    blocks(
      1,
      5,
      starts.slice(0, 3).map((start) => read(start, 5))
    ),
    blocks(
      1,
      6,
      starts.slice(0, 2).map((start) => read(start, 5))
    ),
    blocks(2, 4, net),
    blocks(3, 7, [read(spring!, 1000, 0, 82_800)]),
    meter(1, 5, 3),
    meter(1, 6, 99),
    meter(2, 4, 4),
    meter(1, 1, 1),
    meter(3, 7, 7),
    ...[1, 2, 3].map((point) =>
      entry(
        {self: `${home}/${point}`, up: home, related: `${home}/${point}/MeterReading`},
        `<e:UsagePoint><e:ServiceCategory><e:kind>${point === 3 ? 1 : 0}</e:kind></e:ServiceCategory></e:UsagePoint>`
      )
    ),
    entry(
      {self: "https://utility.example/DataCustodian/espi/1_1/resource/LocalTimeParameters/1"},
      "<e:LocalTimeParameters><e:dstEndRule>B40E2000</e:dstEndRule><e:dstOffset>3600</e:dstOffset><e:dstStartRule>360E2000</e:dstStartRule><e:tzOffset>-18000</e:tzOffset></e:LocalTimeParameters>"
    ),
    "</atom:feed>"
  ].join("\n");
  return {
    ...{format: "green-button", name: "feed.xml", text},
    readings: readings.map((one) =>
      one.meter === "home" && one.fuel === "electricity" ? {...one, meter: "home 1"} : one
    ),
    said: {client: "green-button", defaults: {location_id: "home"}},
    rejects: {
      "quality not taken in: derived (11)": 1,
      "reactive energy (VArh), no active energy: uom 73": 3,
      "no link leads to the ReadingType of the block, which says what its values are": 2
    }
  };
}

/** Telegrams every five minutes through the nights of change, of two tariffs each way, and hourly gas. */
function dsmr(): FormatFile {
  const zone = "Europe/Amsterdam";
  const stampOf = (at: DateTime) => `${at.toFormat("yyMMddHHmmss")}${at.isInDST ? "S" : "W"}`;
  const readings: Reading[] = [];
  const lines: string[] = [];
  const fixed = {meter: "E0003000000000001", fuel: "electricity", minutes: 15} as const;
  let [low, high, back, gas] = [1_000_000n, 2_000_000n, 500_000n, 3_000_000n];
  const three = (value: bigint) =>
    `${String(value / 1000n).padStart(6, "0")}.${String(value % 1000n).padStart(3, "0")}`;
  for (const [from, to] of [
    ["2022-03-26T23:00", "2022-03-27T06:00"],
    ["2022-10-29T23:00", "2022-10-30T06:00"]
  ] as const) {
    const end = DateTime.fromISO(to, {zone});
    const begin = DateTime.fromISO(from, {zone});
    let [quarter, exported, hourOfGas] = [0n, 0n, 0n];
    for (let [at, index] = [begin, 0]; at <= end; at = at.plus({minutes: 5}), index++) {
      const isOdd = index === 7;
      lines.push(
        ...["/KFM5KAIFA-METER", "", "1-3:0.2.8(42)", `0-0:1.0.0(${isOdd ? "220327023000S" : stampOf(at)})`],
        ...[
          "0-0:96.1.1(4530303033303030303030303030303031)",
          `1-0:1.8.1(${three(low)}*kWh)`,
          `1-0:1.8.2(${three(high)}*kWh)`
        ],
        ...[`1-0:2.8.1(${three(back)}*kWh)`, "1-0:2.8.2(000000.000*kWh)", "1-0:1.7.0(00.494*kW)", "0-1:24.1.0(003)"],
        ...[
          "0-1:96.1.0(4730303031)",
          `0-1:24.2.1(${stampOf(at.startOf("hour"))})(${three(gas).slice(1)}*m3)`,
          "!1B2C",
          ""
        ]
      );
      const used = wh(index) % 90n;
      if (index % 2 === 0) low += used;
      else high += used;
      back += BigInt(index % 5);
      quarter += used;
      exported += BigInt(index % 5);
      if (index % 3 === 2) {
        const start = at.minus({minutes: 10});
        readings.push(reading({...fixed, channel: "import"}, start, quarter));
        readings.push(reading({...fixed, channel: "export"}, start, exported));
        [quarter, exported] = [0n, 0n];
      }
      if (index % 12 === 11) {
        hourOfGas = wh(index) % 50n;
        gas += hourOfGas;
        // A cubic metre is 36 MJ, which is 10 kWh.
        const start = at.startOf("hour");
        readings.push(
          reading({...fixed, meter: "G0001", fuel: "gas", channel: "import", minutes: 60}, start, hourOfGas * 10n)
        );
      }
    }
    // What the meter went on from the last telegram in spring to the first in autumn.
    if (from.startsWith("2022-03")) {
      low += 7n;
      readings.push(reading({...fixed, minutes: null, channel: "import"}, end, quarter + 7n));
      readings.push(reading({...fixed, minutes: null, channel: "export"}, end, exported));
      readings.push(reading({meter: "G0001", fuel: "gas", channel: "import", minutes: null}, end, 0n));
    }
  }
  return {
    ...{format: "dsmr", name: "telegrams.log", text: lines.join("\r\n"), readings},
    said: {client: "dsmr", defaults: {calorific_value_mj_m3: "36"}},
    rejects: {"time that never was in Europe/Amsterdam, where it was not summer (S) then: 220327023000S": 4}
  };
}

/** The files, with the zone of each. */
export function formatFiles(): {readonly file: FormatFile; readonly zone: string}[] {
  return [
    {file: lowCarbonLondon(), zone: "Europe/London"},
    {file: octopus("spring.csv", "2023-03-25", "2023-03-27"), zone: "Europe/London"},
    {file: octopus("autumn.csv", "2023-10-28", "2023-10-30"), zone: "Europe/London"},
    {file: nem12(), zone: "Australia/Brisbane"},
    {file: greenButton(), zone: "America/New_York"},
    {file: dsmr(), zone: "Europe/Amsterdam"}
  ];
}
