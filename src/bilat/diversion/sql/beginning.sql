-- The first period before the break in which the origins sold some goods, and what they sold the targets.
SELECT MIN(f.period) FILTER (f.value > 0 AND f.period IN ($before)) AS first,
  ROUND(COALESCE(SUM(f.value) FILTER (f.hub IN ($targets) AND f.period IN ($before)), 0), 3) AS before,
  ROUND(COALESCE(SUM(f.value) FILTER (f.hub IN ($targets) AND f.period IN ($since)), 0), 3) AS since
FROM inflow f
WHERE f.product IN ($products)
