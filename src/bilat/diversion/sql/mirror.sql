-- The first leg as the origins report it and as the hub does, before and after, on the periods in which the hub has
-- purchases of any kind in its own books. The time before is scaled to the periods since that are compared.
WITH own_books AS (
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
    SUM(post) / NULLIF(SUM(pre), 0) AS scale
  FROM compared
  GROUP BY hub
)
SELECT hub, first_period, last_period,
  scale * SUM(CASE WHEN flow = 'X' THEN value * pre ELSE 0 END) AS origin_before,
  scale * SUM(CASE WHEN flow = 'M' THEN value * pre ELSE 0 END) AS hub_before,
  SUM(CASE WHEN flow = 'X' THEN value * post ELSE 0 END) AS origin_after,
  SUM(CASE WHEN flow = 'M' THEN value * post ELSE 0 END) AS hub_after
FROM (
  SELECT r.flow, c.hub, g.name AS product, r.value, c.pre, c.post
  FROM reports r
  JOIN goods g ON g.code = r.product
  JOIN compared c ON c.period = r.period
    AND c.hub = CASE WHEN r.flow = 'X' THEN r.partner ELSE r.reporter END
  JOIN parties p ON p.own = 1 AND p.name = CASE WHEN r.flow = 'X' THEN r.reporter ELSE r.partner END
) both_sides
JOIN flagged USING (hub, product)
JOIN extent USING (hub)
GROUP BY hub, first_period, last_period, scale
