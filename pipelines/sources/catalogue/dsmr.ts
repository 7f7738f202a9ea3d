import type {KnownFormat} from "./known_format.js";

/** Logs of telegrams from the P1 port of smart meters in the Netherlands, Belgium and Luxembourg. */
export const dsmr: KnownFormat = {
  name: "dsmr",
  title: "P1 telegrams (DSMR, eMUCs)",
  namesMeter: "sometimes",
  kinds: [{settings: {timeZone: "Europe/Amsterdam", policy: "utc", fileFormat: "telegrams"}}]
};
