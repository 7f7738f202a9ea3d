SELECT * FROM gold.active_agreements ORDER BY meterpoint_id
