-- Of the flagged products only: the part of each leg that was weighed, before and after the break.
SELECT 'in' AS leg, t.importer AS hub, COALESCE(s.earlier, t.product) AS product,
  SUM(t.value * w.pre) AS weighed_before, SUM(t.value * w.post) AS weighed_after,
  SUM(t.quantity * w.pre) AS kg_before, SUM(t.quantity * w.post) AS kg_after
FROM trade t
JOIN parties p ON p.code = t.exporter AND p.own = 1
JOIN spans w ON w.country = t.importer AND w.period = t.period AND w.side = 'importer'
LEFT JOIN splices s ON s.later = t.product
WHERE t.product IN ($products) AND t.quantity > 0
GROUP BY t.importer, COALESCE(s.earlier, t.product)
UNION ALL
SELECT 'out' AS leg, t.exporter AS hub, COALESCE(s.earlier, t.product) AS product,
  SUM(t.value * w.pre) AS weighed_before, SUM(t.value * w.post) AS weighed_after,
  SUM(t.quantity * w.pre) AS kg_before, SUM(t.quantity * w.post) AS kg_after
FROM trade t
JOIN parties p ON p.code = t.exporter AND p.own = 0
JOIN spans w ON w.country = t.exporter AND w.period = t.period AND w.side = 'exporter'
LEFT JOIN splices s ON s.later = t.product
WHERE t.importer IN ($target) AND t.product IN ($products) AND t.quantity > 0
GROUP BY t.exporter, COALESCE(s.earlier, t.product)
