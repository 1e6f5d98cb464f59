# SPDX-License-Identifier: Apache-2.0
"""Parties that were added to the lists between two dates, by list, country and programme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.package_files import read_package_toml
from bilat.places import country_name, country_or_none
from bilat.places.address_regions import place_of_address
from bilat.when import AsOf


@cache
def beside() -> dict[str, list[str]]:
    """State -> the states whose additions are shown beside its own, as signals.toml has them."""
    return dict(read_package_toml("bilat.forecast", "signals.toml")["listings"])


@dataclass(frozen=True)
class NewListings:
    """Parties of one country that one programme of one list gained between the two dates."""

    list: str
    country: (
        str  #: its name; the label itself where it names no state, blank where the list gives none
    )
    programme: str
    parties: int
    since: str  #: the edition counted against, or the first date where the entries bear days of their own


def added(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[NewListings]:
    """Parties added by list, country and programme, the most first.

    Of a list in dated editions: who stands in the newest edition of the later date and not in the newest of the
    earlier one, or in the first that is held. Where no two editions are held and entries bear their own day: who was
    listed in between.
    """
    asked = Ask(pair, _as_of=last, params={}, _holdings=holdings)
    out: list[NewListings] = []
    editions = asked.query(
        "SELECT source, list, vintage, count(listed_on) AS dated FROM listings GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    for source, name in dict.fromkeys((e["source"], e["list"]) for e in editions):
        held = {
            e["vintage"]: e["dated"] for e in editions if (e["source"], e["list"]) == (source, name)
        }
        now = max((v for v in held if v <= last.date), default=None)
        if now is None:
            continue
        before = max((v for v in held if v <= first.date), default=None if held[now] else min(held))
        if before is not None and before < now:
            new = _NOT_BEFORE
            than = [source, name, before]
        elif held[now] and now > first.date:
            new = _LISTED_BETWEEN
            than = [first.date, last.date]
        else:
            continue
        by: dict[tuple[str, str], set[str]] = {}
        for r in asked.query(_ADDED.format(new), source, name, now, *than).to_pylist():
            # a citation of the Federal Register stands where this list has no programme
            programme = "" if re.search(r"\bF\.R\. ", r["programme"]) else r["programme"]
            by.setdefault((_place(r), programme), set()).add(r["party"])
        since = str(before if new is _NOT_BEFORE else first)
        out += [
            NewListings(name, country=country, programme=p, parties=len(parties), since=since)
            for (country, p), parties in by.items()
        ]
    return sorted(out, key=lambda a: (-a.parties, a.list, a.country, a.programme))


#: The entries of an edition that are new. A party with addresses in several countries counts in each.
_ADDED = """
WITH now AS (
  SELECT party, coalesce(programme, '') AS programme, max(listed_on) AS listed_on, source
  FROM listings WHERE source = ? AND list = ? AND vintage = ? GROUP BY party, programme, source
), placed AS (
  SELECT DISTINCT source, party, country, address, coalesce(city, '') AS city FROM addresses WHERE country IS NOT NULL
)
SELECT DISTINCT n.party, n.programme, a.country, a.address, a.city
FROM now n LEFT JOIN placed a ON a.party = n.party AND a.source = n.source WHERE {} ORDER BY ALL
"""
#: Not in an earlier edition under the same programme. One that names no programme is compared by party alone.
_NOT_BEFORE = """NOT EXISTS (
  SELECT 1 FROM listings o WHERE o.source = ? AND o.list = ? AND o.vintage = ? AND o.party = n.party
  AND (coalesce(o.programme, '') IN (n.programme, '') OR n.programme = ''))"""
_LISTED_BETWEEN = "n.listed_on > ? AND n.listed_on <= ?"


def of_interest(found: Sequence[NewListings], pair: Dyad) -> list[NewListings]:
    """The additions of the two states and those that signals.toml names beside each."""
    codes = {pair.a, pair.b, *(c for state in pair for c in beside().get(state, []))}
    return [a for a in found if country_or_none(a.country) in codes]


def _place(added_row: Mapping[str, str | None]) -> str:
    """Return the name of the country of an address; Hong Kong and Macao are not China here."""
    label = added_row["country"] or ""
    state = country_or_none(label) or ""
    place = place_of_address(state, added_row["address"] or "", added_row["city"] or "")
    return _country(label) if place == state else country_name(place)


def _country(label: str) -> str:
    """The name of the country of a list's label, ``Korea, North`` too; the label where it names none."""
    last, comma, first = label.partition(", ")
    code = country_or_none(label) or (country_or_none(f"{first} {last}") if comma else None)
    return country_name(code) if code else label
