import {type BadFile, fileOfObjects} from "./bad_file.js";

const record = (index: number) => ({
  ts_utc: `2025-08-02T00:00:${String(index).padStart(2, "0")}Z`,
  ...{device_id: "d1", site_id: "s1", power_w: 1, energy_wh: 1, voltage_v: 230, current_a: 1},
  ...{temperature_c: 20, soc_percent: 50, status: "OK"}
});
const {device_id: _, ...nameless} = record(40);

const telemetry = fileOfObjects("telemetry/2025/08/02/s1/d1.jsonl", "silver.telemetry_reject", record, [
  ["a device's line that is no JSON", "offline", "not JSON"],
  ["a device's line that is a list", "[1]", "not a JSON object"],
  ["a record of a device without its id", JSON.stringify(nameless), "field missing: device_id"],
  ["a record with a field more", {mood: "good"}, "field not known: mood"],
  ["a record with a field twice", `${JSON.stringify(record(41)).slice(0, -1)}, "power_w": 2}`, "field twice"],
  ["an instant as a number", {ts_utc: 1754092800}, "ts_utc is no text: 1754092800"],
  [
    "an instant without its zone",
    {ts_utc: "2025-08-02T00:00:00"},
    "ts_utc unreadable, or not UTC: 2025-08-02T00:00:00"
  ],
  ["an instant of a far age", {ts_utc: "2525-08-02T00:00:00Z"}, "date outside 1970 to 2100: 2525-08-02T00:00:00Z"],
  ["a device's id as a number", {device_id: 7}, "device_id is no text: 7"],
  ["a device's id of spaces", {device_id: " "}, "device_id is empty"],
  ["a site's id as a list", {site_id: ["s1"]}, 'site_id is no text: ["s1"]'],
  ["a site's id of no letter", {site_id: ""}, "site_id is empty"],
  ["a status as a number", {status: 3}, "status is no text: 3"],
  ["power as a text", {power_w: "1"}, 'power_w is no number that fits: "1"'],
  ["energy beyond all measure", {energy_wh: 1e30}, "energy_wh is no number that fits: 1e30"],
  ["voltage as a truth", {voltage_v: true}, "voltage_v is no number that fits: true"],
  ["current as an object", {current_a: {a: 1}}, 'current_a is no number that fits: {"a":1}'],
  ["temperature as a list", {temperature_c: [20]}, "temperature_c is no number that fits: [20]"],
  ["a state of charge in words", {soc_percent: "half"}, 'soc_percent is no number that fits: "half"']
]);

const home = (index: number) => ({
  ...{client_id: "h", location_id: `home-${index}`, latitude: 54.7, longitude: 25.3},
  ...{country: "LT", time_zone: "Europe/Vilnius"}
});

const homes = fileOfObjects("homes/profiles.jsonl", "silver.record_reject", home, [
  ["a home of no place", {location_id: ""}, "location id missing"],
  ["a home from a day in words", {valid_from: "spring"}, "valid_from is no date: spring"],
  ["a home from a day of another age", {valid_from: "2222-01-01"}, "valid_from outside 1970 to 2100: 2222-01-01"],
  ["a home without a latitude", {latitude: null}, "latitude missing"],
  ["a home's longitude in words", {longitude: "east"}, "longitude is no number: east"],
  ["a home beyond the pole", {latitude: 91.5}, "latitude outside -90 to 90: 91.5"],
  ["a home beyond the date line", {longitude: 181.5}, "longitude outside -180 to 180: 181.5"],
  ["a home in no time zone", {time_zone: "Europe/Atlantis"}, "time zone not known: Europe/Atlantis"],
  ["a country by its name", {country: "Lithuania"}, "country is no code of two letters: Lithuania"],
  ["a floor area in words", {floor_area_m2: "large"}, "floor area is no number: large"],
  ["a floor area of nothing", {floor_area_m2: 0}, "floor area outside 0 to 10000 m2: 0"],
  ["a year of building in words", {year_built: "old"}, "year built is no whole number: old"],
  ["a year of building to come", {year_built: 2500}, "year built outside 1000 to 2100: 2500"],
  ["half a person", {occupants: 1.5}, "occupants is no whole number: 1.5"],
  ["fewer than no persons", {occupants: -1}, "occupants outside 0 to 1000: -1"],
  ["solar power in words", {solar_kwp: "some"}, "solar kWp is no number: some"],
  ["solar power below zero", {solar_kwp: -1}, "solar kWp outside 0 to 1000: -1"],
  ["a tilt in words", {solar_tilt_deg: "flat"}, "solar tilt is no number: flat"],
  ["a tilt beyond upright", {solar_tilt_deg: 95}, "solar tilt outside 0 to 90: 95"],
  ["an azimuth in words", {solar_azimuth_deg: "south"}, "solar azimuth is no number: south"],
  ["an azimuth beyond a circle", {solar_azimuth_deg: 361}, "solar azimuth outside 0 to 360: 361"],
  ["a battery in words", {battery_kwh: "big"}, "battery is no number: big"],
  ["a battery below zero", {battery_kwh: -2}, "battery outside 0 to 10000 kWh: -2"],
  ["a car that there may be", {has_ev: "maybe"}, "has_ev is neither true nor false: maybe"],
  [
    "a home described twice, differently",
    [{occupants: 1}, {occupants: 2}],
    "home told twice in one file, differently: home-25"
  ]
]);

export const telemetryAndHomes: readonly BadFile[] = [telemetry, homes];
