import {type BadFile, fileOfObjects, fileOfRows} from "./bad_file.js";

const list = "silver.record_reject";

const observation = (time: string, rest: string, station = "good") => `${time},${station},${rest}`;
const observations = fileOfRows(
  "weather/observations.csv",
  list,
  {
    above:
      "obs_time_utc,station_code,air_temperature,wind_speed,cloud_cover,sea_level_pressure,relative_humidity,precipitation",
    good: observation("2022-01-01 00:00:00", "4.0,3.3,50,1004.9,99,0.0")
  },
  [
    [
      "weather of a station in no list",
      observation("2022-01-01 01:00:00", "4.0,3.3,50,1004.9,99,0.0", "lost"),
      "station in no list: lost"
    ],
    [
      "weather of no station",
      observation("2022-01-01 01:00:00", "4.0,3.3,50,1004.9,99,0.0", ""),
      "station code missing"
    ],
    ["weather without a time", observation("", "4.0,3.3,50,1004.9,99,0.0"), "time missing"],
    ["weather at a time in words", observation("today", "4.0,3.3,50,1004.9,99,0.0"), "time unreadable: today"],
    [
      "weather at half past",
      observation("2022-01-01 02:30:00", "4.0,3.3,50,1004.9,99,0.0"),
      "time not on the hour: 2022-01-01 02:30:00"
    ],
    [
      "weather of another age",
      observation("1922-01-01 02:00:00", "4.0,3.3,50,1004.9,99,0.0"),
      "date outside 1970 to 2100: 1922-01-01 02:00:00"
    ],
    [
      "a temperature in words",
      observation("2022-01-01 03:00:00", "cold,3.3,50,1004.9,99,0.0"),
      "temperature is no number: cold"
    ],
    [
      "a temperature that the earth hasn't",
      observation("2022-01-01 04:00:00", "99.5,3.3,50,1004.9,99,0.0"),
      "temperature outside -90 to 60: 99.500000"
    ],
    ["wind in words", observation("2022-01-01 05:00:00", "4.0,calm,50,1004.9,99,0.0"), "wind speed is no number: calm"],
    [
      "wind below zero",
      observation("2022-01-01 06:00:00", "4.0,-3.5,50,1004.9,99,0.0"),
      "wind speed outside 0 to 120: -3.500000"
    ],
    [
      "clouds in words",
      observation("2022-01-01 07:00:00", "4.0,3.3,some,1004.9,99,0.0"),
      "cloud cover is no number: some"
    ],
    [
      "clouds beyond the sky",
      observation("2022-01-01 08:00:00", "4.0,3.3,150.5,1004.9,99,0.0"),
      "cloud cover outside 0 to 100: 150.500000"
    ],
    ["pressure in words", observation("2022-01-01 09:00:00", "4.0,3.3,50,high,99,0.0"), "pressure is no number: high"],
    [
      "pressure of another planet",
      observation("2022-01-01 10:00:00", "4.0,3.3,50,92.5,99,0.0"),
      "pressure outside 850 to 1100: 92.500000"
    ],
    [
      "humidity in words",
      observation("2022-01-01 11:00:00", "4.0,3.3,50,1004.9,wet,0.0"),
      "humidity is no number: wet"
    ],
    [
      "humidity above all of it",
      observation("2022-01-01 12:00:00", "4.0,3.3,50,1004.9,199.5,0.0"),
      "humidity outside 0 to 100: 199.500000"
    ],
    [
      "rain in words",
      observation("2022-01-01 13:00:00", "4.0,3.3,50,1004.9,99,drizzle"),
      "precipitation is no number: drizzle"
    ],
    [
      "rain of a flood",
      observation("2022-01-01 14:00:00", "4.0,3.3,50,1004.9,99,600.5"),
      "precipitation outside 0 to 500: 600.500000"
    ],
    ["an hour without any weather", observation("2022-01-01 15:00:00", ",,,,,"), "no value in it: 2022-01-01 15:00:00"],
    [
      "an hour with two weathers",
      `${observation("2022-01-01 16:00:00", "4.0,3.3,50,1004.9,99,0.0")}\n${observation("2022-01-01 16:00:00", "5.0,3.3,50,1004.9,99,0.0")}`,
      "hour told twice in one file, differently: 2022-01-01 16:00:00"
    ],
    [
      "weather of a station without a place",
      observation("2022-01-01 00:00:00", "4.0,3.3,50,1004.9,99,0.0", "nowhere"),
      "latitude missing"
    ],
    [
      "weather of a station beyond the pole",
      observation("2022-01-01 00:00:00", "4.0,3.3,50,1004.9,99,0.0", "beyond"),
      "latitude outside -90 to 90: 95.5"
    ]
  ]
);

const answers: readonly BadFile[] = (
  [
    ["a temperature in kelvin", {hourly_units: {temperature_2m: "K"}}, "temperature in a unit that is not known: K"],
    ["an answer for no latitude", {latitude: null}, "latitude missing"],
    ["an answer for a longitude beyond the date line", {longitude: 190.5}, "longitude outside -180 to 180: 190.5"],
    ["an answer without its offset", {utc_offset_seconds: null}, "utc_offset_seconds missing"],
    ["an answer with an offset in words", {utc_offset_seconds: "GMT"}, "utc_offset_seconds unreadable: GMT"],
    ["an answer's time in words", {hourly: {time: ["midnight"], temperature_2m: [1.5]}}, "time unreadable: midnight"]
  ] as const
).map(([name, changed, reason], index) => {
  const good = {
    ...{latitude: 54.5 + index, longitude: 25.25, utc_offset_seconds: 0},
    hourly_units: {time: "iso8601", temperature_2m: "°C"},
    hourly: {time: ["2022-01-01T00:00"], temperature_2m: [1.5]}
  };
  return fileOfObjects(`weather/answer ${index}.json`, list, () => good, [[name, changed, reason]]);
});

/** An answer for several points is a list. */
function asList(file: BadFile): BadFile {
  return {...file, content: `[${String(file.content).trim().split("\n").join(",")}]`};
}

/** Weather, of stations and of a grid. */
export const weather: readonly BadFile[] = [observations, ...answers.map(asList)];
