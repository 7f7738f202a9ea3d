import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Connection, identifier, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {defaultLimits} from "../../pipelines/sources/formats/limits.js";
import {columnsOf} from "../../pipelines/sources/formats/reader.js";
import {shapeRule} from "../../pipelines/sources/formats/shape_columns.js";
import {shapedReader} from "../../pipelines/sources/formats/shaped.js";
import {tabular} from "../../pipelines/sources/formats/tabular.js";
import {type Shape, shapeFault} from "../../pipelines/sources/shape.js";
import {settingsOf} from "../../pipelines/sources/source.js";

let folder: string;
let database: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-shape-"));
  database = await openDuckDB();
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

let files = 0;

/** The rows that a shape makes of a text: the columns asked for, those that are NULL left out. */
async function rowsOf(shape: Shape, text: string, columns: readonly string[], timeZone = "Europe/Madrid") {
  const file = join(folder, `${files++}.csv`);
  await writeFile(file, text);
  const reader = shapedReader(tabular(shapeRule(shape)), shape, timeZone);
  const found = await columnsOf(reader, database, file, defaultLimits);
  expect(reader.breach!(found)).toBeUndefined();
  const rows = await database.rows<Record<string, unknown>>(
    `SELECT ${[...columns, "problem"].map(identifier).join(", ")}, file_row, landing_row FROM (${reader.select([file], found)}) ORDER BY landing_row`
  );
  const numbers = rows.map(({landing_row}) => landing_row);
  expect(new Set(numbers).size, "landing_row is unique").toBe(rows.length);
  return rows.map(({landing_row, ...row}) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) =>
        value === null ? [] : [[name, typeof value === "bigint" ? Number(value) : value]]
      )
    )
  );
}

async function breachOf(shape: Shape, text: string) {
  const file = join(folder, `${files++}.csv`);
  await writeFile(file, text);
  const reader = shapedReader(tabular(shapeRule(shape)), shape, "UTC");
  return reader.breach!(await columnsOf(reader, database, file, defaultLimits));
}

const readTypes: Shape = {
  columns: {
    meter_id: ["MPRN", "Meter"],
    value: "Read Value",
    end: "Read Date and End Time",
    quality: {column: "Quality", values: {R: "measured", E: "estimated"}, optional: true},
    resolution: {constant: "30min"}
  },
  categories: [
    {
      column: "Read Type",
      values: {
        "Import (kWh)": {channel: "import", unit: "kWh"},
        "Export (kW)": {channel: "export", unit: "kW", meter_suffix: " E"}
      }
    }
  ]
};

