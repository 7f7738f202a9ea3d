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
  // An older version of a day, below the newer.
  lines.push("200,4001234567,E1B1Q1,E1,E1,N1,SERNO1,KWH,30,20220501");
  lines.push(`300,20220403,${Array.from({length: 48}, () => "9").join()},A,,,20220410000000,`);
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

const commaKwh = (energy: bigint) => inKwh(energy).replace(".", ",");

/** Half hours by the local time at which they end, the newest first, import and export one under the other. */
function hdf(name: string, meter: string, unit: "kWh" | "kW"): FormatFile {
  const fixed = {meter, fuel: "electricity", minutes: 30} as const;
  const lines = ["MPRN,Meter Serial Number,Read Value,Read Type,Read Date and End Time"];
  const readings: Reading[] = [];
  const starts = [
    ...intervals("Europe/Dublin", "2023-03-25", "2023-03-27", 30),
    ...intervals("Europe/Dublin", "2023-10-28", "2023-10-30", 30)
  ].reverse();
  for (const [index, start] of starts.entries()) {
    for (const [channel, type, salt] of [
      ["import", "Import", 0],
      ["export", "Export", 99]
    ] as const) {
      const energy = wh(index, salt);
      const value = Number(energy) / (unit === "kWh" ? 1000 : 500);
      const label = start.plus({minutes: 30}).toFormat("dd-MM-yyyy HH:mm");
      lines.push(`${meter},000000000021300000,${value.toFixed(4)},Active ${type} Interval (${unit}),${label}`);
      readings.push(reading({...fixed, channel}, start, energy));
    }
  }
  lines.push(`${meter},000000000021300000,1.0000,24 Hr Active Import Register (kWh),30-10-2023 00:00`);
  return {
    ...{format: "hdf", name, text: `${lines.join("\r\n")}\r\n`, readings, said: {client: "hdf"}},
    rejects: {"read type not known: 24 Hr Active Import Register (kWh)": 1}
  };
}

/** A day in a row, half hours named by their ends: a missing hour is empty, and a doubled one holds the sum of both. */
function wide(): FormatFile {
  const zone = "Australia/Sydney";
  const names = Array.from(
    {length: 48},
    (_, index) => `${Math.floor((index + 1) / 2) % 24}:${index % 2 === 0 ? "30" : "00"}`
  );
  const lines = [
    "For the period 1 July 2012 to 30 June 2013 - Solar Home Electricity Data",
    `Customer,Generator Capacity,Postcode,Consumption Category,date,${names.join()},Row Quality`
  ];
  const readings: Reading[] = [];
  const days = ["2012-10-06", "2012-10-07", "2012-10-08", "2013-04-06", "2013-04-07", "2013-04-08"];
  const kinds = [
    {category: "GC", meter: "1", channel: "import"},
    {category: "CL", meter: "1 CL", channel: "import"},
    {category: "GG", meter: "1", channel: "production"}
  ] as const;
  for (const [salt, {category, meter, channel}] of kinds.entries())
    for (const [number, day] of days.entries()) {
      const values = new Map<string, bigint>();
      for (const start of intervals(zone, day, day, 30)) {
        const label = start.toFormat("HH:mm");
        // Of two half hours with one label only the sum is known.
        const energy = wh(start.hour * 2 + (start.minute === 30 ? 1 : 0), number * 50 + salt);
        values.set(label, (values.get(label) ?? 0n) + energy);
        readings.push(
          reading(
            {meter, fuel: "electricity", channel, minutes: 30},
            start,
            energy,
            number === 3 ? "estimated" : "measured"
          )
        );
      }
      const cells = names.map((_, index) => {
        const label = `${String(Math.floor(index / 2)).padStart(2, "0")}:${index % 2 === 0 ? "00" : "30"}`;
        return values.has(label) ? inKwh(values.get(label)!) : "0";
      });
      const [year, month, date] = day.split("-").map(Number);
      lines.push(`1,3.78,2076,${category},${date}/${month}/${year},${cells.join()},${number === 3 ? "NA" : ""}`);
    }
  return {
    ...{format: "wide", name: "solar.csv", text: `${lines.join("\n")}\n`, readings},
    said: {client: "wide", settings: {timeZone: zone, policy: "fixed_slots_sum_double"}}
  };
}

