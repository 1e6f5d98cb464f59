-- As pairs_in, for what each hub sold to the target.
SELECT
  f.exporter AS hub, COALESCE(s.earlier, f.product) AS product,
  SUM(f.value * w.pre) AS before, SUM(f.value * w.post) AS after,
  SUM(f.value * w.late_pre) AS late_before, SUM(f.value * w.late_post) AS late_after
FROM outflow f
LEFT JOIN splices s ON s.later = f.product
JOIN spans w ON w.country = f.exporter AND w.period = f.period AND w.side = 'exporter'
GROUP BY f.exporter, COALESCE(s.earlier, f.product)
