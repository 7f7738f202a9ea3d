import type {BadFile} from "./bad_file.js";
import {home, landed} from "./landed.js";

const hdfRow = (type: string, label: string, value = "0.5") => `10012345678,1,${value},${type},${label}`;
const importing = "Active Import Interval (kWh)";
const hdf = landed(
  "hdf",
  "csv",
  {
    above: "MPRN,Meter Serial Number,Read Value,Read Type,Read Date and End Time",
    good: hdfRow(importing, "31-10-2023 00:00")
  },
  [
    [
      "a read type of a register",
      hdfRow("24 Hr Active Import Register (kWh)", "30-10-2023 23:30"),
      "read type not known: 24 Hr Active Import Register (kWh)"
    ],
    ["a value of HDF in words", hdfRow(importing, "30-10-2023 23:00", "none"), "value is no number: none"],
    [
      "a date of HDF with the month first",
      hdfRow(importing, "10-31-2023 22:30"),
      "label unreadable as day_first: 10-31-2023 22:30"
    ]
  ]
);

const octopus = landed(
  "octopus",
  "csv",
  {above: "Consumption (kwh), Start, End", good: "0.5, 2023-10-28T00:00:00+01:00, 2023-10-28T00:30:00+01:00"},
  [
    [
      "an interval of Octopus of 10 minutes",
      "0.5, 2023-10-28T00:30:00+01:00, 2023-10-28T00:40:00+01:00",
      "neither 15, 30 nor 60 minutes, a day nor a month: 2023-10-28T00:30:00+01:00 to 2023-10-28T00:40:00+01:00"
    ],
    [
      "an interval of Octopus that runs backwards",
      "0.5, 2023-10-28T02:00:00+01:00, 2023-10-28T01:30:00+01:00",
      "end is not after start: 2023-10-28T02:00:00+01:00 to 2023-10-28T01:30:00+01:00"
    ],
    [
      "minus energy of Octopus",
      "-0.5, 2023-10-28T03:00:00+01:00, 2023-10-28T03:30:00+01:00",
      "negative value: -0.500000"
    ]
  ],
  home
);

const datadisRow = (hour: string, value = "0,555", method = "Real", date = "2022/03/26") =>
  `ES1;${date};${hour};${value};${method};`;
const datadis = landed(
  "datadis",
  "csv",
  {above: "CUPS;Fecha;Hora;Consumo_kWh;Metodo_obtencion;Energia_vertida_kWh", good: datadisRow("01:00")},
  [
    ["a method of Datadis that isn't one", datadisRow("02:00", "0,555", "Inventada"), "quality not known: Inventada"],
    ["a value of Datadis in words", datadisRow("03:00", "mucho"), "value is no number: mucho"]
  ]
);

const fingridRow = (product: string, resolution: string, hour: string, unit = "kWh", quality = "OK") =>
  `643000000000000001;${product};${resolution};${unit};2022-10-28T${hour}:00:00Z;0,555;${quality}`;
const active = "8716867000030";
const fingrid = landed(
  "fingrid",
  "csv",
  {
    above: "Mittauspisteen tunnus;Tuotteen tyyppi;Resoluutio;Yksikkötyyppi;Alkuaika;Määrä;Laatu",
    good: fingridRow(active, "PT1H", "01")
  },
  [
    ["reactive energy of Fingrid", fingridRow("8716867000139", "PT1H", "02"), "product type not known: 8716867000139"],
    ["a resolution of Fingrid that isn't one", fingridRow(active, "PT7M", "03"), "resolution not known: PT7M"],
    ["a unit of Fingrid that isn't one", fingridRow(active, "PT1H", "04", "sauna"), "unit not known: sauna"],
    [
      "a quality of Fingrid that isn't one",
      fingridRow(active, "PT1H", "05", "kWh", "GUESS"),
      "quality not known: GUESS"
    ]
  ]
);

