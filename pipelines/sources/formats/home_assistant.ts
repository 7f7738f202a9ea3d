import {hasExtension} from "./file_name.js";
import type {FileColumns, Reader} from "./reader.js";
import {sqliteTable} from "./sqlite.js";
import {loadedRows} from "./text_table.js";

/**
 * Home Assistant's long-term statistics, an hour a row: as a table of rows, or in the database of its recorder, where those are read that
 * have a sum and a unit of energy or gas. The statistics of five minutes there are of the same energy, and aren't read.
 */
export function homeAssistant(table: Reader): Reader {
  return {
    extensions: [...table.extensions, ...statistics.extensions],
    async columns(connection, files, limits) {
      const databases = files.filter(isDatabase);
      const columns = new Map(
        await table.columns(
          connection,
          files.filter((file) => !isDatabase(file)),
          limits
        )
      );
      if (databases.length === 0) return columns;
      const meta = await statisticsMeta.columns(connection, databases, limits);
      for (const [file, found] of await statistics.columns(connection, databases, limits)) {
        const metaFound = meta.get(file)!;
        if (found instanceof Error) columns.set(file, found);
        else if (metaFound instanceof Error) columns.set(file, metaFound);
        else columns.set(file, new DatabaseColumns(found, metaFound));
      }
      return columns;
    },
    select(files, columns) {
      if (!(columns instanceof DatabaseColumns)) return table.select(files, columns);
      const seconds = `CAST(CAST(floor(epoch(try_cast("start" AS TIMESTAMP))) AS BIGINT) AS VARCHAR)`;
      const start = [...(columns.has("start_ts") ? ["start_ts"] : []), ...(columns.has("start") ? [seconds] : [])];
      const own = ["metadata_id", "state", "sum", ...times.filter((name) => columns.has(name))];
      return `SELECT statistic_id, unit_of_measurement, coalesce(${start.join(", ")}) AS start_ts, state, sum, statistics.landing_file, statistics.landing_row
              FROM (${loadedRows(files, columns.statistics, own)}) AS statistics
              JOIN (${loadedRows(files, columns.meta, ["id", "statistic_id", "unit_of_measurement", "has_sum"])}) AS meta
                ON meta.landing_file = statistics.landing_file AND meta.id = statistics.metadata_id
              WHERE meta.has_sum = '1' AND lower(unit_of_measurement) IN (${units.map((unit) => `'${unit}'`).join(", ")})`;
    }
  };
}

const statistics = sqliteTable("statistics");
const statisticsMeta = sqliteTable("statistics_meta");

const names = ["statistic_id", "unit_of_measurement", "state", "sum"];
/** When an hour began: seconds since 1970, or, before 2023, a text in UTC. */
const times = ["start_ts", "start"];
const units = ["wh", "kwh", "mwh", "gwh", "kj", "mj", "gj", "m³", "m3", "ft³", "ft3"];

function isDatabase(file: string): boolean {
  return hasExtension(file, statistics.extensions);
}

/** The columns of a database's statistics, whose rows are in two tables. */
class DatabaseColumns extends Map<string, string> implements FileColumns {
  constructor(
    readonly statistics: FileColumns,
    readonly meta: FileColumns
  ) {
    const kept = times.filter((name) => statistics.has(name));
    super([...names, ...kept].map((name) => [name, "VARCHAR"]));
  }

  /** Databases are read together where the rows of both are in the same tables. */
  get group(): string {
    return `${this.statistics.group} ${this.meta.group}`;
  }
}
