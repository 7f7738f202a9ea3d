SELECT *
FROM gold.consumption_per_product_per_day
ORDER BY 1, 2
