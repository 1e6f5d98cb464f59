# SPDX-License-Identifier: Apache-2.0
"""Names screened before, against what has changed on the lists since: parties that are new, changed or removed.

The names are screened as ever, so that bands and probabilities are those of ``bilat screen``; rows of parties that
have not changed are left out, and each row says what changed. A removed party is asked for too: whoever was stopped
because of it may go on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.parties.lists.listed import held_parties
from bilat.parties.lists.watchlist import Change, compare
from bilat.parties.match.screener import Screener
from bilat.parties.run.flags import flag
from bilat.parties.run.opened import OpenedQueries
from bilat.when import AsOf


def changed_since(
    since: str, lists: Sequence[str] | None, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[OpenedQueries, dict[str, dict[str, str]], list[str]]:
    """A screener over the lists now and the parties removed since; party -> the flag that says what changed; notes.

    ``since`` is a date of the lists held, or an earlier file of the one list that ``lists`` names.

    Raises
    ------
    UsageError
        for a date that is none or not before the as-of date, or a file beside several lists.
    """
    as_of, holdings, earlier = as_of or AsOf(), holdings or Holdings(), Path(since)
    if earlier.is_file():
        if not lists or len(lists) != 1 or not Path(lists[0]).is_file():
            raise UsageError(
                f"`since` {since} is a file: name today's file of the same list with `lists` FILE"
            )
        found = compare(since, lists[0])
        before, (after, used) = held_parties([since], None, None)[0], held_parties(lists, None, None)
    else:
        day = _day(since, as_of)
        found = compare(since, str(as_of.date), lists=lists, holdings=holdings)
        before = held_parties(lists, AsOf(day), holdings)[0]
        after, used = held_parties(lists, as_of, holdings)
    gone = {c.party for c in found.changes if c.what in ("removed", "ended")}
    now = {h.party.id for h in after}
    out = [h for h in before if h.party.id in gone and h.party.id not in now]
    flags = _flags(found.changes, since)
    if not flags:
        found.notes.append(f"no party is new, changed or removed since {since}")
    notes = [*found.editions, *found.notes, *found.summary()[:1]]
    return OpenedQueries(Screener([*after, *out]), used, None), flags, notes


def _day(since: str, as_of: AsOf) -> dt.date:
    try:
        day = dt.date.fromisoformat(since)
    except ValueError:
        raise UsageError(f"`since` {since}: is neither a list file nor a date YYYY-MM-DD") from None
    if day >= as_of.date:
        raise UsageError(f"`since` {since}: must be before {as_of.date}")
    return day


def _flags(changes: Sequence[Change], since: str) -> dict[str, dict[str, str]]:
    told: dict[str, list[str]] = {}
    for c in changes:
        gone = f", less {'; '.join(c.before[:3])}" if c.before else ""
        come = f", more {'; '.join(c.after[:3])}" if c.after else ""
        told.setdefault(c.party, []).append(
            f"{c.what} since {since} ({c.source})" + (f": {c.field}{come}{gone}" if c.field else "")
        )
    return {party: flag("changed_since", "; ".join(says)) for party, says in told.items()}
