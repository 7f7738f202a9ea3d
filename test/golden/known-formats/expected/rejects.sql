SELECT client_id, reason, CAST(count(*) AS INTEGER) AS rows
FROM silver.reading_reject
WHERE client_id <> 'sample'
GROUP BY client_id, reason
ORDER BY concat_ws('|', client_id, reason)
