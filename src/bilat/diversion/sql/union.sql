-- What each possible hub sold the other members of the target's customs union, before and since the break, a period.
SELECT p.name AS hub, d.name AS member,
  SUM(CASE WHEN s.name IN ($before) THEN t.value ELSE 0 END) / $periods_before AS before,
  SUM(CASE WHEN s.name IN ($after) THEN t.value ELSE 0 END) / $periods_after AS after
FROM trade t
JOIN parties p ON p.code = t.exporter AND p.own = 0 AND p.target = 0
JOIN parties d ON d.code = t.importer AND d.target = 0
JOIN goods g ON g.code = t.product
JOIN asked a ON a.product = g.name
JOIN stamps s ON s.code = t.period
WHERE d.name IN ($members)
GROUP BY p.name, d.name
ORDER BY after DESC, p.name, d.name
