-- Every agreement's meter point is one that the snapshot has.
-- severity: warn
-- column: meterpoint_id
SELECT agreement_id, other_agreement_id, meterpoint_id, product_id, valid_from, valid_to
FROM quality.agreement_problem
WHERE problem = 'meter point unknown'
ORDER BY agreement_id, other_agreement_id, meterpoint_id
