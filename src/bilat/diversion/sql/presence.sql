-- In how many rows each country stands as buyer and as seller, period by period: who reported when.
SELECT 'importer' AS side, importer AS country, period, SUM(entries) AS entries
FROM totals GROUP BY importer, period
UNION ALL
SELECT 'exporter' AS side, exporter AS country, period, SUM(entries) AS entries
FROM totals GROUP BY exporter, period
