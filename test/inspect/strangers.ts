import {gzipSync} from "node:zlib";
import {DateTime} from "luxon";
import type {InspectOptions} from "../../pipelines/inspect/inspection.js";
import {span} from "./made_up.js";

/** A value as it was: the oracle of what a file is read as. */
export interface True {
  readonly meter: string;
  readonly channel: string;
  /** The instant at which its interval starts, in milliseconds. */
  readonly start: number;
  readonly minutes: number;
  readonly kwh: number;
}

/** A file as a sender would write it, and what is in it. */
export interface Stranger {
  /** Its name, and that of its source. */
  readonly name: string;
  readonly extension: string;
  readonly content: string | Buffer;
  /** What a person has to say of it. */
  readonly said: InspectOptions;
  readonly values: readonly True[];
  /** What the drafted source must say, beside that it works. */
  readonly source: object;
}

/** The weeks around both days of change of Europe, America and Australia. */
const europe = [...span("2023-03-19", "2023-04-02"), ...span("2023-10-22", "2023-11-05")];
const america = [...span("2023-03-05", "2023-03-19"), ...span("2023-10-29", "2023-11-12")];
const australia = [...span("2023-03-20", "2023-04-16"), ...span("2023-09-17", "2023-10-15")];

/** The intervals of local days in real time, with what a home uses in each, in whole Wh. */
function* intervals(zone: string, days: readonly string[], minutes: number): Generator<{at: DateTime; kwh: number}> {
  for (const day of days) {
    const first = DateTime.fromISO(day, {zone});
    const end = first.plus({days: 1}).toMillis();
    for (let start = first.toMillis(); start < end; start += minutes * 60_000) {
      const at = DateTime.fromMillis(start, {zone});
      yield {at, kwh: homeKwh(at, minutes)};
    }
  }
}

function homeKwh(at: DateTime, minutes: number): number {
  const hour = at.hour + at.minute / 60;
  const hill = (centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2));
  const weekend = at.weekday > 5;
  const watts = 150 + 500 * (weekend ? hill(9.5, 1.5) : hill(7, 0.8)) + 700 * hill(19.5, 2);
  return Math.round(watts * (0.95 + ((at.toMillis() / 900_000) % 11) / 100) * (minutes / 60)) / 1000;
}

function value(meter: string, channel: string, at: DateTime, minutes: number, kwh: number): True {
  return {meter, channel, start: at.toMillis(), minutes, kwh};
}

const comma = (number: number) => String(number).replace(".", ",");

/** Hours of an American utility: month first, with AM and PM, a date's column and a time's, labels of the clock on the wall. */
function american(): Stranger {
  const lines = ["Account,Date,Start Time,Usage (kWh)"];
  const values: True[] = [];
  for (const {at, kwh} of intervals("America/New_York", america, 60)) {
    lines.push(`0077,${at.toFormat("MM/dd/yyyy")},${at.toFormat("hh:mm a")},${kwh}`);
    values.push(value("0077", "consumption", at, 60, kwh));
  }
  return {
    ...{name: "american", extension: "csv", content: `${lines.join("\n")}\n`, values},
    said: {tz: "America/New_York"},
    source: {policy: "label_in_order", timeFormat: "month_first", unit: "kWh", channel: "consumption"}
  };
}

/** Half hours with their starts and ends, offsets on both, import and production side by side, lines of JSON. */
function sideBySide(): Stranger {
  const lines: string[] = [];
  const values: True[] = [];
  for (const {at, kwh} of intervals("Europe/Helsinki", europe, 30)) {
    const sun = Math.max(0, Math.round(400 - 60 * Math.abs(at.hour - 12))) / 1000;
    lines.push(
      JSON.stringify({
        point: "FI-1",
        from: at.toISO(),
        until: at.plus({minutes: 30}).toISO(),
        import_wh: kwh * 1000,
        solar_wh: sun * 1000
      })
    );
    values.push(value("FI-1", "import", at, 30, kwh), value("FI-1", "production", at, 30, sun));
  }
  return {
    ...{name: "side_by_side", extension: "jsonl", content: `${lines.join("\n")}\n`, values},
    said: {tz: "Europe/Helsinki"},
    source: {policy: "label_offset"}
  };
}

