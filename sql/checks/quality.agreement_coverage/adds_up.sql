-- What is in the per-product tables and what isn't add up to all that was placed, to the last micro-kWh.
-- severity: error
-- column: total_kwh
SELECT local_date, total_kwh, covered_kwh, uncovered_kwh
FROM quality.agreement_coverage
WHERE total_kwh <> covered_kwh + uncovered_kwh
