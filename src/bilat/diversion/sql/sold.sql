-- What each possible hub sold of each product to all markets together, before and after: a hub that makes the good
-- sells it to others too.
SELECT t.exporter AS hub, COALESCE(s.earlier, t.product) AS product,
  SUM(t.value * w.pre) AS before, SUM(t.value * w.post) AS after
FROM trade t
JOIN parties p ON p.code = t.exporter AND p.own = 0 AND p.market <> 0
JOIN parties d ON d.code = t.importer
LEFT JOIN splices s ON s.later = t.product
$cohorts
JOIN spans w ON w.country = t.exporter AND w.period = t.period AND w.side = 'exporter' AND w.cohort = $cohort
WHERE t.period BETWEEN $first AND $last
GROUP BY t.exporter, COALESCE(s.earlier, t.product)
