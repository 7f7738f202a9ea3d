SELECT sum(values_in)::INT, sum(placed_values)::INT, sum(missing)::INT, sum(rejected)::INT, sum(superseded)::INT, CAST(sum(energy_placed_kwh) AS VARCHAR) FROM quality.reconciliation
