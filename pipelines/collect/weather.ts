import {type Feed, glimpse, questionsIn} from "./feed.js";
import type {Point} from "./places.js";
import {partAddress, withParameters} from "./secret.js";

/** The service's own address: its archive of reanalysed weather. */
export const openMeteoAddress = "https://archive-api.open-meteo.com/v1/archive";

const hourly = [
  "temperature_2m",
  "wind_speed_10m",
  "cloud_cover",
  "relative_humidity_2m",
  "pressure_msl",
  "precipitation",
  "shortwave_radiation"
].join(",");

/**
 * Hourly weather of points, by UTC days, a month a request, from Open-Meteo's archive
 * (https://open-meteo.com/en/docs/historical-weather-api). Its newest days are filled in within a week.
 */
export function weatherFeed(points: readonly Pick<Point, "latitude" | "longitude">[], base = openMeteoAddress): Feed {
  const {open, secret} = partAddress(base);
  return {
    source: "weather",
    extension: ".json",
    places: points.map(({latitude, longitude}) => `${latitude},${longitude}`),
    settledAfterDays: 7,
    requests: (place, days) =>
      stretches(days).map(({from, to}) => {
        const [latitude = "", longitude = ""] = place.split(",");
        const address = new URL(open);
        const asked = {latitude, longitude, start_date: from, end_date: to, hourly};
        const units = {timezone: "UTC", wind_speed_unit: "ms"};
        for (const [name, value] of Object.entries({...asked, ...units})) address.searchParams.set(name, value);
        return {place, from, to, address};
      }),
    requestOf(name) {
      const asked = questionsIn(name);
      const [from, to] = [asked?.get("start_date"), asked?.get("end_date")];
      if (!asked || !from || !to || asked.get("hourly") !== hourly) return undefined;
      return {place: `${asked.get("latitude")},${asked.get("longitude")}`, from, to};
    },
    secrets: secret.map(([, value]) => value),
    secretly: (address) => withParameters(address, secret),
    judge({status, body}, {from, to}) {
      let document: any;
      try {
        document = JSON.parse(body.toString("utf8"));
      } catch {
        return {kind: "broken", reason: `the answer is no whole JSON: ${glimpse(body)}`};
      }
      if (document?.error === true || status !== 200)
        return {kind: "refused", reason: `the service refused (HTTP ${status}): ${document?.reason ?? glimpse(body)}`};
      const times = document?.hourly?.time;
      if (!Array.isArray(times)) return {kind: "broken", reason: `no hourly.time in the answer: ${glimpse(body)}`};
      const [first, last] = [times[0], times.at(-1)].map((time) => String(time).slice(0, 10));
      if (first !== from || last !== to)
        return {kind: "broken", reason: `the answer is of ${first} to ${last}, not of ${from} to ${to}`};
      return {kind: "good"};
    }
  };
}

/** Days, each after the other, as stretches without a gap, none longer than its month. */
function stretches(days: readonly string[]): {from: string; to: string}[] {
  const found: {from: string; to: string}[] = [];
  for (const day of days) {
    const last = found.at(-1);
    if (last && last.to.slice(0, 7) === day.slice(0, 7) && Number(last.to.slice(8)) + 1 === Number(day.slice(8)))
      last.to = day;
    else found.push({from: day, to: day});
  }
  return found;
}
