-- Both numberings of a day cover the same real time: from its first instant to the next day's.
-- severity: error
-- column: dur_min
SELECT tz, day_start_min, local_date, res_min
FROM silver.slot
GROUP BY tz, day_start_min, local_date, res_min
HAVING sum(CASE WHEN is_elapsed THEN dur_min ELSE 0 END) <> sum(CASE WHEN is_wall THEN dur_min ELSE 0 END)
  OR sum(CASE WHEN is_elapsed THEN dur_min ELSE 0 END)
    <> date_diff('minute', min(start_utc), max(start_utc + to_minutes(dur_min)))
