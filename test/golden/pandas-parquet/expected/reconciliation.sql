SELECT source, sum(values_in)::INT, sum(placed_values)::INT, sum(readings)::INT, sum(missing)::INT, sum(rejected)::INT, sum(superseded)::INT FROM quality.reconciliation GROUP BY source
