# SPDX-License-Identifier: Apache-2.0
"""Who came onto a list, who left it, whose entry ended by its own date and what changed, between two editions or dates.

Words are compared by their letters and digits: punctuation, case and order are not change. A field that changes for
much of a list between two editions was written another way by the publisher, or comes from another file of his; that is
said in a line, and the parties that changed in nothing else are left out unless asked for. A list of which no edition
is held on the earlier date is named and not counted as added.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from bilat.document import Block, Document, Finding, Say, Section
from bilat.errors import UsageError
from bilat.formats.parties import ListedParty
from bilat.holdings import Holdings
from bilat.parties.lists.effects import effect_of, in_order
from bilat.parties.lists.entries import ListEntry, Used, held_parties
from bilat.parties.lists.list_names import title_of
from bilat.parties.lists.party_states import countries_of
from bilat.parties.names.script import letters
from bilat.places import country
from bilat.units.notation import count_text
from bilat.when import AsOf

#: The fields that are compared, each with how one of its values is written.
_FIELDS: Mapping[str, Callable[[Any], str]] = {
    "schema": str,
    "names": lambda v: v.text,
    "addresses": lambda v: v.text,
    "identifiers": lambda v: f"{v.kind}:{v.value}",
    "countries": str,
    "listings": lambda v: f"{v.list} {v.programme}".strip(),
    "born": str,
    "incorporated": str,
    "links": lambda v: f"{v.kind}: {v.other}",
}
#: Share of a list's common parties from which on a change in one field is the file's, and the least number of them.
MOSTLY = 0.25
AT_LEAST = 20
#: What a difference may be, in the order in which they are told, in words.
WHATS = {
    "added": "parties added",
    "removed": "removed",
    "ended": "ended by the entry's own date (not removed by the publisher)",
    "changed": "changed",
}
#: Changes of each kind that are shown first; lines of a summary by programme and by country.
SHOWN = 20
ROOM = 4


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
    """The differences between two states of the lists, these states, and what is to be known of them."""

    changes: list[Change]
    before: list[ListEntry] = field(default_factory=list)
    after: list[ListEntry] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)  # the lists of the later state
    notes: list[str] = field(default_factory=list)
    editions: list[str] = field(default_factory=list)  # a line a list: the edition before and after

    def summary(self) -> list[str]:
        """How many in all, then by programme and by country, the most moved first."""
        parties = {(c.what, c.source, c.party): c for c in self.changes}.values()
        total = Counter(c.what for c in parties)
        out = [
            "; ".join(count_text(total[w], said) for w, said in WHATS.items() if total[w])
            or "no change"
        ]
        for label in ("programme", "country") if self.changes else ():
            counts: dict[str, Counter[str]] = {}
            for c in parties:
                for key in (c.countries if label == "country" else c.programmes or c.lists) or (
                    "not stated",
                ):
                    counts.setdefault(key, Counter())[c.what] += 1
            ranked = sorted(counts, key=lambda k: (k == "not stated", -counts[k].total(), k))
            for key in ranked[:ROOM]:
                each = ", ".join(f"{counts[key][w]:,} {w}" for w in WHATS if counts[key][w])
                out.append(f"{label} {key}: {each}")
            if len(ranked) > ROOM:
                out[-1] += f" (and {len(ranked) - ROOM} more)"
        return out


def _values(party: ListedParty, name: str) -> dict[str, str]:
    """What is compared -> as it is written."""
    value = getattr(party, name)
    written = [_FIELDS[name](v) for v in ((value,) if isinstance(value, str) else value)]
    return {key: text for text in written if (key := " ".join(sorted(letters(text).split())))}


def difference(
    before: Sequence[ListEntry], after: Sequence[ListEntry], day: str = ""
) -> list[Change]:
    """Added, removed, ended and changed parties, by their ids; a party whose entries all end by ``day`` (YYYY-MM-DD) is
    ended and not removed.
    """
    old, new = ({(h.source, h.party.id): h for h in of} for of in (before, after))
    out: list[Change] = []
    for key in sorted(old.keys() | new.keys()):
        a = old.get(key)
        b = new.get(key)
        if a is None and b is not None:
            out.append(_change("added", b))
        elif a is not None and b is None:
            entries = a.party.listings
            ended = bool(day and entries) and all(e.until and e.until <= day for e in entries)
            out.append(_change("ended" if ended else "removed", a))
        elif a is not None and b is not None:
            unknown = "Unknown" in (a.party.schema, b.party.schema)
            for name in ("names",) if unknown else _FIELDS:
                was = _values(a.party, name)
                now = _values(b.party, name)
                if was.keys() != now.keys():
                    gone = tuple(sorted(was[k] for k in was.keys() - now.keys()))
                    come = tuple(sorted(now[k] for k in now.keys() - was.keys()))
                    out.append(_change("changed", b, name, gone, come))
    return out


def _change(
    what: str,
    h: ListEntry,
    name: str = "",
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> Change:
    entries = h.party.listings
    return Change(
        what,
        h.party.id,
        h.party.name,
        h.source,
        name,
        before,
        after,
        tuple(sorted({e.programme for e in entries if e.programme})),
        tuple(sorted({e.list for e in entries})),
        tuple(sorted(countries_of(h.party))),
        tuple(in_order(effect_of(e.list, e.programme) for e in entries)),
        min((e.listed_on for e in entries if e.listed_on), default=""),
        max((e.until for e in entries if e.until), default=""),
    )


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
    if any(files) and not all(files):
        raise UsageError(f"{a} and {b}: compare two files, or two dates, not one of each")
    if all(files):
        out, known = _of_two_files(a, b)
        day = ""
    else:
        out, known = _of_two_dates(a, b, lists, holdings or Holdings())
        day = b
    after = [h for h in out.after if h.source in known]
    changes = difference(out.before, after, day)
    rewritten = _rewritten_fields(out, after, changes, all_shown=form)
    out.changes = [c for c in changes if form or (c.source, c.field) not in rewritten]
    return out


def _of_two_files(a: str, b: str) -> tuple[Difference, set[str]]:
    """Return the parties of two files of one list, and the name under which both are compared."""
    out = Difference([])
    before, _ = held_parties([a], None, None)
    out.after, out.used = held_parties([b], None, None)
    name = Path(b).name
    out.before = [replace(h, source=name) for h in before]
    return out, {name}


def _of_two_dates(
    a: str, b: str, lists: Sequence[str] | None, holdings: Holdings
) -> tuple[Difference, set[str]]:
    """Return the parties of the lists as of two dates, and the lists that we have of both."""
    first = _as_of(a)
    second = _as_of(b)
    if first.date > second.date:
        raise UsageError(f"{a} is later than {b}: give the earlier date first")
    out = Difference([])
    out.before, was = held_parties(lists, first, holdings)
    out.after, out.used = held_parties(lists, second, holdings)
    editions = {u.source: u.edition for u in was if u.parties}
    for used in out.used:
        if used.source in editions:
            out.editions.append(_editions_text(used, editions[used.source]))
        elif used.parties:
            out.notes.append(
                f"{title_of(used.source)}: we have no version for the earlier date; its "
                f"{used.parties:,} "
                "parties do not count as added"
            )
    return out, set(editions)


def _editions_text(used: Used, before: str) -> str:
    title = title_of(used.source)
    if before == used.edition:
        return f"{title}: no newer version than that of {used.edition}"
    return f"{title}: version of {used.edition} in place of {before}"


def _rewritten_fields(
    out: Difference, after: Sequence[ListEntry], changes: Sequence[Change], *, all_shown: bool
) -> set[tuple[str, str]]:
    """Return list and field where most parties differ, and note that this is no change of the list."""
    both = {(h.source, h.party.id) for h in out.before}
    common = Counter(h.source for h in after if (h.source, h.party.id) in both)
    moved = Counter((c.source, c.field) for c in changes if c.what == "changed")
    found = {k for k, n in moved.items() if n >= AT_LEAST and n >= MOSTLY * common[k[0]]}
    shown = "" if all_shown else " (`all` shows them)"
    for source, name in sorted(found):
        out.notes.append(
            f"{source}: {name} differ in {moved[source, name]:,} of {common[source]:,} parties: "
            "the file is written another way or made from others, that is not a change of the "
            f"list{shown}"
        )
    return found


def _as_of(day: str) -> AsOf:
    try:
        return AsOf(dt.date.fromisoformat(day))
    except ValueError:
        raise UsageError(f"{day!r} is neither a list file nor a date (YYYY-MM-DD)") from None


def only(
    changes: Sequence[Change], *, programme: str = "", state: str = "", what: str = ""
) -> list[Change]:
    """The changes of programmes (``RUSSIA*``), a state and a kind; an empty one lets all pass.

    Raises
    ------
    UsageError
        for a state or a kind that is none.
    """
    code = country(state) if state else ""
    wanted = (programme or "*").casefold()
    if what and what not in WHATS:
        raise UsageError(f"{what}: must be one of {', '.join(WHATS)}")
    return [
        c
        for c in changes
        if (not programme or any(fnmatchcase(p.casefold(), wanted) for p in c.programmes))
        and code in ("", *c.countries)
        and what in ("", c.what)
    ]


def change_line(c: Change) -> str:
    """One sentence about a change."""
    where = ("; ".join(c.programmes or c.lists), ", ".join(c.countries), "; ".join(c.effects))
    ended = f" on {c.until}" if c.what == "ended" else ""
    line = f"{c.what}{ended}: {c.name} ({c.party}; {', '.join(filter(None, where))})"
    if c.what != "changed":
        return line
    moved = (("New", c.after), ("Removed", c.before))
    said = [f"{how} {c.field}: {'; '.join(of)}." for how, of in moved if of]
    return f"{line}. {' '.join(said)}"


def document(found: Difference, first: str, last: str) -> Document:
    """A summary, what is to be known, then the changes by kind, the first of each kind before the rest.

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
            blocks.append(
                Section(f"{len(lines) - SHOWN:,} more {what}", tuple(lines[SHOWN:]), detail=True)
            )
    return Document(
        "lists",
        f"The lists from {first} to {last}",
        (),
        tuple(blocks),
        data=[asdict(c) for c in found.changes],
        as_of=AsOf(last if last[:4].isdigit() and len(last) == 10 else listed),
    )
