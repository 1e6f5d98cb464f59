-- The figures of each state from one period to the next: how far those of the usual good leap, how far its level does
-- (the mean of logs of three periods on either side), with the tenth and the ninetieth of a hundred goods.
WITH leg AS (
  SELECT $who AS who, $item AS item, period, SUM(value) AS value
  FROM trade WHERE value > 0 AND $rows AND period BETWEEN $first AND $last GROUP BY ALL
),
steps AS (
  SELECT who, period, value, LAG(period) OVER w AS since, LAG(value) OVER w AS earlier,
    LN(value) - LAG(LN(value)) OVER w AS leap,
    AVG(LN(value)) OVER (w ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)
      - AVG(LN(value)) OVER (w ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS level
  FROM leg WINDOW w AS (PARTITION BY who, item ORDER BY period)
)
SELECT who, period, MAX(since) AS since, MEDIAN(leap) AS leap, MEDIAN(level) AS level,
  QUANTILE_CONT(level, 0.1) AS low, QUANTILE_CONT(level, 0.9) AS high, SUM(earlier) AS before, SUM(value) AS after
FROM steps WHERE leap IS NOT NULL GROUP BY who, period HAVING COUNT(*) >= $goods
ORDER BY who, period
