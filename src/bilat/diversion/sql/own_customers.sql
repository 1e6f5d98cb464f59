-- What each flagged hub sold of its product to every destination, period by period: taken off the destination's
-- purchases before they are compared with the hub's, so that a hub is no witness of its own trade.
SELECT g.hub, g.product, t.importer, t.period, SUM(t.value) AS value
FROM (SELECT * FROM trade WHERE product IN ($products) AND period BETWEEN $first AND $last) t
LEFT JOIN splices s ON s.later = t.product
JOIN flagged g ON g.hub = t.exporter AND g.product = COALESCE(s.earlier, t.product)
WHERE t.importer NOT IN ($barred)
GROUP BY g.hub, g.product, t.importer, t.period
