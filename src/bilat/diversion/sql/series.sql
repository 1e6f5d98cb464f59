-- The legs of the flagged pairs, period by period.
SELECT 'in' AS leg, f.importer AS hub, COALESCE(s.earlier, f.product) AS product, f.period, SUM(f.value) AS value
FROM inflow f LEFT JOIN splices s ON s.later = f.product
JOIN flagged g ON g.hub = f.importer AND g.product = COALESCE(s.earlier, f.product)
GROUP BY f.importer, COALESCE(s.earlier, f.product), f.period
UNION ALL
SELECT 'out' AS leg, f.exporter AS hub, COALESCE(s.earlier, f.product) AS product, f.period, SUM(f.value) AS value
FROM outflow f LEFT JOIN splices s ON s.later = f.product
JOIN flagged g ON g.hub = f.exporter AND g.product = COALESCE(s.earlier, f.product)
GROUP BY f.exporter, COALESCE(s.earlier, f.product), f.period
UNION ALL
SELECT 'direct' AS leg, MIN(f.importer) AS hub, COALESCE(s.earlier, f.product) AS product, f.period, SUM(f.value) AS value
FROM inflow f LEFT JOIN splices s ON s.later = f.product
JOIN (SELECT DISTINCT product FROM flagged) g ON g.product = COALESCE(s.earlier, f.product)
WHERE f.importer IN (SELECT code FROM parties WHERE target = 1)
GROUP BY COALESCE(s.earlier, f.product), f.period
