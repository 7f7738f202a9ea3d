SELECT CAST(local_date AS VARCHAR), values_in, placed_values, nonexistent, missing, rejected, superseded, CAST(energy_in_kwh AS VARCHAR), CAST(energy_placed_kwh AS VARCHAR), CAST(energy_rejected_kwh AS VARCHAR), CAST(energy_superseded_kwh AS VARCHAR)
FROM quality.reconciliation ORDER BY local_date
