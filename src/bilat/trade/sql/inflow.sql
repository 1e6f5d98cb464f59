-- Leg one, in one pass over the file: what each destination bought from the origins, and from everybody.
-- `parties` marks the origins (own = 1): a product of two numbers is cheaper than a test per row.
SELECT t.importer, t.product, t.period, SUM(t.value * p.own) AS value, SUM(t.value) AS total
FROM trade t
JOIN parties p ON p.code = t.exporter
JOIN parties d ON d.code = t.importer AND d.own = 0
WHERE t.period BETWEEN $first AND $last
GROUP BY t.importer, t.product, t.period
