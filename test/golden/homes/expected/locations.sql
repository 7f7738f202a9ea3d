SELECT * FROM silver.location ORDER BY client_id, location_id