/** Hours by their number in the day: 23 and 25 on the odd days; and one as 00:00 of the next. */
function datadis(): FormatFile {
  const lines = ["CUPS;Fecha;Hora;Consumo_kWh;Metodo_obtencion;Energia_vertida_kWh"];
  const readings: Reading[] = [];
  const fixed = {meter: "ES0021000000000001AB", fuel: "electricity", channel: "import", minutes: 60} as const;
  const days = ["2022-03-26", "2022-03-27", "2022-03-28", "2022-10-29", "2022-10-30", "2022-10-31"];
  for (const [number, day] of days.entries())
    for (const [index, start] of intervals("Europe/Madrid", day, day, 60).entries()) {
      const energy = wh(index, number * 30);
      const isMidnight = number === 3 && index === 23;
      const date = (isMidnight ? start.plus({hours: 1}) : start).toFormat("yyyy/MM/dd");
      const hour = isMidnight ? "00:00" : `${String(index + 1).padStart(2, "0")}:00`;
      const isEstimated = index === 7;
      const solar = index === 12 ? commaKwh(3n) : "";
      lines.push(`${fixed.meter};${date};${hour};${commaKwh(energy)};${isEstimated ? "Estimada" : "Real"};${solar}`);
      readings.push(reading(fixed, start, energy, isEstimated ? "estimated" : "measured"));
      if (solar !== "") readings.push(reading({...fixed, channel: "export"}, start, 3n));
    }
  return {format: "datadis", name: "consumos.csv", text: `${lines.join("\n")}\n`, readings, said: {client: "datadis"}};
}

/** Mean watts at the end of half hours, of hours, and of ten minutes. */
function enedis(): FormatFile {
  const fixed = {meter: "01234567890123", fuel: "electricity", channel: "import"} as const;
  const lines = [
    "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;Pas en minutes",
    "01234567890123;Courbe de charge;26/03/2022;31/10/2022;Energie active;Consommation;Comptage Brut;W;",
    "Horodate;Valeur"
  ];
  const readings: Reading[] = [];
  const row = (end: DateTime, watts: bigint) => lines.push(`${end.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ")};${watts}`);
  const put = (from: string, to: string, minutes: 30 | 60) => {
    for (const [index, start] of intervals("Europe/Paris", from, to, minutes).entries()) {
      const energy = wh(index);
      row(start.plus({minutes}), (energy * 60n) / BigInt(minutes));
      readings.push(reading({...fixed, minutes}, start, energy));
    }
  };
  put("2022-03-26", "2022-03-28", 30);
  put("2022-03-29", "2022-03-29", 60);
  put("2022-10-29", "2022-10-29", 30);
  for (const [index, start] of intervals("Europe/Paris", "2022-10-30", "2022-10-30", 30).entries()) {
    for (const part of [0, 1, 2]) row(start.plus({minutes: 10 * (part + 1)}), wh(index) * 2n + BigInt((part - 1) * 10));
    readings.push(reading({...fixed, minutes: 30}, start, wh(index)));
  }
  // Behind months without a row, between hours before and half hours after, a length is a guess.
  readings.splice(
    readings.findIndex(({start}) => start.toISODate() === "2022-10-29"),
    1
  );
  return {
    format: "enedis",
    name: "courbe.csv",
    text: `\ufeff${lines.join("\r\n")}\r\n`,
    readings,
    said: {client: "enedis"},
    rejects: {"length of the interval not known, the times beside it differ: 2022-10-29T00:30:00+02:00": 1}
  };
}

/** Mean kW from start to end, in local time. */
function enedisLocal(): FormatFile {
  const fixed = {meter: "09876543210987", fuel: "electricity", channel: "import", minutes: 30} as const;
  const lines = [
    "Récapitulatif de ma consommation;;",
    "PRM;09876543210987;",
    "Du 29/10/2022 au 31/10/2022;;",
    "",
    "Début;Fin;Valeur (en kW)"
  ];
  const readings: Reading[] = [];
  const at = (time: DateTime) => time.toFormat("dd/MM/yyyy HH:mm");
  for (const [from, to] of [
    ["2022-03-26", "2022-03-28"],
    ["2022-10-29", "2022-10-31"]
  ] as const)
    for (const [index, start] of intervals("Europe/Paris", from, to, 30).entries()) {
      lines.push(`${at(start)};${at(start.plus({minutes: 30}))};${commaKwh(wh(index) * 2n)}`);
      readings.push(reading(fixed, start, wh(index)));
    }
  return {format: "enedis", name: "export.csv", text: `${lines.join("\n")}\n`, readings, said: {client: "enedis"}};
}

