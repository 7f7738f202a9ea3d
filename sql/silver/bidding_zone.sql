-- Bidding zones by their energy identification codes (EIC, https://www.entsoe.eu/data/energy-identification-codes-eic). A zone that isn't
-- here keeps its code as its name.
-- key: eic
-- stored: no
SELECT eic, bidding_zone
FROM (VALUES
  ('10YLT-1001A0008Q', 'LT'),
  ('10YLV-1001A00074', 'LV'),
  ('10Y1001A1001A39I', 'EE'),
  ('10YFI-1--------U', 'FI'),
  ('10Y1001A1001A44P', 'SE1'),
  ('10Y1001A1001A45N', 'SE2'),
  ('10Y1001A1001A46L', 'SE3'),
  ('10Y1001A1001A47J', 'SE4'),
  ('10YNO-1--------2', 'NO1'),
  ('10YNO-2--------T', 'NO2'),
  ('10YNO-3--------J', 'NO3'),
  ('10YNO-4--------9', 'NO4'),
  ('10Y1001A1001A48H', 'NO5'),
  ('10YDK-1--------W', 'DK1'),
  ('10YDK-2--------M', 'DK2'),
  ('10Y1001A1001A82H', 'DE-LU'),
  ('10YPL-AREA-----S', 'PL'),
  ('10YNL----------L', 'NL'),
  ('10YBE----------2', 'BE'),
  ('10YFR-RTE------C', 'FR'),
  ('10YAT-APG------L', 'AT'),
  ('10YCH-SWISSGRIDZ', 'CH'),
  ('10YCZ-CEPS-----N', 'CZ'),
  ('10YES-REE------0', 'ES'),
  ('10YPT-REN------W', 'PT')
) AS zone(eic, bidding_zone)
