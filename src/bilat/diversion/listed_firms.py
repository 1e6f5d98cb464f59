# SPDX-License-Identifier: Apache-2.0
"""Listed firms with an address in a hub. Lists name no goods: which of them could be consignees
of a good is for the reader, who has their names at hand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from bilat.diversion.trade_records import ListedFirm
from bilat.holdings import Holdings
from bilat.places import country_name, country_or_none
from bilat.places.address_regions import REGIONS, place_of_address
from bilat.when import AsOf

#: Programmes that are about a target under other names than its own.
ALSO = {"RUS": ("UKRAINE",)}


def listed_in(
    holdings: Holdings, as_of: AsOf, hubs: Collection[str], targets: Sequence[str]
) -> Mapping[str, tuple[ListedFirm, ...]]:
    """Hub -> the firms stored with an address there that stand on a list under a programme named
    after a target, or under none that is stated, the newest listing first.

    A firm stands once, whatever spelling of the hub its lists have.
    """
    if not hubs:
        return {}
    words = [w for t in targets for w in (country_name(t).upper(), *ALSO.get(t, ()))]
    about = " OR ".join("starts_with(upper(l.programme), ?)" for _ in words)
    asked = "addresses listings parties"
    with closing(holdings.connect(as_of, asked).connection.cursor()) as con:
        found_countries = con.sql(
            "SELECT DISTINCT country FROM addresses WHERE country IS NOT NULL"
        )
        spellings = found_countries.fetchall()
        codes = _codes(spellings, hubs)
        rows = con.execute(
            f"""SELECT a.country, a.address, coalesce(a.city, ''),
                upper(p.name), min(p.name), bool_or(p.schema = 'Person'),
                coalesce(l.list, ''), coalesce(CAST(max(l.listed_on) AS VARCHAR), ''),
                coalesce(bool_or({about}), FALSE), count(l.programme) > 0
            FROM addresses a
            JOIN listings l USING (party)
            JOIN parties p USING (party)
            WHERE list_contains(?, a.country)
            GROUP BY a.country, a.address, a.city, upper(p.name), l.list
            ORDER BY ALL""",
            [*words, list(codes)],
        ).fetchall()
    firms = _by_firm(rows, hubs, codes)
    people = _names_of_people(firms)
    found: dict[str, list[ListedFirm]] = {}
    for firm, listings in firms.items():
        if _is_meant(listings) and _words(firm.name) not in people:
            of_hub = found.setdefault(firm.hub, [])
            of_hub.append(_newest(listings))
    return {hub: _sorted(of) for hub, of in found.items()}


class _Firm(NamedTuple):
    """A hub and a name in capitals."""

    hub: str
    name: str


class _Listing(NamedTuple):
    """What one list has of one name in one spelling of a hub."""

    name: str
    person: bool
    list_name: str
    listed_on: str
    about: bool
    programme: bool


def _codes(
    spellings: Sequence[tuple[str]],
    hubs: Collection[str],
) -> dict[str, str]:
    """Return the spellings of states in which an address of one of the ``hubs`` can be, with their
    codes."""
    states = {*hubs}
    if states & REGIONS:
        states.add("CHN")
    codes = {}
    for (country,) in spellings:
        code = country_or_none(country)
        if code in states:
            codes[country] = str(code)
    return codes


def _by_firm(
    rows: Sequence[tuple[Any, ...]],
    hubs: Collection[str],
    codes: Mapping[str, str],
) -> dict[_Firm, list[_Listing]]:
    firms: dict[_Firm, list[_Listing]] = {}
    for country, address, city, name, *rest in rows:
        hub = place_of_address(codes[country], address, city)
        if hub not in hubs:
            continue
        listings = firms.setdefault(_Firm(hub, name), [])
        listings.append(_Listing(*rest))
    return firms


def _names_of_people(firms: Mapping[_Firm, Sequence[_Listing]]) -> set[tuple[str, ...]]:
    people = set()
    for firm, listings in firms.items():
        if any(x.person for x in listings):
            people.add(_words(firm.name))
    return people


def _is_meant(listings: Sequence[_Listing]) -> bool:
    """Whether a programme is about a target, or none is stated."""
    about = any(x.about for x in listings)
    stated = any(x.programme for x in listings)
    return about or not stated


def _newest(listings: Sequence[_Listing]) -> ListedFirm:
    """The firm with the list that named it last."""
    name = min(x.name for x in listings)
    lists = sorted(listings, key=lambda x: x.list_name)
    last = max(lists, key=lambda x: x.listed_on)
    return ListedFirm(name, last.listed_on, last.list_name)


def _sorted(firms: Sequence[ListedFirm]) -> tuple[ListedFirm, ...]:
    """The newest listing first, and those without a day last: an edition that has them says
    nothing of when they were listed."""
    by_name = sorted(firms, key=lambda x: x.name)
    by_day = sorted(by_name, key=lambda x: x.listed_on, reverse=True)
    return tuple(by_day)


def components_by_kind(holdings: Holdings, as_of: AsOf) -> Mapping[str, tuple[int, int]]:
    """Kind of component -> how many components of it were found in weapons, in how many weapons."""
    query = """SELECT category, count(DISTINCT component), count(DISTINCT weapon) FROM (SELECT
        category, component, unnest(string_split(weapons, ';')) AS weapon FROM components)
        WHERE category IS NOT NULL GROUP BY category ORDER BY category"""
    with closing(holdings.connect(as_of, query).connection.cursor()) as con:
        rows = con.sql(query).fetchall()
    return {kind: (components, weapons) for kind, components, weapons in rows}


def _words(name: str) -> tuple[str, ...]:
    """A name however its words are ordered: an edition that leaves the kind out writes people's
    otherwise."""
    return tuple(sorted(re.findall(r"\w+", name.casefold())))
