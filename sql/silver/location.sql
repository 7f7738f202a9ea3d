-- Where a home is, as the newest of its versions says that begins by home_as_of: its calendar, the point whose weather is nearest,
-- and its bidding zone, which is the one that its document names, or else that of its country where a country has one.
-- The distance is that of a great circle, rounded to a metre; beyond weather_within_km no point's weather is its own,
-- and of two at one distance the first by its id is taken. place names the three: homes that share them share silver.local_hour.
-- key: client_id, location_id
-- param: home_as_of = 2100-12-31
-- param: weather_within_km = 50
WITH told AS (
  SELECT profile.*, row_number() OVER (PARTITION BY client_id, location_id ORDER BY valid_from DESC) AS place
  FROM silver.home_profile AS profile
  CROSS JOIN parameter
  WHERE profile.valid_from <= CAST(parameter.home_as_of AS DATE)
),
home AS (
  SELECT * FROM told WHERE place = 1
),
point AS (
  SELECT point_id, max(latitude) AS latitude, max(longitude) AS longitude
  FROM silver.weather_hour
  GROUP BY point_id
),
-- Homes of one place are many: the distance is measured once for each. A degree of latitude is 111 km, so a point
-- further north or south than that many degrees isn't near.
away AS (
  SELECT spot.latitude, spot.longitude, point.point_id,
    distance_km(spot.latitude, spot.longitude, point.latitude, point.longitude) AS distance_km
  FROM (SELECT DISTINCT latitude, longitude FROM home) AS spot
  CROSS JOIN parameter
  JOIN point ON abs(point.latitude - spot.latitude) * 111 <= CAST(parameter.weather_within_km AS DECIMAL(18, 6))
),
near AS (
  SELECT away.*, row_number() OVER (PARTITION BY latitude, longitude ORDER BY away.distance_km, away.point_id) AS place
  FROM away
  CROSS JOIN parameter
  WHERE away.distance_km <= CAST(parameter.weather_within_km AS DECIMAL(18, 6))
)
SELECT
  home.client_id,
  home.location_id,
  home.latitude,
  home.longitude,
  home.country,
  home.time_zone,
  near.point_id AS weather_point_id,
  near.distance_km AS weather_distance_km,
  coalesce(home.bidding_zone, zone.bidding_zone) AS bidding_zone,
  home.time_zone || ' ' || coalesce(near.point_id, '') || ' ' || coalesce(home.bidding_zone, zone.bidding_zone, '') AS place
FROM home
LEFT JOIN near ON near.latitude = home.latitude AND near.longitude = home.longitude AND near.place = 1
LEFT JOIN silver.bidding_zone AS zone
  ON zone.bidding_zone = CASE WHEN home.country IN ('DE', 'LU') THEN 'DE-LU' ELSE home.country END
