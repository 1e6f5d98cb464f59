-- Who supplied the hubs with the goods that they sold the targets, since the break.
SELECT d.name AS hub, s.name AS supplier, ROUND(SUM(t.value), 3) AS value
FROM trade t
JOIN parties s ON s.code = t.exporter AND s.target = 0
JOIN parties d ON d.code = t.importer
JOIN goods g ON g.code = t.product
JOIN sold_on f ON f.hub = d.name AND f.product = g.name
WHERE t.period BETWEEN $first AND $last
GROUP BY d.name, s.name
ORDER BY d.name, value DESC, s.name
