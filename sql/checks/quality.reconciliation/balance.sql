-- Every value and every micro-kWh that arrived is placed, nonexistent, missing, rejected or superseded.
-- severity: error
-- column: values_in
SELECT source, local_date
FROM quality.reconciliation
WHERE values_in IS DISTINCT FROM placed_values + nonexistent + missing + rejected + superseded
  OR energy_in_kwh IS DISTINCT FROM energy_placed_kwh + energy_rejected_kwh + energy_superseded_kwh
