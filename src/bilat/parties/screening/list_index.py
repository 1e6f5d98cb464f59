# SPDX-License-Identifier: Apache-2.0
"""A screener over the lists asked for: out of the index kept beside the holdings, else made and kept.

The index is keyed by what it was made of: the lists' files, the last day on which one of them
changed, and this version of the code that makes it. It holds for as long as no list changes and no
entry begins or ends to be in force; files of other kinds, of trade for instance, leave it as it is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bilat.catalog import source
from bilat.document import wording
from bilat.errors import DataError, UsageError
from bilat.files.digest import sha256_of
from bilat.holdings import Holdings
from bilat.holdings.store import default_folder
from bilat.parties.lists.entries import (
    Used,
    changes_around,
    entries_of_lists,
    held_parties,
    list_sources,
    split_lists,
)
from bilat.parties.lists.list_names import title_of
from bilat.parties.match import index_file
from bilat.parties.screening.flags import flag
from bilat.parties.screening.screener import Screener
from bilat.units.notation import count_text
from bilat.when import AsOf

if TYPE_CHECKING:
    from bilat.parties.lists.watchlist import Change

_LOG = logging.getLogger(__name__)


@dataclass
class ListScreener:
    """A screener with the lists it was made of."""

    screener: Screener
    lists: list[Used]


@cache
def _code() -> str:
    """Digest of everything that an index depends on beside the lists."""
    digest = hashlib.sha256()
    for room in (
        "parties.lists",
        "parties.names",
        "parties.match",
        "parties.screening",
        "formats.parties",
    ):
        for file in sorted(resources.files(f"bilat.{room}").iterdir(), key=lambda f: f.name):
            if file.name.endswith((".py", ".toml", ".txt", ".json", ".npz")):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _key(lists: Sequence[str], holdings: Holdings, day: str) -> str:
    """Return the digest of what the index of some lists is made of on a day.

    The day counts only where a file of the user's own is read as of an earlier one.
    """
    is_past = day < dt.date.today().isoformat()
    told: list[Any] = [_code(), day if is_past and _has_own_file(lists) else ""]
    told += [
        sha256_of(path) + path.name if (path := Path(item)).is_file() else item for item in lists
    ]
    told += [
        [e["source"], e["sha256"], e["vintage"], sorted(e["tables"])]
        for e in entries_of_lists(holdings)
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def open_screener(
    lists: Sequence[str] | None, as_of: AsOf | None, holdings: Holdings | None
) -> ListScreener:
    """The screener over the lists (all that are held, where none is named), as of a date.

    Raises
    ------
    UsageError, DataError
        see :func:`bilat.parties.lists.entries.held_parties`.
    """
    holdings = holdings or Holdings()
    day = (as_of or AsOf()).date.isoformat()
    wanted = split_lists(lists)
    root = holdings.stores[-1].root if len(holdings.stores) > 1 else default_folder()
    key = _key(wanted, holdings, day)
    found = _kept_for(_newest(root / "index", key, day), day)
    if found is None:
        since, until = _span(wanted, as_of, holdings)
        path = root / "index" / f"{key}-{since}.index"
        with index_file.making(path):
            found = _kept_for(path, day)
            found = found or _made(wanted, as_of, holdings, path=path, span=(since, until))
    return ListScreener(found.screener, with_freshness(found.lists, holdings, as_of))


def _span(lists: Sequence[str], as_of: AsOf | None, holdings: Holdings) -> tuple[str, str]:
    """Return from which day, and before which, the lists are what they are as of a date.

    A file of the user's own is read differently before today: of one we know no earlier day.
    """
    as_of = as_of or AsOf()
    since, until = changes_around(as_of, holdings)
    return (str(as_of) if _has_own_file(lists) else since), until


def _has_own_file(lists: Sequence[str]) -> bool:
    """Return whether any of the lists named is a file of the user's own."""
    return any(Path(item).is_file() for item in lists)


def _newest(folder: Path, key: str, day: str) -> Path | None:
    """Return the newest index file of a key that began to hold by a day, if it still does."""
    days = {path.stem.removeprefix(f"{key}-"): path for path in folder.glob(f"{key}-*.index")}
    since = max((since for since in days if since <= day), default=None)
    if since is None:
        return None
    about = index_file.read_texts(days[since], "meta")
    return days[since] if about and day < json.loads(about[0])["to"] else None


def _kept_for(path: Path | None, day: str) -> ListScreener | None:
    """Return what an index file has, where it holds on a day."""
    stat = path.stat() if path and path.is_file() else None
    found = _from_kept(path, stat.st_mtime_ns, stat.st_size) if stat else None
    if found is None:
        return None
    screener, about = found
    if not about["from"] <= day < about["to"]:
        return None
    return ListScreener(screener, [Used(**u) for u in about["lists"]])


