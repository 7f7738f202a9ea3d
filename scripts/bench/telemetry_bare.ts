import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import {runCommand} from "../../pipelines/command.js";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";

// Telemetry cleaned and summed by nothing but DuckDB: lines that are no records go without a word, nothing says where a
// row came from, and a day is only ever built with all the others.

await runCommand(
  new Command("telemetry-bare")
    .description("Writes cleaned telemetry by date and site and the days of sites, as plain Parquet.")
    .requiredOption("--landing <dir>", "where telemetry/ lies")
    .requiredOption("--to <dir>", "where the tables go: nothing may be there yet")
    .action(async ({landing, to}: {landing: string; to: string}) => {
      const database = await openDuckDB();
      try {
        for (const statement of await statements(join(landing, "telemetry"), to)) await database.run(statement);
      } finally {
        database.close();
      }
    })
);

async function statements(folder: string, to: string): Promise<string[]> {
  const [silver, gold] = [join(to, "silver", "telemetry"), join(to, "gold", "site_day")];
  await mkdir(silver, {recursive: true});
  await mkdir(gold, {recursive: true});
  const measures = ["power_w", "energy_wh", "voltage_v", "current_a", "temperature_c", "soc_percent"];
  const types = measures.map((name) => `${name}: 'DECIMAL(18, 6)'`).join(", ");
  return [
    `CREATE TABLE telemetry AS
     SELECT ts_utc, device_id, site_id, device_type, capacity_kwh, greatest(power_w, 0)::DECIMAL(18, 6) AS power_w, energy_wh, voltage_v, current_a,
       CASE WHEN temperature_c BETWEEN -20 AND 80 THEN temperature_c END AS temperature_c,
       CASE WHEN soc_percent BETWEEN 0 AND 100 THEN soc_percent END AS soc_percent, status,
       power_w < 0 AS is_power_negative, temperature_c NOT BETWEEN -20 AND 80 AS is_temperature_out_of_range,
       soc_percent NOT BETWEEN 0 AND 100 AS is_soc_out_of_range, CAST(ts_utc AS DATE) AS event_date
     FROM (
       SELECT *, row_number() OVER () AS place
       FROM read_json(${literal(join(folder, "**", "*.jsonl"))}, format = 'newline_delimited', ignore_errors = true,
         columns = {ts_utc: 'TIMESTAMPTZ', device_id: 'VARCHAR', site_id: 'VARCHAR', ${types}, status: 'VARCHAR'})
     )
     LEFT JOIN (SELECT device_id, device_type, capacity_kwh::DECIMAL(18, 6) AS capacity_kwh FROM read_csv(${literal(join(folder, "devices.csv"))}))
       USING (device_id)
     WHERE ts_utc IS NOT NULL
     QUALIFY row_number() OVER (PARTITION BY device_id, ts_utc ORDER BY place DESC) = 1`,
    `COPY telemetry TO ${literal(silver)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (event_date, site_id))`,
    `COPY (
       SELECT event_date, site_id, sum(energy_wh)::DECIMAL(38, 6) AS energy_wh_total, max(power_w) AS peak_power_w,
         ((2 * (sum(temperature_c) * 1000000)::HUGEINT + count(temperature_c)) // (2 * count(temperature_c)) * 0.000001)::DECIMAL(18, 6) AS avg_temp_c,
         ((200000000 * count(*) FILTER (status = 'OK') + count(*)) // (2 * count(*)) * 0.000001)::DECIMAL(9, 6) AS uptime_percent,
         count(*) FILTER (status IS DISTINCT FROM 'OK') AS anomaly_count, count(*) AS record_count, strftime(event_date, '%Y-%m') AS month
       FROM telemetry GROUP BY event_date, site_id
     ) TO ${literal(join(gold, "part.parquet"))} (FORMAT parquet, COMPRESSION zstd)`,
    `COPY (
       SELECT event_date AS process_date, count(*) AS rows_kept, count(*) FILTER (power_w IS NULL) AS null_power,
         count(*) FILTER (soc_percent IS NULL) AS null_soc, count(*) FILTER (device_type IS NULL) AS unknown_device_rows
       FROM telemetry GROUP BY event_date
     ) TO ${literal(join(to, "quality.json"))} (FORMAT json)`
  ];
}
