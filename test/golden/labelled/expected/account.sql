SELECT source, sum(values_in)::INT, sum(placed_values)::INT, sum(nonexistent)::INT, sum(missing)::INT, sum(rejected)::INT FROM quality.reconciliation GROUP BY source ORDER BY source
