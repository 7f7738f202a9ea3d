-- A version corrected, one that begins between two others, one of a home that moves across the date line, and a correction that can't be right.
COPY (SELECT unnest([
  '{"client_id": "acme", "location_id": "loc-1", "valid_from": "2022-03-01", "latitude": 55.0, "longitude": 25.2, "country": "LT", "time_zone": "Europe/Vilnius", "solar_kwp": 7.2, "has_ev": true}',
  '{"client_id": "acme", "location_id": "loc-1", "valid_from": "2022-01-01", "latitude": 55.0, "longitude": 25.2, "country": "LT", "time_zone": "Europe/Vilnius", "has_ev": true}',
  '{"client_id": "grid", "location_id": "loc-2", "valid_from": "2022-03-01", "latitude": -31.55, "longitude": 179.95, "country": "FJ", "time_zone": "Pacific/Fiji", "bidding_zone": "FJ1"}',
  '{"client_id": "grid", "location_id": "ok", "valid_from": "2022-01-01", "latitude": 150.94, "longitude": 6.96, "country": "DE", "time_zone": "Europe/Berlin"}'
]) AS line) TO 'LANDING/homes/later.jsonl' (FORMAT csv, HEADER false, QUOTE '', DELIMITER '|');
