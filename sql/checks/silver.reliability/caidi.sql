-- CAIDI is SAIDI / SAIFI, within 1 %, wherever all three are published.
-- severity: warn
-- column: caidi_minutes
SELECT source, area, year, basis, saidi_minutes, saifi, caidi_minutes
FROM silver.reliability
WHERE abs(caidi_minutes * saifi - saidi_minutes) * 100 > saidi_minutes
ORDER BY source, area, year, basis
