SELECT row_number, interruption_id, circuit_id, started_at FROM bronze.interruption_row ORDER BY row_number