describe("a shape", () => {
  it("finds columns by any of their names, whatever their case and spaces, and translates texts", async () => {
    const text = [
      " meter ;READ VALUE;Read  Type;read date and end time;Quality",
      `="007"; 1,5 ;import (kWh);01-01-2022 00:30;R`,
      "8;;Export (kW);01-01-2022 00:30;e",
      "8;2;Gas;01-01-2022 00:30;X",
      "8;2;;01-01-2022 00:30;"
    ].join("\n");
    const columns = ["meter_id", "value", "end", "quality", "channel", "unit", "meter_suffix", "resolution"];
    expect(await rowsOf(readTypes, text, columns)).toEqual([
      {
        ...{
          meter_id: "007",
          value: "1,5",
          end: "01-01-2022 00:30",
          quality: "measured",
          channel: "import",
          unit: "kWh"
        },
        ...{resolution: "30min", file_row: 1}
      },
      {
        ...{meter_id: "8", end: "01-01-2022 00:30", quality: "estimated", channel: "export", unit: "kW"},
        ...{meter_suffix: " E", resolution: "30min", file_row: 2}
      },
      {
        ...{meter_id: "8", value: "2", end: "01-01-2022 00:30", resolution: "30min", file_row: 3},
        problem: "quality not known: X"
      },
      {
        ...{meter_id: "8", value: "2", end: "01-01-2022 00:30", resolution: "30min", file_row: 4},
        problem: "read type missing"
      }
    ]);
  });

  it("names the columns that a file lacks", async () => {
    expect(await breachOf(readTypes, "MPRN,Value\n1,2\n")).toBe(
      "column Read Value is missing; column Read Date and End Time is missing; column Read Type is missing"
    );
    expect(await breachOf({columns: {value: ["kWh", "Use"], start: "At"}}, "At,Gas\n1,2\n")).toBe(
      "column kWh or Use is missing"
    );
    expect(await breachOf({layout: {wide: {date: "Day"}}, columns: {}}, "Day,1,2,3\n1,2,3,4\n")).toBe(
      "3 columns hold a day's values, neither 24, 48 nor 96: they are named by times or numbered from 1"
    );
  });

  it("adds a minute to an inclusive end", async () => {
    const shape: Shape = {
      columns: {
        value: "USAGE",
        start: {join: ["DATE", "START TIME"]},
        end: {join: ["DATE", "END TIME"], plusMinutes: 1}
      }
    };
    const text =
      "DATE,START TIME,END TIME,USAGE\n2022-03-13,00:00,00:14,1\n2022-03-13,23:45,23:59,2\n2022-03-13,x,y,3\n";
    expect(await rowsOf(shape, text, ["start", "end", "value"])).toEqual([
      {start: "2022-03-13 00:00", end: "2022-03-13 00:15", value: "1", file_row: 1},
      {start: "2022-03-13 23:45", end: "2022-03-13 24:00", value: "2", file_row: 2},
      {start: "2022-03-13 x", end: "2022-03-13 y", value: "3", file_row: 3}
    ]);
  });

  it("lays out a day a row, by the place of each column", async () => {
    const times = Array.from(
      {length: 48},
      (_, index) => `${Math.floor((index + 1) / 2) % 24}:${index % 2 ? "00" : "30"}`
    );
    const shape: Shape = {
      columns: {meter_id: "Customer"},
      layout: {wide: {date: "date"}},
      categories: [
        {column: "Category", values: {GC: {channel: "import"}, CL: {channel: "import", meter_suffix: " CL"}}}
      ]
    };
    const text = [
      ["Customer", "Category", "date", ...times].join(","),
      ["1", "GC", "1/07/2012", ...times.map((_, index) => index / 10)].join(","),
      ["1", "XX", "2/07/2012", ...times.map(() => "")].join(",")
    ].join("\n");
    const rows = await rowsOf(shape, text, ["meter_id", "start", "value", "channel", "resolution"]);
    expect(rows).toHaveLength(96);
    expect(rows[0]).toEqual({
      ...{meter_id: "1", start: "1/07/2012 00:00", value: "0", channel: "import", resolution: "30min", file_row: 1}
    });
    expect(rows[47]).toMatchObject({start: "1/07/2012 23:30", value: "4.7", file_row: 1});
    expect(rows[48]).toMatchObject({start: "2/07/2012 00:00", problem: "category not known: XX", file_row: 2});
    const numbered = ["day", ...Array.from({length: 25}, (_, index) => `h${index + 1}`)];
    const hours = await rowsOf(
      {layout: {wide: {date: "day"}}, columns: {}},
      `${numbered.join(",")}\n2022-01-01,${numbered.slice(1)}\n`,
      ["start", "value", "resolution"]
    );
    expect(hours).toHaveLength(25);
    expect(hours[24]).toMatchObject({start: "2022-01-01 24:00", value: "h25", resolution: "60min"});
  });

  it("makes a row of each of several values side by side", async () => {
    const shape: Shape = {
      columns: {start: "at"},
      layout: {
        measures: [
          {column: "in", set: {channel: "import"}},
          {column: ["out", "fed in"], set: {channel: "export"}, optional: true}
        ]
      }
    };
    expect(await rowsOf(shape, "at,in,Fed In\na,1,2\nb,,\n", ["start", "value", "channel"])).toEqual([
      {start: "a", value: "1", channel: "import", file_row: 1},
      {start: "a", value: "2", channel: "export", file_row: 1},
      {start: "b", channel: "import", file_row: 2}
    ]);
    expect(await rowsOf(shape, "at,in\na,1\n", ["value", "channel"])).toEqual([
      {value: "1", channel: "import", file_row: 1}
    ]);
  });

  it("numbers the hours of a day, on both days of change, whichever way the sender numbers them", async () => {
    const shape: Shape = {
      columns: {value: "v", label: {column: "Hora", hourOfDay: "Fecha"}}
    };
    const labels = async (day: string, hours: readonly string[]) =>
      (await rowsOf(shape, `Fecha;Hora;v\n${hours.map((hour) => `${day};${hour};1`).join("\n")}\n`, ["label"])).map(
        ({label, problem}) => problem ?? label
      );
    const numbers = (from: number, to: number) => Array.from({length: to - from + 1}, (_, index) => from + index);
    const slots = (day: string, count: number) => numbers(1, count).map((hour) => `${day} ${hour}`);
    expect(await labels("2022/03/27", numbers(1, 23).map(String))).toEqual(slots("2022-03-27", 23));
    const skipping = [...numbers(1, 2), ...numbers(4, 24)].map((hour) => `${String(hour).padStart(2, "0")}:00`);
    expect(await labels("27/03/2022", skipping)).toEqual(slots("2022-03-27", 23));
    expect(await labels("2022/10/30", numbers(1, 25).map(String))).toEqual(slots("2022-10-30", 25));
    const repeating = [1, 2, 3, 3, ...numbers(4, 24)].map(String);
    expect(await labels("2022/10/30", repeating)).toEqual(slots("2022-10-30", 25));
    expect(await labels("2022/06/02", ["23:00", "24:00", "00:00", "x"])).toEqual([
      "2022-06-02 23",
      "2022-06-02 24",
      "2022-06-01 24",
      "2022/06/02 x"
    ]);
    expect(await labels("2022/10/31", ["00:00"])).toEqual([
      "hour of a day of 25 hours of which some are missing, so that its place is not known: 2022/10/31 00:00"
    ]);
    expect(await labels("2022/03/27", ["2", "3"])).toEqual([
      "2022-03-27 2",
      "hour of a day of 23 hours of which some are missing, so that its place is not known: 2022/03/27 3"
    ]);
  });

  it("finds an interval's length by the times beside it", async () => {
    const shape: Shape = {columns: {value: "v", end: "at", resolution: {column: "at", step: true}}};
    const at = (minutes: number) => new Date(Date.UTC(2022, 0, 1) + minutes * 60_000).toISOString();
    const lengths = async (minutes: readonly number[]) =>
      (await rowsOf(shape, `at;v\n${minutes.map((minute) => `${at(minute)};1`).join("\n")}\n`, ["resolution"])).map(
        ({resolution, problem}) => resolution ?? problem
      );
    // Intervals of ten minutes are joined to half hours.
    expect(await lengths([60, 120, 180, 190, 200, 210])).toEqual(["60min", "60min", "60min", "30min"]);
    expect(await lengths([210, 180, 150])).toEqual(["30min", "30min", "30min"]);
    const unknown = (minutes: number) => `length of the interval not known, the times beside it differ: ${at(minutes)}`;
    expect(await lengths([0, 30, 60, 150, 180, 210]), "no interval has 90 minutes: two are missing").toEqual([
      ...["30min", "30min", "30min", "30min", "30min", "30min"]
    ]);
    expect(await lengths([0, 30, 60, 120, 150, 180]), "one of 60 minutes, or one missing").toEqual([
      ...["30min", "30min", "30min", unknown(120), "30min", "30min"]
    ]);
    expect(await lengths([30, 60, 90, 210, 270, 330])).toEqual([
      ...["30min", "30min", "30min", unknown(210), "60min", "60min"]
    ]);
    expect(await lengths([60, 90, 120, 180, 240]), "the first may be of an hour").toEqual([
      ...[unknown(60), "30min", "30min", "60min", "60min"]
    ]);
  });

  it("takes the differences of a sum, and checks them by the meter's reading", async () => {
    const shape: Shape = {
      columns: {
        meter_id: "id",
        start: "start",
        value: {column: "sum", difference: {checkedBy: "state"}}
      }
    };
    const rows = [
      [0, 100, 1000],
      [3600, 100.5, 1000.5],
      [7200, 101.6000000001, 1001.6],
      [10800, 102, 0.4],
      [14400, 105, 1.4],
      [18000, 105, 0],
      [21600, 106.6, 1.6],
      [28800, 107.6, 2.6],
      [32400, "x", 3]
    ];
    const found = await rowsOf(shape, `id,start,sum,state\n${rows.map((row) => `m,${row}`).join("\n")}\n`, ["value"]);
    expect(found.map(({value, problem}) => problem ?? value)).toEqual([
      "no sum of the hour before, so that its energy is not known: 0",
      "0.500000",
      "1.100000",
      "0.400000",
      "sum and state disagree: the sum grew by 3, the state went from 0.4 to 1.4",
      "0.000000",
      "state fell to 0 and came back, which is no energy: the sum grew by 1.6",
      "no sum of the hour before, so that its energy is not known: 28800",
      "sum is no number: x"
    ]);
  });

  it("fills in zeros for what is absent, where a source says that it means zero", async () => {
    const shape: Shape = {columns: {value: "kWh", start: "Start", end: "End"}, absentMeans: "zero"};
    const text = [
      "kWh, Start, End",
      "1, 2022-10-30T00:30:00+01:00, 2022-10-30T01:00:00+01:00",
      "2, 2022-10-30T01:30:00+00:00, 2022-10-30T02:00:00+00:00"
    ].join("\n");
    expect(await rowsOf(shape, text, ["start", "end", "value"], "Europe/London")).toEqual([
      {start: "2022-10-30T00:30:00+01:00", end: "2022-10-30T01:00:00+01:00", value: "1", file_row: 1},
      {start: "2022-10-30T01:30:00+00:00", end: "2022-10-30T02:00:00+00:00", value: "2", file_row: 2},
      {start: "2022-10-30T00:00:00Z", end: "2022-10-30T00:30:00Z", value: "0", file_row: 1},
      {start: "2022-10-30T00:30:00Z", end: "2022-10-30T01:00:00Z", value: "0", file_row: 1},
      {start: "2022-10-30T01:00:00Z", end: "2022-10-30T01:30:00Z", value: "0", file_row: 1}
    ]);
  });
});

