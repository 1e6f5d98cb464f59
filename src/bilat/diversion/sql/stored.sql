-- Trade of the hubs in all stored records, a row a source, pair and year. A year is the sum of its twelve months where
-- all are stored, else the yearly figure.
SELECT source, reporter, partner, flow, currency, substr(period, 1, 4) AS year,
  sum(value) FILTER (length(period) = 7) AS of_months,
  count(DISTINCT period) FILTER (length(period) = 7) AS months,
  max(value) FILTER (length(period) = 4) AS of_year,
  max(period) AS last, count(*) AS entries, min(locator) AS locator
FROM flows
WHERE value IS NOT NULL AND period >= '2020' AND (
  (source IN ($european) AND flow = 'X' AND partner IN ($hubs))
  OR (source = 'national_imports' AND flow = 'M' AND partner IN ($members))
  OR (source = 'armstat_trade' AND flow = 'M' AND partner IN ($members, 'XX_EU'))
  OR (source = 'armstat_trade' AND flow = 'X' AND partner IN ($markets))
  OR (source = 'us_census_exports' AND partner IN ($hubs))
  OR (source = 'atlas_techai_baskets' AND product = 'basket:chips' AND partner IN ($targets)))
GROUP BY ALL
ORDER BY source, reporter, partner, year
