-- Every record of a file is a row, rejected, blank, a header, or a line that its format knows.
-- severity: error
-- column: records_in
SELECT source, table_name, records_in, kept, rejected, blank, header, preamble, footer
FROM quality.file_account
WHERE records_in IS DISTINCT FROM kept + rejected + blank + header + preamble + footer
