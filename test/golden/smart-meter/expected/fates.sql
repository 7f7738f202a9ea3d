SELECT interval.label, interval.value, fate.meter_id, fate.fate, fate.reason
FROM silver.interval_fate AS fate
JOIN silver.meter_interval AS interval USING (arrival, row_number)
WHERE fate.fate <> 'placed'
ORDER BY ALL
