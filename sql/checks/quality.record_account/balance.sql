-- Every row that came is kept, a repeat, superseded or rejected.
-- severity: error
-- column: records_in
SELECT source, records_in, kept, repeated, superseded, rejected
FROM quality.record_account
WHERE records_in IS DISTINCT FROM kept + repeated + superseded + rejected
