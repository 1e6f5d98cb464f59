# SPDX-License-Identifier: Apache-2.0
"""What was known beside a name: when a decision was taken, and of a row that it may fold away.

A clearance reaches a row that says nothing for the party beyond what was known when it was given, and nothing other
than what was known then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.errors import UsageError
from bilat.parties.match.evidence import Birth, births, listed_states, states, weigh
from bilat.parties.match.states import parts, state_of
from bilat.parties.run.flags import address_key
from bilat.parties.run.queries import Query, identifiers

#: What may be known beside a name, as a decision keeps it.
KNOWN = ("born", "country", "nationality", "number", "place", "address")
#: No such text is longer.
LONGEST_KNOWN = 500


@dataclass(frozen=True, slots=True)
class Said:
    """A row: the query, the listed entry, the numbers that both have, whether the address is a listed one."""

    query: Query
    record: Mapping[str, Any]
    numbers: Sequence[str] = ()
    placed: bool = False


def told_beside(query: Query) -> dict[str, str]:
    """What a query says beside its name, as far as it can be read; what it does not say is left out."""
    said = {
        "born": query.born if births(query.born) else "",
        "country": _codes(query.country),
        "nationality": _codes(query.nationality),
        "number": "; ".join(f"{i.kind}:{i.value}" for i in query.identifiers),
        "place": query.place,
        "address": query.address,
    }
    return {k: " ".join(v.split())[:LONGEST_KNOWN] for k, v in said.items() if v.strip()}


def _codes(text: str) -> str:
    return "; ".join(dict.fromkeys(code for t in parts(text) if (code := state_of(t))))


def checked(known: Mapping[str, str]) -> dict[str, str]:
    """What is told of a decision, one line each; blank ones are left out.

    Raises
    ------
    UsageError
        for a field that is none, a text too long, or a date, state or number that cannot be read.
    """
    out = {k: " ".join(v.split()) for k, v in known.items() if v.strip()}
    for name, text in out.items():
        if name not in KNOWN:
            raise UsageError(f"no field {name[:40]!r} of a decision; there are: {', '.join(KNOWN)}")
        if len(text) > LONGEST_KNOWN:
            raise UsageError(f"{name} is longer than {LONGEST_KNOWN} characters; write it shorter")
    if "born" in out and not births(out["born"]):
        raise UsageError(f"born {out['born']!r} is not a date; write 1970, 1970-03 or 1970-03-21")
    for name in ("country", "nationality"):
        for one in parts(out.get(name, "")):
            if state_of(one) is None:
                raise UsageError(
                    f"{name} {one!r} is not a state of today: use an ISO code (RUS, CHN, DEU) or an English name"
                )
    if "number" in out and not identifiers(out["number"]):
        raise UsageError(f"number {out['number']!r} cannot be read; write inn:7707083893 or imo:9187629")
    return out


def asked_as(name: str, known: Mapping[str, str]) -> Query:
    """The query that a decision was about, with what its name field carries."""
    from bilat.parties.match.screener import enriched

    def told(key: str) -> str:
        return known.get(key, "")

    return enriched(
        Query(
            "", name, 0, address=told("address"), country=told("country"), born=told("born"), place=told("place"),
            nationality=told("nationality"), identifiers=identifiers(told("number")),
        )
    )  # fmt: skip


def out_of_reach(said: Said, known: Query) -> list[str]:
    """Why a decision that knew this much does not fold the row away; nothing where it does."""
    q = said.query
    speaks = {w.what for w in weigh(q, said.record) if w.factor > 1}
    why = _birth(q.born, known.born, "birth" in speaks)
    ours, theirs = states(q), states(known)
    if new := (ours & listed_states(said.record)) - theirs:
        why.append(f"without the state {', '.join(sorted(new))}, which is a listed one")
    elif ours and theirs and not ours & theirs:
        why.append(f"with {', '.join(sorted(theirs))}, not {', '.join(sorted(ours))}")
    values = {i.value for i in known.identifiers}
    if beyond := [n for n in said.numbers if n.partition(":")[2] not in values]:
        why.append(f"without the number {', '.join(beyond)}, which is the listed one")
    else:
        why += _numbers(q, known)
    if "place" in speaks and address_key(q.place) != address_key(known.place):
        why.append(f"without the place {q.place}, which is a listed one")
    if said.placed and _key(q.address) != _key(known.address):
        why.append("without the address, which is a listed one")
    return why


def _key(address: str) -> str:
    return address_key(" ".join(address.split())[:LONGEST_KNOWN])


def _birth(ours: str, theirs: str, speaks: bool) -> list[str]:
    asked, known = births(ours), births(theirs)
    if speaks and not all(any(_holds(b, a) for b in known) for a in asked):
        instead = f"with born {theirs} and " if known else ""
        return [f"{instead}without the date of birth {ours}, which is the listed one"]
    if asked and known and not any(_may_be(a, b) for a in asked for b in known):
        return [f"with born {theirs}, not {ours}"]
    return []


def _holds(known: Birth, asked: Birth) -> bool:
    """Whether who knew the one knew the other."""
    within = asked.first <= known.first and known.last <= asked.last
    return within and asked.month in (0, known.month) and asked.day in (0, known.day)


def _may_be(a: Birth, b: Birth) -> bool:
    """Whether two dates may be one, as far as they are told."""
    return a.agrees(b) and all(x == y or not x or not y for x, y in ((a.month, b.month), (a.day, b.day)))


def _numbers(ours: Query, known: Query) -> list[str]:
    """Numbers of one kind that differ."""
    for kind in dict.fromkeys(i.kind for i in ours.identifiers):
        a, b = ([i.value for i in q.identifiers if i.kind == kind] for q in (ours, known))
        if b and not {*a} & {*b}:
            return [f"with {kind} {', '.join(b)}, not {', '.join(a)}"]
    return []


def not_said(said: Said, known: Query) -> str:
    """What a decision knew and the row leaves blank, in words."""
    q = said.query
    left = []
    if births(known.born) and not births(q.born):
        left.append(f"born {known.born}")
    if states(known) and not states(q):
        left.append(", ".join(sorted(states(known))))
    if known.identifiers and not q.identifiers:
        left.append(", ".join(f"{i.kind} {i.value}" for i in known.identifiers))
    return "; ".join(left)
