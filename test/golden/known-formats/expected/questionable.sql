SELECT client_id, channel, CAST(count(*) AS INTEGER) AS readings, min(file_row) AS first_row
FROM quality.questionable_reading
GROUP BY client_id, channel