/** Mean watts of a device, by milliseconds since 1970. */
function epochs(): Stranger {
  const lines = ["ts;device;power_w"];
  const values: True[] = [];
  for (const {at, kwh} of intervals("Europe/Vilnius", europe.slice(0, 12), 15)) {
    const watts = Math.round(kwh * 4000);
    lines.push(`${at.toMillis()};inverter-3;${watts}`);
    values.push(value("inverter-3", "consumption", at, 15, watts / 4000));
  }
  return {
    ...{name: "epochs", extension: "csv.gz", content: gzipSync(lines.join("\r\n")), values},
    said: {tz: "Europe/Vilnius"},
    source: {policy: "utc", timeFormat: "epoch_milliseconds", unit: "W"}
  };
}

/** Half hours that end at their label, newest first, import and export rows, as an Irish portal writes them. */
function newestFirst(): Stranger {
  const rows: string[] = [];
  const values: True[] = [];
  for (const [type, channel, part] of [
    ["Active Export Interval (kWh)", "export", 0.5],
    ["Active Import Interval (kWh)", "import", 1]
  ] as const) {
    const ofType: string[] = [];
    for (const {at, kwh} of intervals("Europe/Dublin", europe, 30)) {
      const energy = Math.round(kwh * part * 10_000) / 10_000;
      ofType.push(`10009,${energy},${type},${at.plus({minutes: 30}).toFormat("dd-MM-yyyy HH:mm")}`);
      values.push(value("10009", channel, at, 30, energy));
    }
    rows.push(...ofType.reverse());
  }
  const header = "MPRN,Read Value,Read Type,Read Date and End Time";
  return {
    ...{name: "newest_first", extension: "csv", content: `${[header, ...rows].join("\r\n")}\r\n`, values},
    said: {tz: "Europe/Dublin"},
    source: {policy: "label_in_order", labelAt: "end", timeFormat: "day_first"}
  };
}

/** Quarters with a semicolon and a decimal comma, each label the start's plus a quarter, whatever the clock does. */
function endByClock(): Stranger {
  const lines = ["Zähler;Zeitpunkt;Verbrauch kWh"];
  const values: True[] = [];
  for (const {at, kwh} of intervals("Europe/Berlin", europe, 15)) {
    const label = DateTime.fromISO(at.toFormat("yyyy-MM-dd'T'HH:mm"), {zone: "UTC"}).plus({minutes: 15});
    lines.push(`DE0001;${label.toFormat("dd.MM.yyyy HH:mm")};${comma(kwh)}`);
    values.push(value("DE0001", "consumption", at, 15, kwh));
  }
  return {
    ...{name: "end_by_clock", extension: "csv", content: `${lines.join("\n")}\n`, values},
    said: {tz: "Europe/Berlin"},
    source: {policy: "label_in_order", labelAt: "end_by_clock", timeFormat: "day_first"}
  };
}

/** A day a row, 48 columns, general use, controlled load and production, in standard time all year. */
function wide(): Stranger {
  const columns = Array.from(
    {length: 48},
    (_, index) => `${Math.floor((index + 1) / 2) % 24}:${index % 2 ? "00" : "30"}`
  );
  const lines = [["Customer", "Capacity", "Category", "date", ...columns].join(",")];
  const values: True[] = [];
  for (const day of australia)
    for (const [category, channel, meter, part] of [
      ["GC", "import", "12", 1],
      ["CL", "import", "12 CL", 0.5],
      ["GG", "production", "12", 0.25]
    ] as const) {
      const cells = columns.map((_, index) => {
        const at = DateTime.fromISO(day, {zone: "UTC+10"}).plus({minutes: 30 * index});
        const kwh = Math.round(homeKwh(at.setZone("Australia/Sydney"), 30) * part * 10_000) / 10_000;
        values.push(value(meter, channel, at, 30, kwh));
        return kwh;
      });
      lines.push(["12", "3.78", category, DateTime.fromISO(day).toFormat("d/MM/yyyy"), ...cells].join(","));
    }
  return {
    ...{name: "day_a_row", extension: "csv", content: `${lines.join("\n")}\n`, values},
    said: {tz: "Australia/Sydney", unit: "kWh"},
    source: {policy: "fixed_standard_time", timeFormat: "day_first"}
  };
}

