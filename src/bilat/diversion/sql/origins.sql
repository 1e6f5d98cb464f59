-- From which of the origins the goods of the flagged pairs came since the break, in one narrow scan.
SELECT p.name AS origin, f.hub, f.product, ROUND(SUM(t.value), 3) AS value
FROM (
  SELECT * FROM trade
  WHERE product IN ($products) AND period BETWEEN $first AND $last
) t
JOIN parties p ON p.code = t.exporter AND p.own = 1
JOIN parties d ON d.code = t.importer
JOIN goods g ON g.code = t.product
JOIN flagged f ON f.hub = d.name AND f.product = g.name
GROUP BY p.name, f.hub, f.product
ORDER BY p.name, f.hub, f.product
