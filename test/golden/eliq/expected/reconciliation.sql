SELECT source, sum(values_in)::INT, sum(placed_values)::INT, sum(readings)::INT, sum(split_values)::INT, sum(nonexistent)::INT, sum(missing)::INT, sum(rejected)::INT, sum(superseded)::INT,
  sum(energy_in_kwh)::VARCHAR, sum(energy_placed_kwh)::VARCHAR FROM quality.reconciliation GROUP BY source
