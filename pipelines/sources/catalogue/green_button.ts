import {entriesOf} from "../formats/espi_feed.js";
import {zoneOfGreenButton} from "../formats/espi_zone.js";
import type {KnownFormat} from "./known_format.js";

/** Green Button's XML, of utilities in North America and elsewhere. A file may state its zone; it names its meter by a link alone. */
export const greenButton: KnownFormat = {
  name: "green-button",
  title: "Green Button (ESPI)",
  namesMeter: "sometimes",
  zoneOf: zoneOfGreenButton,
  asksFor: async (reading) => {
    const entries = await entriesOf(reading).catch(() => []);
    const kinds = new Set(entries.map(({kind}) => kind));
    if (!kinds.has("IntervalBlock") || kinds.has("ReadingType")) return undefined;
    return {columns: ["unit", "channel"], reason: "it has no ReadingType, which says what its values are"};
  },
  kinds: [{settings: {policy: "utc", fileFormat: "green_button"}}]
};
