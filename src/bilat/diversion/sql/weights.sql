-- Of the flagged products only, in one narrow scan: the part of each leg that was weighed, before and after.
-- Leg one: origins to each destination; leg two: everybody else to the target.
SELECT w.leg, w.hub, w.product,
  SUM(w.value * s.pre) AS weighed_before, SUM(w.value * s.post) AS weighed_after,
  SUM(w.quantity * s.pre) AS kg_before, SUM(w.quantity * s.post) AS kg_after
FROM (
  SELECT
    CASE WHEN p.own = 1 THEN 'in' ELSE 'out' END AS leg,
    CASE WHEN p.own = 1 THEN t.importer ELSE t.exporter END AS hub,
    COALESCE(x.earlier, t.product) AS product, t.period,
    SUM(t.value) AS value, SUM(t.quantity) AS quantity
  FROM (SELECT * FROM trade WHERE product IN ($products)) t
  JOIN parties p ON p.code = t.exporter
  LEFT JOIN splices x ON x.later = t.product
  WHERE t.quantity > 0 AND (p.own = 1 OR t.importer IN (SELECT code FROM parties WHERE target = 1))
  GROUP BY
    CASE WHEN p.own = 1 THEN 'in' ELSE 'out' END,
    CASE WHEN p.own = 1 THEN t.importer ELSE t.exporter END,
    COALESCE(x.earlier, t.product), t.period
) w
JOIN spans s ON s.country = w.hub AND s.period = w.period
  AND s.side = CASE WHEN w.leg = 'in' THEN 'importer' ELSE 'exporter' END
GROUP BY w.leg, w.hub, w.product