describe("a shape that can't be right", () => {
  it.each<[unknown, string]>([
    [{columns: {start: "t"}}, "columns.value is missing: no column with the values is named"],
    [{columns: {value: "v"}}, "columns has none of start, end and label"],
    [{columns: {value: 3}}, "columns.value: neither a name of a column nor a rule: 3"],
    [{columns: []}, 'columns is no object: []; write {"value": "kWh"}'],
    [
      {columns: {value: {column: "v", constant: "1"}}},
      "columns.value: a rule needs one of column, join, constant and above"
    ],
    [
      {columns: {value: {column: "v", otherwise: "keep"}}},
      "columns.value: a rule has no otherwise; choose of column, join"
    ],
    [{columns: {value: "v", start: {join: []}}}, "columns.start: join is no list of columns: []"],
    [
      {columns: {value: "v", start: "t", quality: {column: "q", values: {R: 1}}}},
      "columns.quality: values.R is neither text nor null: 1"
    ],
    [{columns: {price: "v"}}, "columns has an unknown column: price; choose of client_id"],
    [{columns: {start: "t"}, layout: {}}, "layout is either wide or measures"],
    [
      {columns: {value: "v"}, layout: {wide: {date: "d"}}},
      "columns.value and layout both say where values stand; leave one out"
    ],
    [{columns: {}, layout: {measures: [{set: {}}]}}, "layout.measures[0] names no column"],
    [
      {columns: {value: "v", start: "t"}, categories: [{column: "c", values: {a: {chanel: "import"}}}]},
      "categories[0].values.a: unknown column: chanel"
    ],
    [{columns: {value: "v", start: "t"}, preamble: ["("]}, 'preamble has a pattern that is no regular expression: "("'],
    [
      {columns: {value: "v", start: "t"}, absentMeans: "nothing"},
      'absentMeans not known: "nothing"; choose missing or zero'
    ]
  ])("%j: %s", (shape, fault) => {
    expect(shapeFault(shape as Shape)).toContain(fault);
  });

  it("is an error of its source", () => {
    const source = {name: "mine", folder: "mine", timeZone: "Europe/Madrid", policy: "label_in_order"} as const;
    const settings = (more: object) => () => settingsOf({...source, format: "interval_row", ...more});
    expect(settings({columns: {start: "t"}})).toThrow(
      "source mine: columns.value is missing: no column with the values is named"
    );
    expect(settings({format: "eliq_daily", unit: "Wh", fuel: "gas", channel: "import", columns: {}})).toThrow(
      "source mine: columns only for format interval_row: eliq_daily"
    );
  });
});
