-- One row per edition and party: listed under a programme against Russia, with an address in the places asked for.
-- Suppliers alone: firms under the order of April 2021 on which the listings for the war rest, without an address in
-- Russia, as many branches and fronts of Russian firms have.
WITH placed AS (
  SELECT party, min(address) AS address, min(locator) AS address_locator, max(known_on) AS address_known_on,
         max(CASE WHEN revised_later THEN 1 ELSE 0 END) AS revised
  FROM placed_addresses
  GROUP BY party
),
russian AS (
  SELECT DISTINCT party FROM addresses WHERE source = 'ofac_sdn' AND country = 'Russia'
),
listed AS (
  SELECT party, vintage, min(programme) AS programme, min(source) AS source, min(snapshot) AS snapshot,
         min(locator) AS locator, max(known_on) AS known_on, min(known_basis) AS known_basis,
         bool_or(programme LIKE '%RUSSIA-EO14024%') AS for_war
  FROM listings
  WHERE source = 'ofac_sdn' AND (programme LIKE '%RUSSIA%' OR programme LIKE '%UKRAINE%')
  GROUP BY party, vintage
)
SELECT CAST(l.vintage AS VARCHAR) AS point, '' AS grp, l.party, p.name, l.programme, a.address,
       CAST(l.vintage AS VARCHAR) AS period, 'derived' AS kind,
       l.locator || '; addresses ' || a.address_locator AS locator,
       l.known_on, l.known_basis, l.source, l.snapshot, l.vintage, a.revised = 1 AS revised_later
FROM listed l
JOIN placed a ON a.party = l.party
JOIN parties p ON p.party = l.party AND p.vintage = l.vintage AND p.source = l.source
WHERE NOT ? OR (l.for_war AND p.schema NOT IN ('Person', 'Vessel', 'Airplane') AND l.party NOT IN (FROM russian))
ORDER BY l.vintage, l.party
