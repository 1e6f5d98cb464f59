# SPDX-License-Identifier: Apache-2.0
"""Listed firms with an address in a hub. Lists name no goods: which of them could be consignees
of a good is for the reader, who has their names at hand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing

from bilat.diversion.answer import ListedFirm
from bilat.holdings import Holdings
from bilat.places import country_name, country_or_none
from bilat.when import AsOf

#: Programmes that are about a target under other names than its own.
ALSO = {"RUS": ("UKRAINE",)}


def listed_in(
    holdings: Holdings, as_of: AsOf, hubs: Collection[str], targets: Sequence[str]
) -> Mapping[str, tuple[ListedFirm, ...]]:
    """Hub -> the firms stored with an address there that stand on a list under a programme named
    after a target, or under none that is stated, the newest listing first."""
    if not hubs:
        return {}
    words = [w for t in targets for w in (country_name(t).upper(), *ALSO.get(t, ()))]
    about = " OR ".join("starts_with(upper(l.programme), ?)" for _ in words)
    with closing(holdings.connect(as_of).connection.cursor()) as con:
        rows = con.execute(
            f"""SELECT min(p.name), a.country, bool_or(p.schema = 'Person'),
                CAST(max(l.listed_on) AS VARCHAR), min(l.list)
            FROM addresses a
            JOIN listings l USING (party) JOIN parties p USING (party) WHERE a.country IS NOT NULL
            GROUP BY upper(p.name), a.country HAVING bool_or({about}) OR count(l.programme) = 0
            ORDER BY max(coalesce(l.listed_on, l.known_on)) DESC, 1""",
            words,
        ).fetchall()
    here = [(str(country_or_none(row[1])), *row) for row in rows]
    here = [row for row in here if row[0] in hubs]
    people = {_words(name) for _, name, _, person, _, _ in here if person}
    out: dict[str, list[ListedFirm]] = {}
    for hub, name, _, _, listed_on, list_name in here:
        if _words(name) not in people:
            out.setdefault(hub, []).append(ListedFirm(name, listed_on or "", list_name or ""))
    return {hub: tuple(firms) for hub, firms in out.items()}


def components_by_kind(holdings: Holdings, as_of: AsOf) -> Mapping[str, tuple[int, int]]:
    """Kind of component -> how many components of it were found in weapons, in how many weapons."""
    with closing(holdings.connect(as_of).connection.cursor()) as con:
        rows = con.sql(
            """SELECT category, count(DISTINCT component), count(DISTINCT weapon) FROM (SELECT
            category, component, unnest(string_split(weapons, ';')) AS weapon FROM components)
            WHERE category IS NOT NULL GROUP BY category ORDER BY category"""
        ).fetchall()
    return {kind: (components, weapons) for kind, components, weapons in rows}


def _words(name: str) -> tuple[str, ...]:
    """A name however its words are ordered: an edition that leaves the kind out writes people's
    otherwise."""
    return tuple(sorted(re.findall(r"\w+", name.casefold())))
