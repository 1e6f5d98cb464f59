# SPDX-License-Identifier: Apache-2.0
"""Owners against the lists held: by LEI for certain, by name as surely as the screener says and no surer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bilat.parties.match.screener import Screener
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import Cut, rows_of

#: Bands of a name that counts as listed; a lesser one leaves the verdict open.
SURE = ("match", "likely")
#: Agreements that are the owner's very name.
_EXACT = ("exact", "number")
#: Rows that are looked at for a name, and names that are screened in one go.
_ROWS = 10
#: Names of the notes that list them; the rest are counted.
_NAMED = 20


@dataclass
class OnLists:
    """Firms on lists: for certain or likely, perhaps, and what is to be said."""

    listed: dict[str, set[str]] = field(default_factory=dict)
    perhaps: dict[str, set[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def on_lists(screener: Screener, named: Collection[str]) -> OnLists:
    """Of the firms named, those on the lists: by LEI, or by name with the screener's band.

    Ties that a list states (OFAC's ``Linked To``) are said and never counted as ownership.
    """
    out = OnLists()
    notes: dict[str, None] = {}
    by_lei: set[str] = set()
    for firm in sorted(named):
        for n in screener.numbers.get(f"lei:{firm}", ()):
            record = screener.record(n)
            by_lei.add(firm)
            out.listed.setdefault(firm, set()).update(_entries(record["listings"]))
            _say(notes, firm, record, "by its LEI")
    asked = sorted(x for x in set(named) - by_lei if any(c.isalnum() for c in x))
    sure = False
    queries = [Query(str(n), x, n) for n, x in enumerate(asked)]
    rows = rows_of(screener, queries, Cut(_ROWS, typed=True)).rows
    exact = {r["query_id"] for r in rows if r["agreement"] in _EXACT}
    for row in rows:
        firm = asked[int(row["query_id"])]
        same = row["agreement"] in _EXACT
        short = row["agreement"] == "short" and row["bearers"] != "many"
        if not same and (row["query_id"] in exact or (row["band"] == "unlikely" and not short)):
            continue
        # Nobody else has the name, or fewer than have it among the listed: two registered VTB, of the bank.
        alone = row["bearers"] == "nobody known" or (
            row["bearers"] == "some" and row["bearers_count"] < row["group"]
        )
        # Where others are known by the name, likely is not enough to count a firm as listed.
        certain = (alone and (same or row["band"] in SURE)) or (
            row["band"] == "match" and row["bearers"] != "many"
        )
        sure |= certain
        where = out.listed if certain else out.perhaps
        where.setdefault(firm, set()).update(_entries(row["listings"]))
        _say(notes, firm, screener.by_id(row["party"]), _how(row, certain), certain)
    if sure:
        notes["a name is not the party: check it (number, address, birth) before the verdict is used"] = None
    missing = [x for x in asked if x not in out.listed and x not in out.perhaps]
    out.notes = [*notes]
    if missing:
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        out.notes.append(f"not found on the lists: {', '.join(missing[:_NAMED])}{more}")
    return out


def _entries(listings: Iterable[dict[str, str]]) -> Iterator[str]:
    return (f"{x['list']} {x['programme']}".strip() for x in listings)


def _how(row: dict[str, Any], certain: bool) -> str:
    same = row["agreement"] in _EXACT
    by = "its exact name" if same else f"a name like {row['name_matched']} ({row['band']})"
    others = f"; {row['bearers_says']}" if row["bearers_says"] else ""
    counts = "" if certain else "; it may be another party, so what rests on it is not known"
    return f"by {by}{others}{counts}"


def _say(notes: dict[str, None], firm: str, record: dict[str, Any], how: str, certain: bool = True) -> None:
    verb = "is" if certain else "may be"
    notes.setdefault(f"{firm} {verb} {record['name']} ({record['id']}, {record['source']}), {how}")
    for kind, other, *_ in record["links"]:
        if kind != "owner":
            notes.setdefault(
                f"{firm} is tied to {other} by the list ({kind}): a remark of the list, not ownership; "
                "no share is counted for it"
            )


def lists_held(screener: Screener) -> frozenset[str]:
    """The lists with an entry in the screener, with their programmes."""
    held: set[str] = set()
    for n in range(len(screener)):
        held.update(_entries(screener.record(n)["listings"]))
    return frozenset(held)
