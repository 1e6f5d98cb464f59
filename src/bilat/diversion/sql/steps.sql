-- Of how many goods each state has a figure in a period, and the mean of their logs: where a unit changed, it leaps.
SELECT $who AS who, period, AVG(LN(value)) AS level, COUNT(*) AS goods
FROM $leg
WHERE value > 0
GROUP BY $who, period