def _made(
    lists: Sequence[str],
    as_of: AsOf | None,
    holdings: Holdings,
    *,
    path: Path,
    span: tuple[str, str],
) -> ListScreener:
    """Make the index of some lists as of a date, and keep it in a file.

    ``span``: from which day, and before which, the lists are what they are.
    """
    held, used = held_parties(lists, as_of, holdings)
    _LOG.info(
        "Indexing the names of %s listed parties: up to a minute, once for each edition of a list.",
        f"{len(held):,}",
    )
    screener = Screener(held)
    day = (as_of or AsOf()).date.isoformat()
    ends = [e.until for h in held for e in h.party.listings if e.until > day]
    since, until = span
    about = {"from": since, "to": min([until, *ends]), "lists": [asdict(u) for u in used]}
    values = {**screener.kept(), "meta": [json.dumps(about, ensure_ascii=False)]}
    index_file.write(path, values)
    return ListScreener(screener, used)


def with_freshness(used: list[Used], holdings: Holdings, as_of: AsOf | None) -> list[Used]:
    """Return the lists with what the manifest and the log of requests say of their age.

    It is looked up anew for every answer: an index holds on while the publisher confirms the list.
    """
    known = set(list_sources())
    out = []
    for u in used:
        if u.source not in known or not u.parties:
            out.append(u)
            continue
        fresh = holdings.freshness(u.source, "parties", as_of or AsOf())
        out.append(
            replace(
                u,
                content=fresh.content_to,
                stated=fresh.stated,
                stated_by=fresh.stated_by,
                public_from=fresh.public_from,
                public_to=fresh.public_to,
                asked=fresh.asked,
                answer=fresh.answer,
            )
        )
    return out


def changed_since(
    since: str, lists: Sequence[str] | None, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[ListScreener, dict[str, dict[str, str]], list[str]]:
    """A screener over the lists now and the parties removed since; party -> the flag that says what changed; notes.

    Names are then screened as ever, so that bands and probabilities are the same, and rows of parties that have not
    changed are left out. A removed party is asked for too: whoever was stopped because of it may go on. ``since`` is a
    date of the lists held, or an earlier file of the one list that ``lists`` names.

    Raises
    ------
    UsageError
        for a date that is none or not before the as-of date, or a file beside several lists.
    """
    from bilat.parties.lists.watchlist import compare  # it loads documents

    as_of = as_of or AsOf()
    holdings = holdings or Holdings()
    is_file = Path(since).is_file()
    if is_file and (not lists or len(lists) != 1 or not Path(lists[0]).is_file()):
        raise UsageError(
            f"`since` {since} is a file: name today's file of the same list with `lists` FILE"
        )
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
    used = with_freshness(found.used, holdings, as_of)
    return ListScreener(Screener([*found.after, *gone]), used), flags, notes


def _says(c: Change, since: str) -> str:
    moved = [
        f", {how} {'; '.join(of[:3])}" for how, of in (("more", c.after), ("less", c.before)) if of
    ]
    return f"{c.what} since {since} ({c.source})" + (
        f": {c.field}{''.join(moved)}" if c.field else ""
    )


@lru_cache(maxsize=2)
def _from_kept(path: Path, _written: int, _size: int) -> tuple[Screener, dict[str, Any]] | None:
    """The screener of an index file with what it says of itself: opened once for all who ask in this process."""
    found = index_file.read(path)
    return None if found is None else (Screener.from_kept(found), json.loads(found["meta"][0]))


def list_lines(lists: Sequence[Used], day: dt.date) -> Iterator[str]:
    """The age of the lists, the summary first, then a line a list."""
    ages = {u.source: age for u in lists if u.parties and (age := u.age(day)) is not None}
    if ages:
        of = {u.source: u.freshness.current_on for u in lists}
        new = min(ages, key=lambda s: ages[s])
        old = max(ages, key=lambda s: ages[s])
        latest = f"{title_of(new)}, as of {wording.day(of[new])} ({ages[new]:,} days old)"
        if new == old:
            yield f"We used one list: {latest}"
        else:
            oldest = f"{title_of(old)}, as of {wording.day(of[old])} ({ages[old]:,} days old)"
            number = wording.few_text(len(ages), "lists")
            yield f"We used {number}. The latest is {latest}. The oldest is {oldest}"
    else:
        yield f"We used {wording.few_text(len(lists), 'lists')} of unknown age"
    for u in lists:
        yield f"{title_of(u.source)}: {age_of_list(u)}"


def age_of_list(used: Used) -> str:
    """Return how many parties a list has, how fresh it is, and what is to be said of it."""
    if not used.parties:
        return used.more
    said = f"{count_text(used.parties, 'parties')}, {used.freshness}"
    return f"{said}; {used.more}" if used.more else said


def how_to_get(name: str) -> str:
    """Return how the newest edition of a list is had: by a command, or by hand."""
    if source(name).current:
        return f"bring it with `bilat update {name}`"
    return f"get it by hand: `bilat update {name}` says how"


def refuse_old(lists: Sequence[Used], day: dt.date, most: int) -> None:
    """Refuse lists that were last known to be the newest more than so many days ago; 0: none.

    Raises
    ------
    DataError
        naming the oldest.
    """
    for u in lists if most else ():
        age = u.age(day)
        if u.parties and (age is None or age > most):
            how = "has no date" if age is None else f"is {age:,} days old ({u.freshness})"
            cure = "get its newest edition, or leave `max_age` out"
            if u.source in list_sources():
                cure = f"{how_to_get(u.source)}, or name the lists to use with `lists`"
            raise DataError(f"{u.source}: {how}, where `max_age` is {most}; {cure}")
