import {pathPattern} from "./describe.js";
import type {FileColumns, Reader} from "./reader.js";

/**
 * Answers of Open-Meteo (https://open-meteo.com/en/docs/historical-weather-api): an object of hourly arrays beside a
 * `time` array, or a list of such objects, one for each point asked for. A row is an hour of a point: `latitude`,
 * `longitude`, `utc_offset_seconds`, `time`, then each variable and its unit, `temperature_2m` and
 * `temperature_2m_unit`, every value as text.
 */
export const openMeteo: Reader = {
  extensions: [".json", ".json.gz"],
  async columns(connection, files) {
    const found = await connection.rows<Found>(
      `SELECT filename, list(error) AS errors, list(names) AS names, min(hours) AS hours,
         list(list_filter(names, lambda name: len(CAST(json_extract(hourly, '$."' || name || '"') AS JSON[])) IS DISTINCT FROM hours)) AS uneven
       FROM (
         SELECT filename, json_extract_string(json, '$.reason') AS error, hourly, json_keys(hourly) AS names,
           len(CAST(json_extract(hourly, '$.time') AS JSON[])) AS hours
         FROM (SELECT filename, json, json_extract(json, '$.hourly') AS hourly FROM ${documents(files)})
       )
       GROUP BY filename`
    );
    const byFile = new Map(found.map((row) => [row.filename, row]));
    return new Map(files.map((file) => [file, columnsOf(byFile.get(file))]));
  },
  select: (files, columns) => {
    const variables = [...columns.keys()].filter((name) => !ofDocument.includes(name) && !name.endsWith("_unit"));
    const list = (name: string) => `CAST(json_extract(json, '$.hourly."${name}"') AS VARCHAR[])`;
    return `SELECT ${ofDocument.filter((name) => name !== "time").join(", ")}, time,
              ${variables.map((name) => `"${name}", "${name}_unit"`).join(", ")}, landing_file,
              row_number() OVER (PARTITION BY landing_file ORDER BY place, hour) AS landing_row
            FROM (
              SELECT filename AS landing_file, place, generate_subscripts(${list("time")}, 1) AS hour,
                json_extract_string(json, '$.latitude') AS latitude,
                json_extract_string(json, '$.longitude') AS longitude,
                json_extract_string(json, '$.utc_offset_seconds') AS utc_offset_seconds,
                unnest(${list("time")}) AS time,
                ${variables.map((name) => `unnest(${list(name)}) AS "${name}", json_extract_string(json, '$.hourly_units."${name}"') AS "${name}_unit"`).join(", ")}
              FROM (SELECT filename, json, row_number() OVER (PARTITION BY filename) AS place FROM ${documents(files)})
            )`;
  }
};

const ofDocument = ["latitude", "longitude", "utc_offset_seconds", "time"];

/** What there is in a file: of each of its objects. */
interface Found {
  readonly filename: string;
  readonly errors: readonly (string | null)[];
  readonly names: readonly (readonly string[] | null)[];
  readonly hours: bigint | null;
  /** The arrays that haven't as many values as there are times. */
  readonly uneven: readonly (readonly string[] | null)[];
}

function documents(files: readonly string[]): string {
  return `read_json_objects([${files.map(pathPattern).join(", ")}], format = 'auto', filename = true, hive_partitioning = false)`;
}

function columnsOf(found: Found | undefined): FileColumns {
  if (!found) throw new Error("there is nothing in it");
  const refusal = found.errors.find((error) => error !== null);
  if (refusal != null) throw new Error(`the service refused: ${refusal}`);
  const [names] = found.names;
  if (!names?.includes("time") || found.hours === null) throw new Error("no array hourly.time in it");
  if (found.names.some((others) => others?.join() !== names.join()))
    throw new Error("its points have not all the same variables");
  const uneven = found.uneven.flatMap((list) => list ?? []);
  if (uneven.length > 0) throw new Error(`hourly.${uneven[0]} has not as many values as there are times`);
  const variables = names.filter((name) => name !== "time");
  return new Map(
    [...ofDocument, ...variables.flatMap((name) => [name, `${name}_unit`])].map((name) => [name, "VARCHAR"])
  );
}
