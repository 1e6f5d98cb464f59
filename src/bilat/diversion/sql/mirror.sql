-- The first leg as the origins report it and as the hub does, before and after, on the same months.
SELECT hub,
  SUM(CASE WHEN flow = 'X' THEN value * pre ELSE 0 END) AS origin_before,
  SUM(CASE WHEN flow = 'M' THEN value * pre ELSE 0 END) AS hub_before,
  SUM(CASE WHEN flow = 'X' THEN value * post ELSE 0 END) AS origin_after,
  SUM(CASE WHEN flow = 'M' THEN value * post ELSE 0 END) AS hub_after
FROM (
  SELECT r.flow, w.country AS hub, g.name AS product, r.value, w.pre, w.post
  FROM reports r
  JOIN goods g ON g.code = r.product
  JOIN spans w ON w.side = 'importer' AND w.period = r.period
    AND w.country = CASE WHEN r.flow = 'X' THEN r.partner ELSE r.reporter END
  JOIN parties p ON p.own = 1 AND p.name = CASE WHEN r.flow = 'X' THEN r.reporter ELSE r.partner END
) both_sides
JOIN flagged USING (hub, product)
GROUP BY hub
