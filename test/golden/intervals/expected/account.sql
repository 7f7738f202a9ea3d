SELECT source, sum(values_in), sum(placed_values), sum(readings), sum(nonexistent), sum(missing), sum(rejected), sum(superseded),
  sum(energy_in_kwh), sum(energy_placed_kwh), sum(energy_rejected_kwh), sum(energy_superseded_kwh)
FROM quality.reconciliation
GROUP BY source
ORDER BY source
