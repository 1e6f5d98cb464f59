-- What each destination bought from the origins, period by period, by cell: a heading's goods of one kind.
SELECT f.importer AS hub, c.cell, f.period, SUM(f.value) AS value
FROM inflow f
LEFT JOIN splices s ON s.later = f.product
JOIN cells c ON c.product = COALESCE(s.earlier, f.product)
GROUP BY f.importer, c.cell, f.period
