-- The figures of each state (or of each heading of it) of which the mean of logs, of values or of values per kg, leaps
-- from one period to the next.
WITH leg AS ($leg),
levels AS (
  SELECT who, $heading AS heading, period, AVG(LN(value)) AS level, COUNT(*) AS goods,
    AVG(CASE WHEN quantity > 0 THEN LN(value / quantity) END) AS unit
  FROM leg WHERE value > 0 GROUP BY who, $heading, period
),
leaps AS (
  SELECT who, heading, goods,
    ABS(level - LAG(level) OVER (PARTITION BY who, heading ORDER BY period)) AS leap,
    ABS(unit - LAG(unit) OVER (PARTITION BY who, heading ORDER BY period)) AS unit_leap
  FROM levels
),
looked AS (
  SELECT DISTINCT who, heading FROM leaps
  WHERE (goods >= $goods AND leap > $look) OR (goods >= $weighed AND unit_leap > $look)
)
SELECT l.who, l.heading, f.product, f.item, f.period, f.value, CASE WHEN f.quantity > 0 THEN f.quantity END AS quantity
FROM leg f JOIN looked l ON l.who = f.who AND l.heading = $heading
WHERE f.value > 0
