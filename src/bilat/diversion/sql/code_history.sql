-- How the flagged products fared at each destination but the target, period by period, from every supplier.
SELECT g.product, f.importer, f.period, SUM(f.total) AS value
FROM inflow f
LEFT JOIN splices s ON s.later = f.product
JOIN (SELECT DISTINCT product FROM flagged) g ON g.product = COALESCE(s.earlier, f.product)
WHERE f.importer NOT IN ($barred)
GROUP BY g.product, f.importer, f.period
