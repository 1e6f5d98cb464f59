-- As pairs_in, for what each hub sold to the target.
SELECT
  f.hub, f.product,
  SUM(f.value * w.pre) AS before, SUM(f.value * w.post) AS after,
  SUM(f.value * w.late_pre) AS late_before, SUM(f.value * w.late_post) AS late_after
FROM outflow f
JOIN spans w ON w.country = f.hub AND w.period = f.period AND w.side = 'exporter'
GROUP BY f.hub, f.product