/** Hours and quarters from their start in UTC, of two products. */
function fingrid(): FormatFile {
  const fixed = {meter: "643000000000000001", fuel: "electricity", channel: "import"} as const;
  const lines = ["Mittauspisteen tunnus;Tuotteen tyyppi;Resoluutio;Yksikkötyyppi;Alkuaika;Määrä;Laatu"];
  const readings: Reading[] = [];
  for (const [from, to, minutes] of [
    ["2022-10-29", "2022-10-30", 60],
    ["2023-03-26", "2023-03-26", 15]
  ] as const)
    for (const [index, start] of intervals("Europe/Helsinki", from, to, minutes).entries()) {
      const row = `${fixed.meter};8716867000030;PT${minutes === 60 ? "1H" : "15MIN"};kWh;${start.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")}`;
      if (index === 5) lines.push(`${row};null;MISSING`);
      else {
        lines.push(`${row};${commaKwh(wh(index))};${index === 6 ? "ESTIMATED" : "OK"}`);
        readings.push(reading({...fixed, minutes}, start, wh(index), index === 6 ? "estimated" : "measured"));
      }
    }
  lines.push(`${fixed.meter};8716867000139;PT1H;kWh;2022-10-30T00:00:00Z;1,5;OK`);
  return {
    ...{format: "fingrid", name: "consumption.csv", text: `${lines.join("\n")}\n`, readings, said: {client: "fingrid"}},
    rejects: {"product type not known: 8716867000139": 1}
  };
}

/** Quarters from and until, by registers of day and night; the doubled hour in pairs. */
function fluvius(): FormatFile {
  const fixed = {meter: "541448800000000001", fuel: "electricity", minutes: 15} as const;
  const lines = [
    "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus;Omschrijving"
  ];
  const readings: Reading[] = [];
  for (const [from, to] of [
    ["2022-03-26", "2022-03-28"],
    ["2022-10-29", "2022-10-31"]
  ] as const) {
    // Equal labels stand together, the first time before the second.
    const labelled = intervals("Europe/Brussels", from, to, 15).map((start, index) => ({start, index}));
    labelled.sort((a, b) => {
      const [one, other] = [a, b].map(({start}) => start.toFormat("yyyyMMddHHmm")) as [string, string];
      return one === other ? a.index - b.index : one < other ? -1 : 1;
    });
    for (const {start, index} of labelled) {
      const end = start.plus({minutes: 15});
      const times = [start, end].map((time) => `${time.toFormat("dd-MM-yyyy")};${time.toFormat("HH:mm:ss")}`).join(";");
      const tariff = start.hour >= 7 && start.hour < 22 ? "Dag" : "Nacht";
      const isEstimated = index % 50 === 3;
      for (const [channel, name, salt] of [
        ["import", "Afname", 0],
        ["export", "Injectie", 77]
      ] as const) {
        lines.push(
          `${times};="${fixed.meter}";1SAG1100000001;Digitale meter;${name} ${tariff};${commaKwh(wh(index, salt))};kWh;${isEstimated ? "Geschat" : "Uitgelezen"};`
        );
        readings.push(reading({...fixed, channel}, start, wh(index, salt), isEstimated ? "estimated" : "measured"));
      }
    }
  }
  return {
    format: "fluvius",
    name: "verbruik.csv",
    text: `\ufeff${lines.join("\n")}\n`,
    readings,
    said: {client: "fluvius"}
  };
}

