import type {KnownFormat} from "./known_format.js";

/** NEM12 and NEM13 of Australia's market. Its day is that of a clock that never changes, as Brisbane's. */
export const nem12: KnownFormat = {
  name: "nem12",
  title: "NEM12 and NEM13, Australia",
  namesMeter: "always",
  kinds: [{settings: {timeZone: "Australia/Brisbane", policy: "utc", fileFormat: "nem12"}}]
};
