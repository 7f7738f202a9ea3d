SELECT file, fate, reason, count(*)::INT FROM silver.price_record GROUP BY ALL ORDER BY ALL
