-- The first leg as the origins report it and as the hub does, by hub and product, before and after, on the periods in
-- which the hub has purchases of any kind in its own books. Only origins of which both books have rows before the break
-- are compared. The time before is scaled to the periods since that are compared; `part` is their part of the window.
WITH both_sides AS (
  SELECT r.flow, c.name AS hub, p.name AS origin, g.name AS product, r.period, r.value
  FROM reports r
  JOIN goods g ON g.code = r.product
  JOIN parties p ON p.own = 1 AND p.code = CASE WHEN r.flow = 'X' THEN r.reporter ELSE r.partner END
  JOIN parties c ON c.own = 0 AND c.target = 0
    AND c.code = CASE WHEN r.flow = 'X' THEN r.partner ELSE r.reporter END
),
own_books AS (
  SELECT DISTINCT reporter AS hub, period FROM reports WHERE flow = 'M'
),
compared AS (
  SELECT w.country AS hub, w.period, w.pre, w.post
  FROM spans w
  JOIN own_books o ON o.hub = w.country AND o.period = w.period
  WHERE w.side = 'importer'
),
extent AS (
  SELECT hub,
    MIN(CASE WHEN post > 0 THEN period END) AS first_period,
    MAX(CASE WHEN post > 0 THEN period END) AS last_period,
    SUM(post) / NULLIF(SUM(pre), 0) AS scale,
    SUM(post) / (SELECT MAX(whole) FROM (SELECT SUM(post) AS whole FROM spans GROUP BY country, side) s) AS part
  FROM compared
  GROUP BY hub
),
in_both AS (
  SELECT b.hub, b.origin
  FROM both_sides b
  JOIN compared c ON c.hub = b.hub AND c.period = b.period AND c.pre > 0
  GROUP BY b.hub, b.origin
  HAVING COUNT(DISTINCT b.flow) = 2
)
SELECT b.hub, b.product, first_period, last_period, part,
  scale * SUM(CASE WHEN flow = 'X' THEN value * pre ELSE 0 END) AS sent_before,
  scale * SUM(CASE WHEN flow = 'M' THEN value * pre ELSE 0 END) AS came_before,
  SUM(CASE WHEN flow = 'X' THEN value * post ELSE 0 END) AS sent,
  SUM(CASE WHEN flow = 'M' THEN value * post ELSE 0 END) AS came
FROM both_sides b
JOIN in_both USING (hub, origin)
JOIN compared c ON c.hub = b.hub AND c.period = b.period
JOIN extent e ON e.hub = b.hub
GROUP BY b.hub, b.product, first_period, last_period, part, scale
