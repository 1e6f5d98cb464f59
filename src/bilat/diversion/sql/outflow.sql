-- Leg two: what each possible hub sold to the target, and to the decoys that stand in for it as placebos.
SELECT t.exporter, t.importer, t.product, t.period, SUM(t.value) AS value, COUNT(*) AS entries
FROM trade t
JOIN parties p ON p.code = t.exporter AND p.own = 0
JOIN parties d ON d.code = t.importer AND d.market = 1
WHERE t.period BETWEEN $first AND $last
GROUP BY t.exporter, t.importer, t.product, t.period
