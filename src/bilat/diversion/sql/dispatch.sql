-- What each member of the EU sold the hubs of all listed goods together, in the months of the window and in the same
-- months of the year before the break.
SELECT reporter AS member, partner AS hub,
  sum(value) FILTER (period IN ($before)) AS before,
  sum(value) FILTER (period IN ($after)) AS after,
  count(*) AS entries, min(locator) AS locator
FROM flows
WHERE source = 'eurostat_cn8_sanctioned' AND nomenclature = 'basket' AND partner IN ($hubs)
GROUP BY ALL
ORDER BY after DESC, member