/** The number of an hour in its day, 1 to 24, 23 on one day and 25 on another. */
function hoursOfDay(): Stranger {
  const lines = ["CUPS;Fecha;Hora;AE_kWh;Metodo_obtencion"];
  const values: True[] = [];
  let hour = 0;
  for (const {at, kwh} of intervals("Europe/Madrid", europe, 60)) {
    hour = at.hour === 0 ? 1 : hour + 1;
    lines.push(`ES0021;${at.toFormat("dd/MM/yyyy")};${hour};${comma(kwh)};R`);
    values.push(value("ES0021", "import", at, 60, kwh));
  }
  return {
    ...{name: "hours_of_day", extension: "csv", content: `${lines.join("\n")}\n`, values},
    said: {tz: "Europe/Madrid", channel: "import"},
    source: {policy: "variable_length"}
  };
}

/** Quarters with from and until, a register a row, the doubled hour in pairs. */
function paired(): Stranger {
  const lines = ["EAN;Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);Register;Volume;Eenheid"];
  const values: True[] = [];
  const all = [...intervals("Europe/Brussels", europe, 15)];
  const inPairs = all
    .map((one) => ({...one, clock: one.at.toFormat("yyyy-MM-dd HH:mm")}))
    .sort((a, b) => a.clock.localeCompare(b.clock) || a.at.toMillis() - b.at.toMillis());
  for (const {at, kwh} of inPairs) {
    const until = at.plus({minutes: 15});
    const [from, to] = [at, until].map((time) => time.toFormat("dd-MM-yyyy;HH:mm:ss"));
    const register = at.hour >= 7 && at.hour < 22 ? "Afname Dag" : "Afname Nacht";
    lines.push(`="541448";${from};${to};${register};${comma(kwh)};kWh`);
    values.push(value("541448", "import", at, 15, kwh));
  }
  return {
    ...{name: "paired", extension: "csv", content: `\uFEFF${lines.join("\r\n")}\r\n`, values},
    said: {tz: "Europe/Brussels"},
    source: {policy: "label_paired", timeFormat: "day_first"}
  };
}

/** Lines above the header and a total below the rows, ends that are inclusive, in UTF-16. */
function withPreamble(): Stranger {
  const lines = [
    "Name,JANE DOE",
    'Address,"1 MAIN ST, X"',
    "Account Number,0001234",
    "",
    "TYPE,DATE,START TIME,END TIME,USAGE (kWh),NOTES"
  ];
  const values: True[] = [];
  for (const {at, kwh} of intervals("America/Los_Angeles", america, 15)) {
    const last = at.plus({minutes: 14});
    lines.push(`Electric usage,${at.toFormat("yyyy-MM-dd,HH:mm")},${last.toFormat("HH:mm")},${kwh},`);
    values.push(value("0001234", "consumption", at, 15, kwh));
  }
  lines.push("Total,1234.5");
  return {
    ...{
      name: "with_preamble",
      extension: "csv",
      content: Buffer.from(`\uFEFF${lines.join("\n")}\n`, "utf16le"),
      values
    },
    said: {tz: "America/Los_Angeles"},
    source: {policy: "label_in_order", unit: "kWh"}
  };
}

/** Half hours of several homes by the time in UTC, words where there is no value, and rows between the half hours. */
function withNulls(): Stranger {
  const lines = ["LCLid,stdorToU,DateTime,KWH/hh (per half hour) "];
  const values: True[] = [];
  for (const meter of ["MAC000002", "MAC000003"])
    for (const {at, kwh} of intervals("Europe/London", europe.slice(0, 20), 30)) {
      const isNull = at.hour === 5 && at.day === 28;
      lines.push(`${meter},Std,${at.toUTC().toFormat("yyyy-MM-dd HH:mm:ss.0000000")}, ${isNull ? "Null" : kwh} `);
      if (!isNull) values.push(value(meter, "import", at, 30, kwh));
    }
  return {
    ...{name: "with_nulls", extension: "csv", content: `${lines.join("\n")}\n`, values},
    said: {tz: "Europe/London", policy: "utc", channel: "import"},
    source: {policy: "utc", unit: "kWh"}
  };
}

/** Files of as many shapes. */
export function strangers(): Stranger[] {
  return [
    ...[american(), sideBySide(), epochs(), newestFirst(), endByClock()],
    ...[wide(), hoursOfDay(), paired(), withPreamble(), withNulls()]
  ];
}
