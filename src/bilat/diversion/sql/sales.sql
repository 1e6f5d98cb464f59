-- What each hub sold the targets of the goods asked for, period by period.
SELECT f.hub, f.period, ROUND(SUM(f.value), 3) AS value
FROM outflow f
JOIN asked a ON a.product = f.product
GROUP BY f.hub, f.period
ORDER BY f.hub, f.period
