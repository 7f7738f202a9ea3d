SELECT area, name, state, year, basis, saidi_minutes, saifi, caidi_minutes, customers FROM silver.reliability ORDER BY source, area, state, year, basis
