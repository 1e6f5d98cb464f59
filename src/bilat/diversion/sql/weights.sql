-- Of the flagged products only, in one narrow scan: what of leg one was weighed, before and after.
SELECT w.hub, w.product,
  SUM(w.value * s.pre) AS value_before, SUM(w.value * s.post) AS value_after,
  SUM(w.quantity * s.pre) AS kg_before, SUM(w.quantity * s.post) AS kg_after
FROM (
  SELECT d.name AS hub, g.name AS product, m.name AS period, ROUND(SUM(t.value), 3) AS value, ROUND(SUM(t.quantity), 3) AS quantity
  FROM (SELECT * FROM trade WHERE product IN ($products) AND quantity > 0) t
  JOIN parties p ON p.code = t.exporter AND p.own = 1
  JOIN parties d ON d.code = t.importer
  JOIN goods g ON g.code = t.product
  JOIN stamps m ON m.code = t.period
  GROUP BY d.name, g.name, m.name
) w
JOIN spans s ON s.country = w.hub AND s.period = w.period AND s.side = 'importer'
GROUP BY w.hub, w.product
ORDER BY w.hub, w.product
