-- Who supplies the target, by product: for China's share and the concentration of suppliers.
SELECT t.exporter, COALESCE(s.earlier, t.product) AS product,
  SUM(CASE WHEN t.period < $since THEN t.value ELSE 0 END) AS before,
  SUM(CASE WHEN t.period < $since THEN 0 ELSE t.value END) AS after
FROM trade t LEFT JOIN splices s ON s.later = t.product
WHERE t.product IN ($products) AND t.importer IN ($target) AND t.period BETWEEN $first AND $last
GROUP BY t.exporter, COALESCE(s.earlier, t.product)
