-- The legs of the flagged pairs, period by period; direct trade stands under the hub for which it is read.
SELECT leg, hub, product, period, ROUND(SUM(value), 3) AS value
FROM (
  SELECT 'in' AS leg, g.hub, g.product, f.period, f.value
  FROM inflow f JOIN flagged g ON g.hub = f.hub AND g.product = f.product
  UNION ALL
  SELECT 'out' AS leg, g.hub, g.product, f.period, f.value
  FROM outflow f JOIN flagged g ON g.hub = f.hub AND g.product = f.product
  UNION ALL
  SELECT 'direct' AS leg, g.hub, g.product, f.period, f.value
  FROM inflow f JOIN flagged g ON g.product = f.product
  WHERE f.hub IN (SELECT name FROM parties WHERE target = 1)
) legs
GROUP BY leg, hub, product, period
ORDER BY leg, hub, product, period
