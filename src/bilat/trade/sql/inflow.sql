-- Leg one, in one pass over the file: what each destination bought from the origins, and from the rest.
-- `weighed` is the part of the value that comes with a weight: unit values compare like with like.
SELECT
  importer, product, period,
  SUM(CASE WHEN exporter IN ($origins) THEN value ELSE 0 END) AS value,
  SUM(CASE WHEN exporter IN ($origins) THEN 0 ELSE value END) AS rest,
  SUM(CASE WHEN exporter IN ($origins) AND quantity > 0 THEN quantity ELSE 0 END) AS quantity,
  SUM(CASE WHEN exporter IN ($origins) AND quantity > 0 THEN value ELSE 0 END) AS weighed
FROM trade
WHERE importer NOT IN ($origins) AND period BETWEEN $first AND $last
GROUP BY importer, product, period
