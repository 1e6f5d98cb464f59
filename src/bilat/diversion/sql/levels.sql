-- What each destination bought from the origins, period by period, by cell: a heading's goods of one kind.
SELECT f.hub, c.cell, f.period, ROUND(SUM(f.value), 3) AS value
FROM inflow f
JOIN cells c ON c.product = f.product
GROUP BY f.hub, c.cell, f.period
ORDER BY f.hub, c.cell, f.period
