import {zoneOfGreenButton} from "../formats/espi_zone.js";
import type {KnownFormat} from "./known_format.js";

/** Green Button's XML, of utilities in North America and elsewhere. A file may state its zone; it names its meter by a link alone. */
export const greenButton: KnownFormat = {
  name: "green-button",
  title: "Green Button (ESPI)",
  namesMeter: "sometimes",
  zoneOf: zoneOfGreenButton,
  kinds: [{settings: {policy: "utc", fileFormat: "green_button"}}]
};
