-- How all members voted in each roll call of the General Assembly.
-- Reads votes (the record that holds every member); works on DuckDB and Spark.
SELECT rollcall,
       CAST(sum(CASE WHEN vote = 'yes' THEN 1 ELSE 0 END) AS INTEGER) AS yes,
       CAST(sum(CASE WHEN vote = 'abstain' THEN 1 ELSE 0 END) AS INTEGER) AS abstain,
       CAST(sum(CASE WHEN vote = 'no' THEN 1 ELSE 0 END) AS INTEGER) AS no
FROM votes
WHERE body = 'GA' AND source = 'un_votes'
GROUP BY rollcall
