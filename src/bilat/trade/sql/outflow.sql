-- Leg two: what each possible hub sold to the target, and to the decoys that stand in for it as placebos.
SELECT
  exporter, importer, product, period,
  SUM(value) AS value,
  SUM(CASE WHEN quantity > 0 THEN quantity ELSE 0 END) AS quantity,
  SUM(CASE WHEN quantity > 0 THEN value ELSE 0 END) AS weighed
FROM trade
WHERE importer IN ($targets) AND exporter NOT IN ($origins) AND period BETWEEN $first AND $last
GROUP BY exporter, importer, product, period
