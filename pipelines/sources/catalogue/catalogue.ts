import {datadis} from "./datadis.js";
import {fingrid} from "./fingrid.js";
import {fluvius} from "./fluvius.js";
import {hdf} from "./hdf.js";
import type {KnownFormat} from "./known_format.js";
import {lowCarbonLondon} from "./low_carbon_london.js";
import {octopus} from "./octopus.js";
import {wide} from "./wide.js";

/** The formats that `land` knows. docs/formats.md has a section for each. */
export const knownFormats: readonly KnownFormat[] = [hdf, wide, octopus, lowCarbonLondon, datadis, fingrid, fluvius];
