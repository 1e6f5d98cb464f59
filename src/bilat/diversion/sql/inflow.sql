-- Leg one, in one pass over the file: what each destination bought from the origins, and from everybody but
-- the target: what comes back from there is no other supply.
-- `parties` marks the origins (own = 1): a product of two numbers is cheaper than a test per row. Each origin has
-- a bit of its own: fewer bits than rows of origins, and a key stands twice. Names come last: codes sort faster.
SELECT d.name AS hub, g.name AS product, s.name AS period, r.value, r.total, r.twice
FROM (
  SELECT t.importer, t.product, t.period, ROUND(SUM(t.value * p.own), 3) AS value,
    ROUND(SUM(CASE WHEN p.target = 1 THEN 0 ELSE t.value END), 3) AS total,
    CASE WHEN BIT_COUNT(BIT_OR(p.bit)) < SUM(p.own) THEN 1 ELSE 0 END AS twice
  FROM trade t
  JOIN parties p ON p.code = t.exporter
  JOIN parties d ON d.code = t.importer AND d.own = 0
  WHERE t.period BETWEEN $first AND $last
  GROUP BY t.importer, t.product, t.period
) r
JOIN parties d ON d.code = r.importer
JOIN goods g ON g.code = r.product
JOIN stamps s ON s.code = r.period
