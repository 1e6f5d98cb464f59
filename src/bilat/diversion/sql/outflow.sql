-- Leg two: what each possible hub sold to the targets as one market. Each target has a bit of its own: fewer bits than
-- rows, and a key stands twice.
SELECT p.name AS hub, g.name AS product, s.name AS period, r.value, r.twice
FROM (
  SELECT t.exporter, t.product, t.period, ROUND(SUM(t.value), 3) AS value,
    CASE WHEN BIT_COUNT(BIT_OR(d.bit)) < COUNT(*) THEN 1 ELSE 0 END AS twice
  FROM trade t
  JOIN parties p ON p.code = t.exporter AND p.own = 0 AND p.target = 0
  JOIN parties d ON d.code = t.importer AND d.target = 1
  WHERE t.period BETWEEN $first AND $last
  GROUP BY t.exporter, t.product, t.period
) r
JOIN parties p ON p.code = r.exporter
JOIN goods g ON g.code = r.product
JOIN stamps s ON s.code = r.period
