SELECT agreement_id, valid_from, valid_to, problem, is_current, first_snapshot, last_snapshot FROM silver.agreement ORDER BY agreement_id, first_snapshot
