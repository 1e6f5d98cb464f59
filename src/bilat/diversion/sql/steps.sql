-- The figures of each state from one period to the next: of every item how far its value leaps, how far its level does
-- (the mean of logs of three periods on either side), and how far its value per kg does; `usual`: its median step.
WITH leg AS (
  SELECT $who AS who, $item AS item, product, period, SUM(value) AS value, SUM(quantity) AS quantity
  FROM trade WHERE value > 0 AND $rows AND period BETWEEN $first AND $last GROUP BY ALL
),
steps AS (
  SELECT who, product, period, value, LAG(period) OVER w AS since, LAG(value) OVER w AS earlier,
    LN(value) - LAG(LN(value)) OVER w AS leap,
    AVG(LN(value)) OVER (w ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)
      - AVG(LN(value)) OVER (w ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS level,
    LN(value / NULLIF(quantity, 0)) - LAG(LN(value / NULLIF(quantity, 0))) OVER w AS unit
  FROM leg WINDOW w AS (PARTITION BY who, item ORDER BY period)
)
SELECT who, period, MIN(since) AS since, LIST(product) AS product, LIST(level) AS level, LIST(unit) AS unit,
  MEDIAN(leap) AS leap, MEDIAN(MEDIAN(ABS(leap))) OVER (PARTITION BY who) AS usual,
  SUM(earlier) AS before, SUM(value) AS after
FROM steps WHERE leap IS NOT NULL GROUP BY who, period HAVING COUNT(*) >= $goods
ORDER BY who, period
