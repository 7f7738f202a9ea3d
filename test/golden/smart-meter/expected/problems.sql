SELECT problem, agreement_id, other_agreement_id, meterpoint_id, product_id, valid_from, valid_to FROM quality.agreement_problem ORDER BY ALL
