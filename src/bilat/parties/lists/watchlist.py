# SPDX-License-Identifier: Apache-2.0
"""Who came onto a list, who left it, whose entry ended by its own date and what changed, between two editions or dates.

Names and addresses are compared by their letters and digits: punctuation, case and order are not change. A field that
changes for much of a list between two editions was written another way by the publisher, or comes from another file of
his; that is said in a line, and the parties that changed in nothing else are left out unless asked for. A list of
which no edition is held on the earlier date is named and not counted as added.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from bilat.document import Block, Document, Finding, Say, Section
from bilat.errors import UsageError
from bilat.formats.parties import ListedParty
from bilat.holdings import Holdings
from bilat.parties.lists.effects import effect_of, in_order
from bilat.parties.lists.joined import countries_of, letters
from bilat.parties.lists.listed import ListEntry, Used, held_parties
from bilat.places import country
from bilat.units.written import counted
from bilat.when import AsOf

_FIELDS = tuple(
    "schema names addresses identifiers countries listings born incorporated links".split()  # noqa: SIM905
)
#: Share of a list's common parties from which on a change in one field is the file's, and the least number of them.
MOSTLY, AT_LEAST = 0.25, 20
#: What a difference may be, in the order in which they are told.
WHATS = ("added", "removed", "ended", "changed")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``what`` is added, removed, ended (by the entry's own date) or changed; for a change, the field
    with what it had and has.
    """

    what: str
    party: str
    name: str
    source: str
    field: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    listed_on: str = ""
    until: str = ""


@dataclass
class Difference:
    """The differences between two states of the lists, and what is to be known of them."""

    changes: list[Change]
    notes: list[str] = field(default_factory=list)
    editions: list[str] = field(default_factory=list)  # a line a list: the edition before and after

    def summary(self, most: int = 10) -> list[str]:
        """At most ten lines: how many in all, then by programme and by country, the most moved first."""
        parties = {w: len({(c.source, c.party) for c in self.changes if c.what == w}) for w in WHATS}
        told = [counted(parties[w], _SAYS[w]) for w in WHATS if parties[w]]
        out = ["; ".join(told) or "no change"]
        if not self.changes:
            return out
        for label in ("programme", "country"):
            counts: dict[str, Counter[str]] = {}
            for c in {(c.what, c.source, c.party): c for c in self.changes}.values():
                keys = c.countries if label == "country" else c.programmes or c.lists
                for key in keys or ("not stated",):
                    counts.setdefault(key, Counter())[c.what] += 1
            ranked = sorted(counts, key=lambda k: (k == "not stated", -counts[k].total(), k))
            room = (most - 2) // 2
            for key in ranked[:room]:
                out.append(
                    f"{label} {key}: " + ", ".join(f"{counts[key][w]:,} {w}" for w in WHATS if counts[key][w])
                )
            if len(ranked) > room:
                out[-1] += f" (and {len(ranked) - room} more)"
        return out[:most]


_SAYS = {
    "added": "parties added",
    "removed": "removed",
    "ended": "ended by the entry's own date (not removed by the publisher)",
    "changed": "changed",
}


def _values(party: ListedParty, name: str) -> dict[str, str]:
    """What is compared -> as it is written."""
    value = getattr(party, name)
    if isinstance(value, str):
        return {value: value} if value else {}
    if name in ("names", "addresses"):
        return {_sorted(v.text): v.text for v in value if _sorted(v.text)}
    if name == "identifiers":
        return {f"{v.kind}:{v.value}": f"{v.kind}:{v.value}" for v in value}
    if name == "listings":
        told = (" ".join(filter(None, (v.list, v.programme))) for v in value)
        return {x: x for x in told}
    if name == "links":
        return {f"{v.kind} {_sorted(v.other)}": f"{v.kind}: {v.other}" for v in value}
    return {str(v): str(v) for v in value}


def _sorted(text: str) -> str:
    return " ".join(sorted(letters(text).split()))


def difference(before: Sequence[ListEntry], after: Sequence[ListEntry], day: str = "") -> list[Change]:
    """Added, removed, ended and changed parties, by their ids; a party whose entries all end by ``day`` (YYYY-MM-DD) is
    ended and not removed.
    """
    old = {(h.source, h.party.id): h for h in before}
    new = {(h.source, h.party.id): h for h in after}
    if before and after and not ({k[0] for k in old} & {k[0] for k in new}):
        # Two files of one list under different names: compare by id alone.
        old = {("", h.party.id): h for h in before}
        new = {("", h.party.id): h for h in after}
    out: list[Change] = []
    for key in sorted(old.keys() | new.keys(), key=lambda k: (k[0], k[1])):
        a, b = old.get(key), new.get(key)
        if a is None or b is None:
            present = b or a
            assert present is not None
            what = "added" if a is None else "ended" if _ended(present.party, day) else "removed"
            out.append(_change(what, present))
            continue
        if "Unknown" in (a.party.schema, b.party.schema):
            compared: tuple[str, ...] = ("names",)
        else:
            compared = _FIELDS
        for name in compared:
            was, now = _values(a.party, name), _values(b.party, name)
            if was.keys() != now.keys():
                gone = tuple(sorted(was[k] for k in was.keys() - now.keys()))
                come = tuple(sorted(now[k] for k in now.keys() - was.keys()))
                out.append(_change("changed", b, name, gone, come))
    return out


def _ended(party: ListedParty, day: str) -> bool:
    return bool(day and party.listings) and all(e.until and e.until <= day for e in party.listings)


