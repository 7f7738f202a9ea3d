import {datadis} from "./datadis.js";
import {dsmr} from "./dsmr.js";
import {enedis} from "./enedis.js";
import {fingrid} from "./fingrid.js";
import {fluvius} from "./fluvius.js";
import {greenButton} from "./green_button.js";
import {hdf} from "./hdf.js";
import {homeAssistant} from "./home_assistant.js";
import type {KnownFormat} from "./known_format.js";
import {lowCarbonLondon} from "./low_carbon_london.js";
import {nem12} from "./nem12.js";
import {octopus} from "./octopus.js";
import {pge} from "./pge.js";
import {wide} from "./wide.js";

/** The formats that `land` knows. docs/formats.md has a section for each. */
export const knownFormats: readonly KnownFormat[] = [
  ...[
    greenButton,
    nem12,
    hdf,
    wide,
    octopus,
    lowCarbonLondon,
    datadis,
    enedis,
    fingrid,
    fluvius,
    dsmr,
    homeAssistant,
    pge
  ]
];
