-- One row an hour of the calendar of a place, which is what homes share that have one clock, one weather point and one bidding zone:
-- its weather and its price. The weather is that of the UTC hour in which it begins. price_1 to price_4 are those of its
-- quarters, of the finest resolution that there is; price_eur_mwh is their mean, NULL where one is missing.
-- key: place, hour_start
-- shared: yes
WITH place AS (
  SELECT DISTINCT place, time_zone, weather_point_id, bidding_zone FROM silver.location
),
hour AS (
  SELECT place.place, place.weather_point_id, place.bidding_zone, slot.local_date, slot.local_hour, slot.start_utc AS hour_start,
    slot.month,
    slot.dur_min AS hour_minutes, unix_minutes(slot.start_utc) AS hour_min
  FROM place
  JOIN silver.slot AS slot ON slot.tz = place.time_zone AND slot.day_start_min = 0 AND slot.res_min = 60 AND slot.is_elapsed
),
quarter AS (
  SELECT price.bidding_zone, unix_minutes(price.interval_start) + part.minutes AS quarter_min, price.price_eur_mwh,
    row_number() OVER (
      PARTITION BY price.bidding_zone, unix_minutes(price.interval_start) + part.minutes ORDER BY price.interval_minutes
    ) AS place
  FROM silver.price AS price
  JOIN (SELECT 0 AS minutes UNION ALL SELECT 15 UNION ALL SELECT 30 UNION ALL SELECT 45) AS part ON part.minutes < price.interval_minutes
  WHERE price.bidding_zone IN (SELECT bidding_zone FROM place)
),
priced AS (
  SELECT
    hour.place,
    hour.hour_start,
    max(CASE WHEN quarter.quarter_min = hour.hour_min THEN quarter.price_eur_mwh END) AS price_1,
    max(CASE WHEN quarter.quarter_min = hour.hour_min + 15 THEN quarter.price_eur_mwh END) AS price_2,
    max(CASE WHEN quarter.quarter_min = hour.hour_min + 30 THEN quarter.price_eur_mwh END) AS price_3,
    max(CASE WHEN quarter.quarter_min = hour.hour_min + 45 THEN quarter.price_eur_mwh END) AS price_4,
    CASE WHEN count(*) * 15 = max(hour.hour_minutes) THEN mean_of(sum(quarter.price_eur_mwh), count(*)) END AS price_eur_mwh
  FROM hour
  JOIN (SELECT 0 AS minutes UNION ALL SELECT 15 UNION ALL SELECT 30 UNION ALL SELECT 45) AS part ON part.minutes < hour.hour_minutes
  JOIN quarter ON quarter.bidding_zone = hour.bidding_zone AND quarter.quarter_min = hour.hour_min + part.minutes
  WHERE quarter.place = 1
  GROUP BY hour.place, hour.hour_start
)
SELECT
  hour.place,
  hour.hour_start,
  hour.local_date,
  hour.local_hour,
  hour.hour_minutes,
  weather.temperature_c,
  weather.wind_m_per_s,
  weather.cloud_percent,
  weather.irradiance_w_per_m2,
  CAST(priced.price_eur_mwh AS DECIMAL(18, 6)) AS price_eur_mwh,
  priced.price_1,
  priced.price_2,
  priced.price_3,
  priced.price_4,
  hour.month
FROM hour
LEFT JOIN silver.weather_hour AS weather
  ON weather.point_id = hour.weather_point_id AND weather.hour_start = instant_at(quotient(hour.hour_min, 60) * 60)
LEFT JOIN priced ON priced.place = hour.place AND priced.hour_start = hour.hour_start
