import {arraysOf, isCut} from "./json_large.js";
import {cutAnswers} from "./open_meteo_cut.js";
import type {Reader} from "./reader.js";

/**
 * Answers of Open-Meteo (https://open-meteo.com/en/docs/historical-weather-api): an object of hourly arrays beside a
 * `time` array, or a list of such objects, one for each point asked for. A row is an hour of a point: `latitude`,
 * `longitude`, `utc_offset_seconds`, `time`, then each variable and its unit, `temperature_2m` and
 * `temperature_2m_unit`, every value as text.
 */
export const openMeteo: Reader = {
  extensions: [".json", ".json.gz"],
  columns: cutAnswers,
  select(files, columns) {
    if (!isCut(columns)) throw new Error("files are read after their columns are found");
    return arraysOf(files, columns);
  }
};
