-- An hour corrected, by a file that has another fault; and the missing list of stations.
COPY (SELECT unnest(['{"station_code": "nowhere", "latitude": 54, "longitude": 24}']) AS line) TO 'LANDING/weather/more.jsonl' (FORMAT csv, HEADER false, QUOTE '', DELIMITER '|');
COPY (SELECT * FROM (VALUES
  ('2022-03-27 01:00:00', 'vno', '2.5', '3.5', '50', '1005.9', '98', '0.0'),
  ('2022-03-27 05:00:00', 'vno', 'n/a', '3.5', '50', '1005.9', '98', '0.0')
) AS t(obs_time_utc, station_code, air_temperature, wind_speed, cloud_cover, sea_level_pressure, relative_humidity, precipitation)) TO 'LANDING/weather/vno-corrected.csv';