/** Hours from their start in seconds, with the sum and the meter's own state, which begins anew once. */
function homeAssistant(): FormatFile {
  const fixed = {meter: "sensor.grid", fuel: "electricity", channel: "import", minutes: 60} as const;
  const lines = ["statistic_id,unit_of_measurement,start_ts,state,sum"];
  const readings: Reading[] = [];
  let rejected = "";
  let [sum, state] = [50_000n, 1_234_000n];
  for (const [from, to] of [
    ["2022-03-26", "2022-03-28"],
    ["2022-10-29", "2022-10-31"]
  ] as const)
    for (const [index, start] of intervals("Europe/Berlin", from, to, 60).entries()) {
      const energy = wh(index);
      sum += energy;
      state = from.startsWith("2022-03") && index === 40 ? energy : state + energy;
      const isWrong = from.startsWith("2022-10") && index === 30;
      const shown = isWrong ? sum + 5000n : sum;
      if (isWrong) sum += 5000n;
      lines.push(`sensor.grid,kWh,${start.toSeconds()}.0,${inKwh(state)},${inKwh(shown)}`);
      if (index === 0) rejected += `${start.toSeconds()}.0 `;
      else if (!isWrong) readings.push(reading(fixed, start, energy));
    }
  const [spring, autumn] = rejected.trim().split(" ");
  return {
    ...{format: "home-assistant", name: "statistics.csv", text: `${lines.join("\n")}\n`, readings},
    said: {client: "home-assistant", defaults: {channel: "import"}, settings: {timeZone: "Europe/Berlin"}},
    rejects: {
      [`no sum of the hour before, so that its energy is not known: ${spring}`]: 1,
      [`no sum of the hour before, so that its energy is not known: ${autumn}`]: 1,
      "sum and state disagree: the sum grew by 5.113, the state went from 13.872 to 13.985": 1
    }
  };
}

/** Quarters whose end is their last minute, below lines of names; the last hours of a block once more in the next. */
function pge(): FormatFile {
  const zone = "America/Los_Angeles";
  const fixed = {meter: "home", fuel: "electricity", channel: "import", minutes: 15} as const;
  const lines = [
    "Name,JANE DOE",
    'Address,"1 MAIN ST, OAKLAND CA 94601"',
    "Account Number,1234567890",
    "Service,Service 1",
    ""
  ];
  lines.push("TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES");
  const readings: Reading[] = [];
  const rows: string[] = [];
  const starts = [
    ...intervals(zone, "2022-03-12", "2022-03-14", 15),
    ...intervals(zone, "2022-11-05", "2022-11-07", 15)
  ];
  for (const [index, start] of starts.entries()) {
    const last = start.plus({minutes: 14});
    rows.push(
      `Electric usage,${start.toISODate()},${start.toFormat("HH:mm")},${last.toFormat("HH:mm")},${inKwh(wh(index))},kWh,$0.01,`
    );
    readings.push(reading(fixed, start, wh(index)));
  }
  lines.push(...rows.slice(0, 100), ...rows.slice(90));
  return {
    ...{format: "pge", name: "electric.csv", text: `${lines.join("\r\n")}\r\n`, readings},
    said: {client: "pge", defaults: {location_id: "home"}}
  };
}

/** Days of gas in therms. */
function pgeGas(): FormatFile {
  const lines = ["Name,JANE DOE", "Service,Service 2", "", "TYPE,DATE,USAGE,UNITS,COST,NOTES"];
  const readings: Reading[] = [];
  for (const day of ["2022-03-12", "2022-03-13", "2022-11-06"]) {
    const [start] = intervals("America/Los_Angeles", day, day, 60);
    lines.push(`Natural gas usage,${day},2.00,therms,$4.10,`);
    readings.push({
      ...{
        meter: "home",
        fuel: "gas",
        channel: "import",
        start: start!,
        minutes: 1440,
        energy: 58_600_222n,
        quality: "measured"
      }
    });
  }
  return {
    ...{format: "pge", name: "gas.csv", text: `${lines.join("\r\n")}\r\n`, readings},
    said: {client: "pge", defaults: {location_id: "home"}}
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
    {file: dsmr(), zone: "Europe/Amsterdam"},
    {file: hdf("HDF_calckWh.csv", "10012345678", "kWh"), zone: "Europe/Dublin"},
    {file: hdf("HDF_kW.csv", "10087654321", "kW"), zone: "Europe/Dublin"},
    {file: wide(), zone: "Australia/Sydney"},
    {file: datadis(), zone: "Europe/Madrid"},
    {file: enedis(), zone: "Europe/Paris"},
    {file: enedisLocal(), zone: "Europe/Paris"},
    {file: fingrid(), zone: "Europe/Helsinki"},
    {file: fluvius(), zone: "Europe/Brussels"},
    {file: homeAssistant(), zone: "Europe/Berlin"},
    {file: pge(), zone: "America/Los_Angeles"},
    {file: pgeGas(), zone: "America/Los_Angeles"}
  ];
}
