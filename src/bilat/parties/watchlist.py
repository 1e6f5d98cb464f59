# SPDX-License-Identifier: Apache-2.0
"""Who came onto a list, who left it and what changed, between two editions or two dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bilat.errors import UsageError
from bilat.formats.parties import ListedParty
from bilat.holdings import Holdings
from bilat.parties.listed import Held, held_parties
from bilat.when import AsOf

_FIELDS = ("schema", "names", "addresses", "identifiers", "countries", "listings", "born", "incorporated")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``what`` is added, removed or changed; for a change, the field with what it had and
    has.
    """

    what: str
    party: str
    name: str
    source: str
    field: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


def _values(party: ListedParty, field: str) -> tuple[str, ...]:
    value = getattr(party, field)
    if isinstance(value, str):
        return (value,) if value else ()
    out = []
    for v in value:
        if field == "names" or field == "addresses":
            out.append(v.text)
        elif field == "identifiers":
            out.append(f"{v.kind}:{v.value}")
        elif field == "listings":
            out.append(" ".join(filter(None, (v.list, v.programme))))
        else:
            out.append(str(v))
    return tuple(sorted(set(out)))


def difference(before: Sequence[Held], after: Sequence[Held]) -> list[Change]:
    """Added, removed and changed parties, by their ids; names lost and gained are listed each."""
    old = {(h.source, h.party.id): h for h in before}
    new = {(h.source, h.party.id): h for h in after}
    if before and after and not ({k[0] for k in old} & {k[0] for k in new}):
        # Two files of one list under different names: compare by id alone.
        old = {("", h.party.id): h for h in before}
        new = {("", h.party.id): h for h in after}
    out: list[Change] = []
    for key in sorted(old.keys() | new.keys(), key=lambda k: (k[0], k[1])):
        a, b = old.get(key), new.get(key)
        present = b or a
        assert present is not None
        programmes = tuple(sorted({e.programme for e in present.party.listings if e.programme}))
        who = (present.party.id, present.party.name, present.source)
        if a is None or b is None:
            out.append(Change("added" if a is None else "removed", *who, programmes=programmes))
            continue
        if "Unknown" in (a.party.schema, b.party.schema):
            compared: tuple[str, ...] = ("names",)
        else:
            compared = _FIELDS
        for field in compared:
            was, now = _values(a.party, field), _values(b.party, field)
            if was != now:
                gone, come = tuple(sorted(set(was) - set(now))), tuple(sorted(set(now) - set(was)))
                out.append(Change("changed", *who, field, gone, come, programmes))
    return out


def watchlist_diff(
    a: str, b: str, *, lists: Sequence[str] | None = None, holdings: Holdings | None = None
) -> list[Change]:
    """Differences between two list files, or between two dates of the lists held.

    Raises
    ------
    UsageError
        if one is a date and the other a file, or neither is either, or the later comes first.
    """
    files = [Path(x).is_file() for x in (a, b)]
    if all(files):
        before, _ = held_parties([a], None, None)
        after, _ = held_parties([b], None, None)
        return difference(before, after)
    if any(files):
        raise UsageError(f"{a} and {b}: compare two files, or two dates, not one of each")
    days = []
    for x in (a, b):
        try:
            days.append(AsOf(dt.date.fromisoformat(x)))
        except ValueError:
            raise UsageError(f"{x}: is neither a list file nor a date YYYY-MM-DD") from None
    if days[0].date > days[1].date:
        raise UsageError(f"{a} is later than {b}: give the earlier date first")
    held = holdings or Holdings()
    before, _ = held_parties(lists, days[0], held)
    after, _ = held_parties(lists, days[1], held)
    return difference(before, after)


def as_rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes as plain rows, for JSON or a table."""
    return [{k: (list(v) if isinstance(v, tuple) else v) for k, v in asdict(c).items()} for c in changes]
