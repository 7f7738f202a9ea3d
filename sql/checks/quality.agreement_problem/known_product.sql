-- Every agreement's product is one that the snapshot has.
-- severity: warn
-- column: product_id
SELECT agreement_id, other_agreement_id, meterpoint_id, product_id, valid_from, valid_to
FROM quality.agreement_problem
WHERE problem = 'product unknown'
ORDER BY agreement_id, other_agreement_id, meterpoint_id