const fluviusRow = (from: string, to: string, register = "Afname Nacht", unit = "kWh", date = "26-03-2022") =>
  `${date};${from}:00;${date};${to}:00;="541448800000000001";1SAG;Digitale meter;${register};0,555;${unit};Uitgelezen;`;
const fluvius = landed(
  "fluvius",
  "csv",
  {
    above:
      "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus;Omschrijving",
    good: fluviusRow("00:00", "00:15")
  },
  [
    [
      "a register of Fluvius that isn't one",
      fluviusRow("00:15", "00:30", "Afname Feest"),
      "register not known: Afname Feest"
    ],
    ["a unit of Fluvius that isn't one", fluviusRow("00:30", "00:45", "Afname Nacht", "pint"), "unit not known: pint"],
    [
      "gas of Fluvius by its volume",
      fluviusRow("00:00", "01:00", "Afname", "m³"),
      "volume of gas in m³: the row in kWh holds its energy"
    ]
  ]
);

const enedis = landed(
  "enedis",
  "csv",
  {
    above:
      "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;Pas en minutes\n01234567890123;Courbe de charge;26/03/2022;31/10/2022;Energie active;Consommation;Comptage Brut;W;\nHorodate;Valeur",
    good: [1, 2, 3].map((hour) => `2022-03-26T0${hour}:00:00+01:00;76`).join("\n")
  },
  [
    ["power of Enedis in words", "2022-03-26T04:00:00+01:00;beaucoup", "value is no number: beaucoup"],
    ["power of Enedis below zero", "2022-03-26T05:00:00+01:00;-76", "negative value: -76.000000"]
  ]
);

const pgeRow = (start: string, end: string, more: {type?: string; value?: string; unit?: string} = {}) =>
  `${more.type ?? "Electric usage"},2022-03-12,${start},${end},${more.value ?? "0.5"},${more.unit ?? "kWh"},$0.01,`;
const pge = landed(
  "pge",
  "csv",
  {above: "Name,JANE DOE\n\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES", good: pgeRow("00:00", "00:14")},
  [
    [
      "a type of PG&E that isn't metered",
      pgeRow("00:15", "00:29", {type: "Water usage"}),
      "type not known: Water usage"
    ],
    ["a unit of PG&E that isn't one", pgeRow("00:30", "00:44", {unit: "gallons"}), "unit not known: gallons"],
    ["usage of PG&E in words", pgeRow("00:45", "00:59", {value: "low"}), "value is no number: low"]
  ],
  home
);

const hours = Array.from({length: 24}, (_, hour) => hour + 1).join();
const wide = landed(
  "wide",
  "csv",
  {above: `Customer,Consumption Category,date,${hours}`, good: `1,GC,6/10/2012${",0.5".repeat(24)}`},
  [
    [
      "a category of a wide table that isn't one",
      `2,XX,6/10/2012${",0.5".repeat(24)}`,
      "consumption category not known: XX"
    ],
    ["a value of a wide table in words", `3,GC,6/10/2012,low${",0.5".repeat(23)}`, "value is no number: low"]
  ],
  {settings: {timeZone: "Australia/Sydney", policy: "fixed_slots_sum_double"}}
);

const lowCarbonLondon = landed(
  "low-carbon-london",
  "csv",
  {above: "LCLid,stdorToU,DateTime,KWH/hh (per half hour) ", good: "MAC1,Std,2013-03-30 00:00:00.0000000, 0.5 "},
  [
    [
      "a half hour of London at 15:13",
      "MAC1,Std,2013-03-30 15:13:00.0000000, 0.5 ",
      "label not on the 30-minute grid: 2013-03-30 15:13:00.0000000"
    ],
    ["a half hour of London in words", "MAC1,Std,2013-03-30 01:00:00.0000000, nil ", "value is no number: nil"]
  ]
);

/** Tables as utilities give them to people. */
export const tableFormats: readonly BadFile[] = [
  ...[hdf, octopus, datadis, fingrid, fluvius, enedis, pge, wide, lowCarbonLondon]
];
