-- What every country sent to every other in every period: who reports when, how large a market is,
-- and whether every value is one (a sum carries NaN, the least shows what is negative).
SELECT exporter, importer, period, ROUND(SUM(value), 3) AS value, COUNT(*) AS entries,
  MIN(value) AS least, COUNT(value) AS valued
FROM trade
GROUP BY exporter, importer, period
ORDER BY exporter, importer, period
