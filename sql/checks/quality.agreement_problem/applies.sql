-- Every agreement applies on some day: one of no length, or without a readable start, never does.
-- severity: warn
-- column: valid_to
SELECT agreement_id, other_agreement_id, meterpoint_id, product_id, valid_from, valid_to
FROM quality.agreement_problem
WHERE problem NOT IN ('overlap', 'product unknown', 'meter point unknown')
ORDER BY agreement_id, other_agreement_id, meterpoint_id
