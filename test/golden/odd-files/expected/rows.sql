SELECT arrival, file, count(*) FROM bronze.eliq_daily GROUP BY ALL ORDER BY ALL
