SELECT * FROM gold.site_day ORDER BY event_date, site_id
