import {type BadFile, fileOfObjects, fileOfRows} from "./bad_file.js";

/** A good hour of a meter of its own, so that no two rows are of one interval unless they are meant to. */
export const hour = (file: string) => (index: number) => ({
  ...{client_id: "a", meter_id: `${file}${index}`, fuel: "electricity", channel: "import"},
  ...{start: "2022-03-01T00:00:00Z", resolution: "60min", value: "1.5", unit: "kWh"}
});

const at = "2022-03-01T00:00:00Z";
const register = {kind: "register", resolution: null};
const reads = (values: Readonly<Record<number, string>>, more: object = {}) =>
  Object.entries(values).map(([hour, value]) => ({
    ...register,
    ...{start: `2022-03-01T0${hour}:00:00Z`, value, ...more}
  }));

const values = fileOfObjects("intervals/values.jsonl", "silver.reading_reject", hour("v"), [
  ["a reading of nobody", {client_id: null}, "client id missing"],
  ["a reading of no meter", {meter_id: ""}, "meter id missing"],
  ["a kind of reading that isn't one", {kind: "counter"}, "kind not known: counter"],
  ["a time of revision in words", {revised_at: "yesterday"}, "time of revision unreadable: yesterday"],
  ["a value in words", {value: "many"}, "value is no number: many"],
  ["a value beyond all measure", {value: "1e40"}, "value is too large: 1e40"],
  ["a value of no size", {value: "1e-30"}, "value is not zero but too small to keep: 1e-30"],
  ["a value with two decimal marks", {value: "1,2,3"}, "value is no number: 1,2,3"],
  ["a value of infinity", {value: "Infinity"}, "value is no number: Infinity"],
  ["a value in hexadecimal", {value: "0x10"}, "value is no number: 0x10"],
  ["a value with its unit", {value: "1.5 kWh"}, "value is no number: 1.5 kWh"],
  [
    "a value with another decimal mark than its row says",
    {value: "1.55", decimal_mark: ","},
    "value is no number with the decimal mark ,: 1.55"
  ],
  ["a reading without a fuel", {fuel: null}, "fuel missing"],
  ["a fuel that isn't metered", {fuel: "coal"}, "fuel not known: coal"],
  ["a reading without a channel", {channel: null}, "channel missing"],
  ["a channel that isn't one", {channel: "sideways"}, "channel not known: sideways"],
  ["a reading without a unit", {unit: null}, "unit missing"],
  ["a unit that isn't one of energy", {unit: "bushel"}, "unit not known: bushel"],
  ["a register of power", {...register, unit: "kW"}, "no register counts power: kW"],
  [
    "a calorific value in words",
    {fuel: "gas", unit: "m3", calorific_value_mj_m3: "warm"},
    "calorific value not understood: warm"
  ],
  ["a volume of gas without a calorific value", {fuel: "gas", unit: "m3"}, "calorific value missing"],
  ["a quality that isn't one", {quality: "guessed"}, "quality not known: guessed"],
  ["a register of forty digits", {...register, register_digits: "40"}, "register digits not understood: 40"],
  ["energy below a micro-kWh", {value: "0.0000000001"}, "value is not zero but too small to keep: 0.0000000001 kWh"],
  ["negative energy", {value: "-5.25"}, "negative value: -5.250000"],
  ["energy that no connection carries", {value: "100001.5"}, "value above what its source allows: 100001.500000"],
  [
    "an hour with two values",
    [{value: "1.25"}, {value: "2.25"}],
    "interval told twice in one file, differently: 2022-03-01T00:00:00Z"
  ],
  ["a register below zero", {...register, value: "-1.75"}, "negative value: -1.750000"],
  [
    "a register with two readings of one moment",
    reads({1: "10.5"}).flatMap((one) => [one, {...one, value: "11.5"}]),
    "register read twice in one file, differently: 2022-03-01T01:00:00Z"
  ],
  [
    "a register that dips and comes back",
    reads({1: "100.5", 2: "0", 3: "101.5"}),
    "register reading that the ones before and after take back: 0.000000"
  ],
  [
    "a register that leaps",
    reads({1: "10.5", 2: "900000.5"}),
    "register went further than its source allows: from 10.500000 to 900000.500000"
  ],
  ["a line that is no JSON", "nonsense", "line is no JSON object: nonsense"],
  ["a line that is a list", "[1, 2]", "line is no JSON object: [1, 2]"],
  ["a line that breaks off", '{"client_id": "a"', 'line is no JSON object: {"client_id": "a"']
]);

