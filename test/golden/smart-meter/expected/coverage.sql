SELECT local_date, half_hours, uncovered_half_hours, total_kwh, covered_kwh, uncovered_kwh FROM quality.agreement_coverage ORDER BY local_date
