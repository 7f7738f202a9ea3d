-- Those of regional load, whose days begin at midnight: a sender's clock that never changes is a day off the local one at most.
SELECT DISTINCT source.tz, CAST(0 AS INTEGER) AS day_start_min, date_from_unix_date(unix_date(load.label_date) + near.days) AS local_date
FROM bronze.load_row AS load
JOIN bronze.source AS source ON source.source = load.source
CROSS JOIN (SELECT -1 AS days UNION ALL SELECT 1) AS near
