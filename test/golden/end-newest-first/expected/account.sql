SELECT sum(values_in)::INT, sum(placed_values)::INT, sum(missing)::INT, sum(rejected)::INT, sum(superseded)::INT FROM quality.reconciliation
