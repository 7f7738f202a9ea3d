import type {BadFile} from "./bad_file.js";
import {home, landed, list} from "./landed.js";

const nemDay = (value: string, quality = "A") => `${Array(48).fill(value).join()},${quality},,,20220501000000`;
const stream = (suffix: string, unit = "KWH", length = "30") =>
  `200,40012345,E1,E1,${suffix},N1,S,${unit},${length},20220501`;
const nem12 = landed(
  "nem12",
  "csv",
  {
    above: "100,NEM12,202204120954,MDP1,Retail1\n300,20220401,1",
    good: `${stream("E1")}\n300,20220402,${nemDay("0.5")}`,
    below: "900\n"
  },
  [
    ["a NEM12 day on no day", `300,20220231,${nemDay("0.5")}`, "date unreadable: 20220231"],
    [
      "a NEM12 day of too few values",
      "300,20220404,0.5,0.5,A",
      "record of 20220404 doesn't hold the 48 values of a day of 30 minutes each, and their quality"
    ],
    ["a NEM12 record of no kind", "777,what", "record indicator not known: 777"],
    ["a NEM12 quality that isn't one", `300,20220405,${nemDay("0.5", "X")}`, "quality not known: X"],
    [
      "a 400 record beyond its day",
      `300,20220406,${nemDay("0.5", "V")}\n400,1,99,A`,
      "400 record of no intervals of the day: 1 to 99"
    ],
    [
      "400 records that overlap",
      `300,20220407,${nemDay("0.5", "V")}\n400,1,48,A\n400,48,48,E`,
      "400 records overlap at interval 48"
    ],
    [
      "reactive energy of NEM12",
      `${stream("Q1", "KVARH")}\n300,20220408,${nemDay("0.5")}`,
      "reactive, no active energy: Q1 in KVARH"
    ],
    [
      "apparent energy of NEM12",
      `${stream("E2", "KVAH")}\n300,20220409,${nemDay("0.5")}`,
      "apparent, no active energy: E2 in KVAH"
    ],
    [
      "a NEM12 suffix of no direction",
      `${stream("X1")}\n300,20220410,${nemDay("0.5")}`,
      "suffix not known: X1; E is drawn from the grid, B fed into it"
    ],
    [
      "a NEM12 interval of 20 minutes",
      `${stream("E3", "KWH", "20")}\n300,20220411,${nemDay("0.5")}`,
      "interval length not known: 20 minutes; 1, 5, 10, 15 or 30"
    ],
    [
      "a NEM12 unit that isn't one",
      `${stream("E4", "BUSHEL")}\n300,20220412,${nemDay("0.5")}`,
      "unit not known: BUSHEL"
    ]
  ]
);
/** The day above its first 200 record is of no meter. */
const nem12WithStray: BadFile = {
  ...nem12,
  kinds: [...nem12.kinds, {name: "a NEM12 day of no meter", list, reason: "300 record without a 200 record above it"}]
};

const telegram = (stamp: string, lines: readonly string[]) =>
  ["/KFM5KAIFA-METER", "", `0-0:1.0.0(${stamp})`, "0-0:96.1.1(4530)", ...lines, "!"].join("\n");
const both = ["1-0:1.8.1(001000.000*kWh)", "1-0:1.8.2(002000.000*kWh)"];
const dsmr = landed(
  "dsmr",
  "log",
  {
    good: [telegram("220326100000W", both), telegram("220326110000W", ["1-0:1.8.1(001000.500*kWh)", both[1]!])].join(
      "\n"
    )
  },
  [
    [
      "a telegram of a day that its month hasn't",
      telegram("220231100000W", both),
      "time that never was: 220231100000W"
    ],
    ["a telegram at a time in words", telegram("noon", both), "time unreadable: noon"],
    [
      "a telegram by summer time in winter",
      telegram("220326120000S", both),
      "time that never was in Europe/Amsterdam, where it was not summer (S) then: 220326120000S"
    ],
    [
      "a telegram without one of its registers",
      telegram("220326130000W", both.slice(0, 1)),
      "register 1-0:1.8.2 is missing, which other telegrams have"
    ],
    [
      "a telegram whose register is no number",
      telegram("220326140000W", [both[0]!, "1-0:1.8.2(*****)"]),
      "register unreadable: 1-0:1.8.1(001000.000*kWh), 1-0:1.8.2(*****)"
    ],
    [
      "a water meter of a telegram",
      telegram("220326150000W", ["0-1:24.1.0(007)", "0-1:24.2.1(220326150000W)(00010.000*m3)"]),
      "water, no energy: channel 1"
    ],
    [
      "a meter of no known type of a telegram",
      telegram("220326160000W", ["0-2:24.1.0(099)", "0-2:24.2.1(220326160000W)(00010.000*m3)"]),
      "device type not known: 099 of channel 2"
    ]
  ],
  home
);

const statistic = (second: number, state: string, sum: string, unit = "kWh", id = "grid") =>
  `sensor.${id},${unit},${1648249200 + second * 3600}.0,${state},${sum}`;
