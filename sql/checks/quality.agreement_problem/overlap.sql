-- No two agreements of a meter point apply on one day: where they do, the later start wins.
-- severity: warn
-- column: valid_from
SELECT agreement_id, other_agreement_id, meterpoint_id, product_id, valid_from, valid_to
FROM quality.agreement_problem
WHERE problem = 'overlap'
ORDER BY agreement_id, other_agreement_id, meterpoint_id
