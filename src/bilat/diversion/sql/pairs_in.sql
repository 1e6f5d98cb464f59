-- Per destination and product: the seasonal pre-break level, scaled to the post-break window, and the
-- actual. `spans` carries the weights (zero where that country did not report). `late_` is the last part of the window;
-- `then_` is a break where there was none, within the baseline.
SELECT
  f.hub, f.product,
  SUM(f.value * w.pre) AS before, SUM(f.value * w.post) AS after,
  SUM(f.value * w.late_pre) AS late_before, SUM(f.value * w.late_post) AS late_after,
  SUM((f.total - f.value) * w.pre) AS rest_before, SUM((f.total - f.value) * w.post) AS rest_after,
  SUM((f.total - f.value) * w.late_pre) AS rest_late_before, SUM((f.total - f.value) * w.late_post) AS rest_late_after,
  SUM(f.value * w.then_pre) AS then_before, SUM(f.value * w.then_post) AS then_after
FROM inflow f
JOIN spans w ON w.country = f.hub AND w.period = f.period AND w.side = 'importer'
GROUP BY f.hub, f.product
