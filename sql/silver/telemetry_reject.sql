-- Lines that are no record, and why: what isn't JSON, a field that is missing, of a wrong type or not known, an instant
-- that can't be read. raw is the line as it came.
-- key: arrival, row_number
-- increment: event_date
SELECT source, event_date, device_id, site_id, problem AS reason, arrival, file, sha256, row_number, raw
FROM bronze.telemetry
WHERE problem IS NOT NULL