const control = fileOfObjects("intervals/control.jsonl", "bronze.record_reject", hour("x"), [
  ["NUL in a client's id", {client_id: "a\u0000"}, "client_id has a control character: U+0000"],
  ["a tab in a meter's id", {meter_id: "m\t1"}, "meter_id has a control character: U+0009"],
  ["a line break in a place's id", {location_id: "home\n1"}, "location_id has a control character: U+000A"],
  ["an escape sequence in a value", {value: "\u001b[31m1"}, "value has a control character: U+001B"],
  ["a DEL in a unit", {unit: "k\u007fWh"}, "unit has a control character: U+007F"],
  ["a control character of the upper half", {fuel: "gas\u0085"}, "fuel has a control character: U+0085"]
]);

const header = "client_id,meter_id,fuel,channel,start,resolution,value,unit";
const csvRow = (meter: string, value = "1.5") => `a,${meter},electricity,import,${at},60min,${value},kWh`;

const lines = fileOfRows(
  "intervals/lines.csv",
  "bronze.record_reject",
  {above: header, good: [1, 2, 3].map((meter) => csvRow(`c${meter}`)).join("\n")},
  [
    ["a line of too few fields", "a,short", "it has 2 fields, and the header 8"],
    ["a line of too many fields", `${csvRow("long")},more`, "it has 9 fields, and the header 8"],
    ["a line of one field", "end of the list", "it has 1 field, and the header 8"],
    ["a line with NUL", csvRow("n\0n"), "it has a NUL character"]
  ]
);

const marks = fileOfRows(
  "intervals/marks.csv",
  "silver.reading_reject",
  {above: header.replaceAll(",", ";"), good: csvRow("d1", "2").replaceAll(",", ";")},
  [
    [
      "a comma that may be a decimal mark or not",
      "a;d2;electricity;import;2022-03-01T00:00:00Z;60min;1,500;kWh",
      "value may have a decimal comma or a decimal point: 1,500; set decimalMark of its source to , or ."
    ]
  ]
);

/** Readings of smart meters, as JSON of columns and rows. */
const smartMeters: readonly BadFile[] = (
  [
    ["a half hour's value in words", [at.slice(0, 19), "low", "s1"], "value is no number: low"],
    ["a half hour without a meter", [at.slice(0, 19), 0.5, null], "meter id missing"],
    ["a half hour without a time", [null, 0.5, "s3"], "start missing"],
    ["a half hour at a time in words", ["noon", 0.5, "s4"], "label unreadable: noon"],
    ["a half hour of minus energy", [at.slice(0, 19), -0.5, "s5"], "negative value: -0.500000"],
    [
      "a half hour at ten past",
      ["2022-03-01 00:10:00", 0.5, "s6"],
      "label not on the 30-minute grid: 2022-03-01 00:10:00"
    ]
  ] as const
).map(([name, row, reason], index) => ({
  path: `smart-meter/readings/${index}.json`,
  content: JSON.stringify({
    columns: ["interval_start", "consumption_delta", "meterpoint_id"],
    data: [["2022-03-01 00:00:00", 0.25, `good${index}`], row]
  }),
  kinds: [{name, list: "silver.reading_reject", reason}],
  hasGood: true
}));

/** Values of meters that can't be right. */
export const readings: readonly BadFile[] = [values, control, lines, marks, ...smartMeters];
