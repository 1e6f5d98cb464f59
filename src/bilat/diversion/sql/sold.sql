-- What each possible hub sold of each product to all but the target, before and after: a hub that makes the good sells it
-- to others too, and one that booms sells them more.
SELECT t.exporter AS hub, COALESCE(s.earlier, t.product) AS product,
  SUM(t.value * w.pre) AS before, SUM(t.value * w.post) AS after,
  SUM(t.value * w.late_pre) AS late_before, SUM(t.value * w.late_post) AS late_after
FROM (
  SELECT t.exporter, t.product, t.period, SUM(t.value) AS value
  FROM trade t
  JOIN parties p ON p.code = t.exporter AND p.own = 0 AND p.target = 0
  JOIN parties d ON d.code = t.importer AND d.target = 0
  WHERE t.period BETWEEN $first AND $last
  GROUP BY t.exporter, t.product, t.period
) t
LEFT JOIN splices s ON s.later = t.product
JOIN spans w ON w.country = t.exporter AND w.period = t.period AND w.side = 'exporter'
GROUP BY t.exporter, COALESCE(s.earlier, t.product)
