-- What every country sent to every other in every period: who reports when, and how large a market is.
SELECT exporter, importer, period, SUM(value) AS value, COUNT(*) AS entries
FROM trade
GROUP BY exporter, importer, period
