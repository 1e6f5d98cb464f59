-- One row per edition and party: listed under a programme against Russia, with an address in one of three countries.
WITH placed AS (
  SELECT party, min(address) AS address, min(locator) AS address_locator, max(known_on) AS address_known_on,
         max(CASE WHEN revised_later THEN 1 ELSE 0 END) AS revised
  FROM addresses
  WHERE source = 'ofac_sdn' AND country IN (?, ?, ?)
  GROUP BY party
),
listed AS (
  SELECT party, vintage, min(programme) AS programme, min(source) AS source, min(snapshot) AS snapshot,
         min(locator) AS locator, max(known_on) AS known_on, min(known_basis) AS known_basis
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
ORDER BY l.vintage, l.party