const homeAssistant = landed(
  "home-assistant",
  "csv",
  {
    above: "statistic_id,unit_of_measurement,start_ts,state,sum",
    good: [0, 1, 2].map((hour) => statistic(hour, `${100 + hour}`, `${50 + hour}`)).join("\n")
  },
  [
    [
      "a sum that its state contradicts",
      statistic(3, "102.5", "58"),
      "sum and state disagree: the sum grew by 6, the state went from 102 to 102.5"
    ],
    ["a statistic without a sum", statistic(4, "103", ""), "sum missing"],
    ["a sum in words", statistic(5, "103", "unknown"), "sum is no number: unknown"],
    [
      "a unit of a statistic that isn't one of energy",
      [0, 1].map((hour) => statistic(hour, `${hour}`, `${hour}`, "bar", "steam")).join("\n"),
      "unit not known: bar"
    ],
    [
      "an hour of a statistic after a gap",
      statistic(8, "109", "59"),
      "no sum of the hour before, so that its energy is not known: 1648278000.0"
    ]
  ],
  {defaults: {channel: "import"}, settings: {timeZone: "Europe/Amsterdam"}}
);
/** The first hour of a statistic has no energy, either. */
const homeAssistantWithFirst: BadFile = {
  ...homeAssistant,
  kinds: [
    ...homeAssistant.kinds,
    {
      name: "the first hour of a statistic",
      list,
      reason: "no sum of the hour before, so that its energy is not known: 1648249200.0"
    }
  ]
};

const link = (name: string, rel = "self") => `<link rel="${rel}" href="https://u.example/espi/${name}"/>`;
/** A reading of a type of its own: what is changed stands in the type or in the reading. */
const espi = (
  number: number,
  type: string,
  reading = "<timePeriod><duration>3600</duration><start>1700002800</start></timePeriod><value>5</value>"
) => {
  const meter = `UsagePoint/1/MeterReading/${number}`;
  return [
    `<entry>${link(`ReadingType/${number}`)}<content><ReadingType>${type}</ReadingType></content></entry>`,
    `<entry>${link(meter)}${link(`ReadingType/${number}`, "related")}<content><MeterReading/></content></entry>`,
    `<entry>${link(`${meter}/IntervalBlock/1`)}${link(`${meter}/IntervalBlock`, "up")}<content><IntervalBlock><IntervalReading>${reading}</IntervalReading></IntervalBlock></content></entry>`
  ].join("");
};
const energy = "<commodity>1</commodity><flowDirection>1</flowDirection><uom>72</uom>";
const greenButton = landed(
  "green-button",
  "xml",
  {
    above: '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">',
    good: `<entry>${link("UsagePoint/1")}<content><UsagePoint><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint></content></entry>${espi(1, energy)}`,
    below: "</feed>\n"
  },
  [
    [
      "reactive energy of Green Button",
      espi(2, energy.replace("72", "73")),
      "reactive energy (VArh), no active energy: uom 73"
    ],
    [
      "a temperature of Green Button",
      espi(3, energy.replace("72", "23")),
      "a temperature (°C), no active energy: uom 23"
    ],
    [
      "water of Green Button",
      espi(4, energy.replace("<commodity>1", "<commodity>9")),
      "neither electricity, gas nor heat: commodity 9"
    ],
    [
      "a direction of Green Button that isn't one",
      espi(5, energy.replace("<flowDirection>1", "<flowDirection>2")),
      "flow direction not known: 2; 1, 4, 19 or 20"
    ],
    [
      "a maximum of Green Button",
      espi(6, `${energy}<dataQualifier>8</dataQualifier>`),
      "a maximum, no energy of an interval: dataQualifier 8"
    ],
    [
      "a moment's value of Green Button",
      espi(7, `${energy}<accumulationBehaviour>12</accumulationBehaviour>`),
      "a value at a moment, no energy of an interval: accumulationBehaviour 12"
    ],
    [
      "a start of Green Button in words",
      espi(8, energy, "<timePeriod><duration>3600</duration><start>noon</start></timePeriod><value>5</value>"),
      "start unreadable: noon"
    ],
    [
      "an interval of Green Button of no length",
      espi(9, energy, "<timePeriod><duration>0</duration><start>1700002800</start></timePeriod><value>5</value>"),
      "duration unreadable: 0"
    ],
    [
      "a projected value of Green Button",
      espi(
        10,
        energy,
        "<timePeriod><duration>3600</duration><start>1700002800</start></timePeriod><value>5</value><ReadingQuality><quality>12</quality></ReadingQuality>"
      ),
      "quality not taken in: projected (12)"
    ]
  ],
  {...home, settings: {timeZone: "America/New_York"}}
);

/** Formats that are no tables, or whose rows need those beside them. */
export const ownFormats: readonly BadFile[] = [nem12WithStray, dsmr, homeAssistantWithFirst, greenButton];
