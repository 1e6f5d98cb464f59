# SPDX-License-Identifier: Apache-2.0
"""Names screened before, against what has changed on the lists since: parties that are new, changed or removed.

The names are screened as ever, so that bands and probabilities are those of ``bilat screen``; rows of parties that
have not changed are left out, and each row says what changed. A removed party is asked for too: whoever was stopped
because of it may go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from bilat.errors import UsageError
from bilat.holdings import Holdings
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
    as_of, holdings, is_file = as_of or AsOf(), holdings or Holdings(), Path(since).is_file()
    if is_file and (not lists or len(lists) != 1 or not Path(lists[0]).is_file()):
        raise UsageError(f"`since` {since} is a file: name today's file of the same list with `lists` FILE")
    if not is_file and since >= str(as_of):
        raise UsageError(f"`since` {since}: must be before {as_of}")
    now = lists[0] if is_file and lists else str(as_of.date)
    found = compare(since, now, lists=None if is_file else lists, holdings=holdings)
    left = {c.party for c in found.changes if c.what in ("removed", "ended")} - {
        h.party.id for h in found.after
    }
    flags: dict[str, dict[str, str]] = {}
    for party, of in groupby(sorted(found.changes, key=lambda c: c.party), key=lambda c: c.party):
        flags[party] = flag("changed_since", "; ".join(_says(c, since) for c in of))
    notes = [*found.editions, *found.notes, *found.summary()[:1]]
    if not flags:
        notes.insert(-1, f"no party is new, changed or removed since {since}")
    gone = [h for h in found.before if h.party.id in left]
    return OpenedQueries(Screener([*found.after, *gone]), found.used, None), flags, notes


def _says(c: Change, since: str) -> str:
    moved = [f", {how} {'; '.join(of[:3])}" for how, of in (("more", c.after), ("less", c.before)) if of]
    return f"{c.what} since {since} ({c.source})" + (f": {c.field}{''.join(moved)}" if c.field else "")
