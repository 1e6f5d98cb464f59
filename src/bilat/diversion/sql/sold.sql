-- What each possible hub sold of each product to all but the target, before and after: a hub that makes the good sells it
-- to others too, and one that booms sells them more.
SELECT w.country AS hub, g.name AS product,
  SUM(t.value * w.pre) AS before, SUM(t.value * w.post) AS after,
  SUM(t.value * w.late_pre) AS late_before, SUM(t.value * w.late_post) AS late_after
FROM (
  SELECT t.exporter, t.product, t.period, ROUND(SUM(t.value), 3) AS value
  FROM trade t
  JOIN parties p ON p.code = t.exporter AND p.own = 0 AND p.target = 0
  JOIN parties d ON d.code = t.importer AND d.target = 0
  WHERE t.period BETWEEN $first AND $last
  GROUP BY t.exporter, t.product, t.period
) t
JOIN parties p ON p.code = t.exporter
JOIN goods g ON g.code = t.product
JOIN stamps s ON s.code = t.period
JOIN spans w ON w.country = p.name AND w.period = s.name AND w.side = 'exporter'
GROUP BY w.country, g.name