def _change(
    what: str, h: ListEntry, name: str = "", before: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Change:
    entries = h.party.listings
    return Change(
        what, h.party.id, h.party.name, h.source, name, before, after,
        tuple(sorted({e.programme for e in entries if e.programme})),
        tuple(sorted({e.list for e in entries})),
        tuple(sorted(countries_of(h.party))),
        tuple(in_order(effect_of(e.list, e.programme) for e in entries)),
        min((e.listed_on for e in entries if e.listed_on), default=""),
        max((e.until for e in entries if e.until), default=""),
    )  # fmt: skip


def compare(
    a: str,
    b: str,
    *,
    lists: Sequence[str] | None = None,
    holdings: Holdings | None = None,
    form: bool = False,
) -> Difference:
    """Differences between two list files, or between two dates of the lists held.

    ``form`` keeps changes of a field that changed for much of its list, too.

    Raises
    ------
    UsageError
        if one is a date and the other a file, or neither is either, or the later comes first.
    """
    files = [Path(x).is_file() for x in (a, b)]
    if all(files):
        (before, of_a), (after, of_b) = held_parties([a], None, None), held_parties([b], None, None)
        return _told(before, after, of_a, of_b, "", form)
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
    (before, of_a), (after, of_b) = (held_parties(lists, day, held) for day in days)
    return _told(before, after, of_a, of_b, b, form)


def _told(
    before: Sequence[ListEntry],
    after: Sequence[ListEntry],
    of_a: Sequence[Used],
    of_b: Sequence[Used],
    day: str,
    form: bool,
) -> Difference:
    """The difference with its notes: lists that begin, fields that a publisher wrote another way, editions."""
    out = Difference([])
    was = {u.source: u for u in of_a if u.parties}
    if day:
        for u in of_b:
            if u.parties and u.source not in was:
                after = [h for h in after if h.source != u.source]
                out.notes.append(
                    f"{u.source}: no edition is held on the earlier date; its {u.parties:,} parties are not counted as "
                    "added"
                )
        for u in of_b:
            if u.source in was:
                same = was[u.source].edition == u.edition
                told = (
                    f"the same edition of {u.edition}" if same else f"{was[u.source].edition} -> {u.edition}"
                )
                out.editions.append(f"{u.source}: {told}")
    changes = difference(before, after, day)
    known = {(h.source if day else "", h.party.id) for h in before}
    common = Counter(h.source for h in after if (h.source if day else "", h.party.id) in known)
    moved = Counter((c.source, c.field) for c in changes if c.what == "changed")
    wide = {k for k, n in moved.items() if n >= AT_LEAST and n >= MOSTLY * common[k[0]]}
    for source, name in sorted(wide):
        out.notes.append(
            f"{source}: {name} differ in {moved[source, name]:,} of {common[source]:,} parties: the file is written "
            "another way or made from others, that is not a change of the list"
            + ("" if form else " (`all` shows them)")
        )
    out.changes = [c for c in changes if form or (c.source, c.field) not in wide]
    return out


def only(
    changes: Sequence[Change], *, programme: str = "", state: str = "", list_: str = "", what: str = ""
) -> list[Change]:
    """The changes of programmes (``RUSSIA*``), a state, a list (its beginning) and a kind; an empty one lets all pass.

    Raises
    ------
    UsageError
        for a state or a kind that is none.
    """
    code = country(state) if state else ""
    if what and what not in WHATS:
        raise UsageError(f"{what}: must be one of {', '.join(WHATS)}")
    return [
        c
        for c in changes
        if (not programme or any(fnmatchcase(p.casefold(), programme.casefold()) for p in c.programmes))
        and (not code or code in c.countries)
        and (
            not list_ or c.source == list_ or any(x.casefold().startswith(list_.casefold()) for x in c.lists)
        )
        and (not what or c.what == what)
    ]


def change_line(c: Change) -> str:
    """One sentence about a change."""
    where = ", ".join(
        filter(None, ("; ".join(c.programmes or c.lists), ", ".join(c.countries), "; ".join(c.effects)))
    )
    if c.what != "changed":
        ended = f" on {c.until}" if c.what == "ended" else ""
        return f"{c.what}{ended}: {c.name} ({c.party}; {where})"
    gone = f"less {'; '.join(c.before)}" if c.before else ""
    come = f"more {'; '.join(c.after)}" if c.after else ""
    return f"changed: {c.name} ({c.party}; {where}): {c.field}: {', '.join(filter(None, (come, gone)))}"


#: Changes of each kind that are shown first.
SHOWN = 20


def document(found: Difference, first: str, last: str) -> Document:
    """A summary in ten lines, what is to be known, then the changes by kind, the first of each kind before the rest.

    ``first`` and ``last`` are the dates compared, or the names of the files; the document is as old as the later date.
    """
    listed = max((c.listed_on for c in found.changes), default="") or "1970-01-01"
    blocks: list[Block] = [Say(line) for line in found.summary()]
    blocks += [Say(f"note: {line}", "note") for line in (*found.editions, *found.notes)]
    for what in WHATS:
        lines = [Finding(change_line(c)) for c in found.changes if c.what == what]
        if lines:
            blocks.append(Section(what.capitalize(), tuple(lines[:SHOWN])))
        if len(lines) > SHOWN:
            blocks.append(Section(f"{len(lines) - SHOWN:,} more {what}", tuple(lines[SHOWN:]), detail=True))
    return Document(
        "lists", f"The lists from {first} to {last}", (), tuple(blocks),
        data=[asdict(c) for c in found.changes],
        as_of=AsOf(last if last[:4].isdigit() and len(last) == 10 else listed),
    )  # fmt: skip
