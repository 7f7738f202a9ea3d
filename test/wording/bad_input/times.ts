import {type BadFile, fileOfObjects, fileOfRows} from "./bad_file.js";
import {hour} from "./readings.js";

const at = "2022-03-01T00:00:00Z";

const times = fileOfObjects("intervals/times.jsonl", "silver.reading_reject", hour("t"), [
  ["a reading without a time", {start: null}, "start missing"],
  ["a time in words", {start: "soon"}, "label unreadable: soon"],
  [
    "a date whose month and day may be either",
    {start: "03/04/2022 10:00"},
    "label unreadable, unless the timeFormat of its source says how it is written: 03/04/2022 10:00"
  ],
  [
    "seconds since 1970",
    {start: "1646092800"},
    "label unreadable, unless the timeFormat of its source says how it is written: 1646092800"
  ],
  ["a time before 1970", {start: "1969-07-20T00:00Z"}, "date outside 1970 to 2100: 1969-07-20T00:00Z"],
  ["a time after 2100", {start: "3022-07-20T00:00Z"}, "date outside 1970 to 2100: 3022-07-20T00:00Z"],
  ["a day that its month hasn't", {start: "2022-02-30T00:00Z"}, "label unreadable: 2022-02-30T00:00Z"],
  ["an hour that no clock has", {start: "2022-03-01T25:00Z"}, "label unreadable: 2022-03-01T25:00Z"],
  ["an offset that no zone has", {start: "2022-03-01T00:00+99:00"}, "label unreadable: 2022-03-01T00:00+99:00"],
  ["a resolution that isn't kept", {resolution: "45min"}, "unknown resolution: 45min"],
  ["an end in words", {resolution: null, end: "later"}, "end unreadable: later"],
  [
    "a start and an end by two clocks",
    {resolution: null, end: "2022-03-01T01:00:00"},
    `start and end are not of one clock: ${at} to 2022-03-01T01:00:00`
  ],
  [
    "an end before its start",
    {resolution: null, end: "2022-02-28T23:00:00Z"},
    `end is not after start: ${at} to 2022-02-28T23:00:00Z`
  ],
  [
    "an end that its resolution contradicts",
    {end: "2022-03-01T00:30:00Z"},
    `end does not agree with resolution 60min: ${at} to 2022-03-01T00:30:00Z`
  ],
  [
    "an interval of 20 minutes",
    {resolution: null, end: "2022-03-01T00:20:00Z"},
    `neither 15, 30 nor 60 minutes, a day nor a month: ${at} to 2022-03-01T00:20:00Z`
  ],
  ["an interval of no length", {resolution: null}, `resolution missing, and no end says it: ${at}`],
  [
    "a month known by its end",
    {start: null, end: "2022-04-01", resolution: "month"},
    "start missing: a month is known by it"
  ],
  ["a month for an hour", {start: "2022-03"}, "label unreadable: 2022-03"],
  ["a date for an hour", {start: "2022-03-01"}, "label unreadable: 2022-03-01"],
  [
    "an hour that starts at a half minute",
    {start: "2022-03-01T00:00:30Z"},
    "label not on the 60-minute grid: 2022-03-01T00:00:30Z"
  ],
  [
    "an hour that starts at twenty past",
    {start: "2022-03-01T00:20Z"},
    "label not on the 60-minute grid: 2022-03-01T00:20Z"
  ],
  [
    "a day that starts at a half minute",
    {start: "2022-03-01T00:00:30", resolution: "day"},
    "label not on a whole minute: 2022-03-01T00:00:30"
  ],
  [
    "a day that starts at noon",
    {start: "2022-03-01T12:00", resolution: "day"},
    "no day begins then in Europe/Vilnius, where days begin at 00:00: 2022-03-01T12:00"
  ],
  [
    "a month that starts on its fifth",
    {start: "2022-03-05", resolution: "month"},
    "no month begins then in Europe/Vilnius, where days begin at 00:00: 2022-03-05"
  ],
  [
    "an hour that the clock skipped",
    {start: "2022-03-27T03:00"},
    "label of an interval that never happened in Europe/Vilnius: 2022-03-27T03:00"
  ]
]);

/** Labels that are read by policies which the lake sets for sources of its own. */
const policies: readonly BadFile[] = (
  [
    [
      "offset",
      "2022-03-01T00:00+02:00",
      "a label without the offset that its source writes",
      "2022-03-01T01:00",
      "label has no offset: 2022-03-01T01:00"
    ],
    [
      "offset",
      "2022-03-01T00:00+02:00",
      "an offset that the zone hadn't then",
      "2022-03-01T02:00+03:00",
      "label of an interval that never happened in Europe/Vilnius: 2022-03-01T02:00+03:00"
    ],
    [
      "letters",
      "2022-10-30 3A",
      "a doubled hour without its letter",
      "2022-10-30 03:00",
      "label happened twice: 2022-10-30 03:00"
    ],
    [
      "letters",
      "2022-10-30 3A",
      "a letter at an hour that came once",
      "2022-10-30 05:00A",
      "label of an interval that never happened in Europe/Vilnius: 2022-10-30 05:00A"
    ],
    [
      "slots",
      "2022-10-30 25",
      "a slot's number that isn't one",
      "2022-03-01 0",
      "label is no slot number: 2022-03-01 0"
    ],
    [
      "slots",
      "2022-10-30 25",
      "a slot beyond the day's last",
      "2022-03-01 25",
      "label of an interval that never happened in Europe/Vilnius: 2022-03-01 25"
    ],
    [
      "fixed",
      "2022-03-01T00:00",
      "energy in the hour that the clock skipped",
      "2022-03-27T03:00",
      "energy in an hour that does not exist in Europe/Vilnius: 2022-03-27T03:00"
    ],
    [
      "day-first",
      "31-03-2022 10:00",
      "a month beyond the twelfth",
      "03-31-2022 10:00",
      "label unreadable as day_first: 03-31-2022 10:00"
    ]
  ] as const
).map(([folder, good, name, bad, reason], index) => {
  const row = (label: string) => `a,${folder}${index},${label},60min,1.5,kWh`;
  const above = "client_id,meter_id,label,resolution,value,unit";
  return fileOfRows(`${folder}/${index}.csv`, "silver.reading_reject", {above, good: row(good)}, [
    [name, row(bad), reason]
  ]);
});

/** Times that name no interval. */
export const timesOfReadings: readonly BadFile[] = [times, ...policies];
