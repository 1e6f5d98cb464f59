-- From which of the origins the goods of the flagged pairs came since the break, in one narrow scan.
SELECT t.exporter, g.hub, g.product, SUM(t.value) AS value
FROM (SELECT * FROM trade WHERE product IN ($products) AND period BETWEEN $first AND $last) t
JOIN parties p ON p.code = t.exporter AND p.own = 1
LEFT JOIN splices s ON s.later = t.product
JOIN flagged g ON g.hub = t.importer AND g.product = COALESCE(s.earlier, t.product)
GROUP BY t.exporter, g.hub, g.product
