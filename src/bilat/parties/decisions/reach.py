# SPDX-License-Identifier: Apache-2.0
"""What was known beside a name when a decision was taken, and which rows it reaches.

A clearance reaches a row that says nothing for the party beyond what was known when it was given,
nothing other than what was known then, and at least what told the two apart: a date of birth, a
state or a number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.parties.decisions.log import (
    LONGEST_KNOWN,
    Decided,
    Decision,
)
from bilat.parties.match.enrichment import enrich
from bilat.parties.match.evidence import Birth, Record, births, listed_states, states, weigh
from bilat.parties.names.script import letters
from bilat.parties.names.states import parts, state_of
from bilat.parties.queries.query import Query, identifiers


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A row: the query, the listed entry, the numbers that both have, whether the address is a listed one."""

    query: Query
    record: Mapping[str, Any]
    numbers: Sequence[str] = ()
    placed: bool = False


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """What an earlier decision does to a row: the flag that says so, and whose clearance folds it away."""

    flag: dict[str, str]
    eyes: frozenset[str] = frozenset()

    def folds(self, *, four_eyes: bool) -> bool:
        """Whether the row is folded away; where four eyes are asked, only by two people."""
        return len(self.eyes) > four_eyes


def effect_of_decisions(decided: Decided, said: RowFacts) -> DecisionEffect:
    """What the decisions on a name and a party mean for a row of them."""
    d = decided.decision
    who = decided.eyes
    eyes = frozenset[str]()
    flag = "decided"
    more = ""
    if d.entry not in ("", entry_digest(said.record)):
        flag = "decision_expired"
        more = "; expired: the listed entry has changed since, decide again"
    elif d.verdict == "false":
        reach, why = _reach(decided.run, said)
        if why:
            flag = "cleared_on_less"
            more = f"; not hidden: {why}"
        else:
            d = reach[-1]
            who = frozenset(x.who for x in reach)
            eyes = who
            blank = _not_said(said.query, query_of_decision(d.query, d.known))
            more = f"; taken with {blank}, which this row does not say" if blank else ""
    says = f"{decision_in_words(d, eyes=len(who))}{more}"
    said_of_it = {"flag": flag, "says": says, "rule": "earlier decision", "url": ""}
    return DecisionEffect(said_of_it | decision_fields(d), eyes)


def decision_fields(d: Decision) -> dict[str, str]:
    """Return the fields of a decision that a flag carries beside its words."""
    names = ("verdict", "action", "who", "reason")
    return {name: getattr(d, name) for name in names} | {"on": d.when[:10]}


def decision_in_words(d: Decision, eyes: int = 1) -> str:
    """Return who decided what, when and why."""
    pairs = "two pairs of eyes" if eyes > 1 else "one pair of eyes"
    action = f", {d.action}" if d.action else ""
    return f"{d.who} decided {d.verdict} on {d.when[:10]} ({pairs}){action}: {d.reason}"


def _reach(run: Sequence[Decision], said: RowFacts) -> tuple[list[Decision], str]:
    """The decisions that reach a row; why none does.

    One that knew less than a later one was narrowed by it: it counts as a pair of eyes and folds nothing alone.
    Decisions on two people of one name, told apart by what was known, stand beside each other.
    """
    missing = [_out_of_reach(said, query_of_decision(d.query, d.known)) for d in run]
    reach = [n for n, m in enumerate(missing) if not m]
    if any(not any(_narrows(later, run[n]) for later in run[n + 1 :]) for n in reach):
        return [run[n] for n in reach], ""
    return [], f"cleared on {run[-1].when[:10]} as {run[-1].query} {', and '.join(missing[-1])}"


def _narrows(later: Decision, d: Decision) -> bool:
    return later.known != d.known and all(v in ("", later.known[f]) for f, v in d.known.items())


def entry_digest(record: Mapping[str, Any]) -> str:
    """What a decision on a listed party rests on: its names and listings. It changes when the entry does."""
    told = [
        sorted(record["ids"]),
        sorted(text for text, *_ in record["names"]),
        sorted({(x["list"], x["programme"]) for x in record["listings"]}),
        sorted(record["identifiers"]),
    ]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def known_facts(query: Query) -> dict[str, str]:
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


def query_of_decision(name: str, known: Mapping[str, str]) -> Query:
    """The query that a decision was about, with what its name field carries."""
    said = {k: v for k, v in known.items() if k != "number"}
    return enrich(Query("", name, 0, identifiers=identifiers(known.get("number", "")), **said))  # type: ignore[arg-type]


def _out_of_reach(said: RowFacts, known: Query) -> list[str]:
    """Why a decision that knew this much does not fold the row away; nothing where it does."""
    q = said.query
    speaks = {w.what for w in weigh(q, said.record) if w.factor > 1}
    why = _birth(q.born, known.born, "birth" in speaks)
    ours = states(q)
    theirs = states(known)
    if new := (ours & listed_states(said.record)) - theirs:
        why.append(f"without the state {', '.join(sorted(new))}, which is a listed one")
    elif ours and theirs and not ours & theirs:
        why.append(f"with {', '.join(sorted(theirs))}, not {', '.join(sorted(ours))}")
    values = {i.value for i in known.identifiers}
    if beyond := [n for n in said.numbers if n.partition(":")[2] not in values]:
        why.append(f"without the number {', '.join(beyond)}, which is the listed one")
    else:
        why += _numbers(q, known)
    if "place" in speaks and _key(q.place) != _key(known.place):
        why.append(f"without the place {q.place}, which is a listed one")
    if said.placed and _key(q.address) != _key(known.address):
        why.append("without the address, which is a listed one")
    if lacking := _lacking(q, known, said.record):
        why.append(f"for the one {', '.join(lacking)}, which this row does not say")
    return why


def _lacking(q: Query, known: Query, record: Record) -> list[str]:
    """What told the cleared party from the listed one and the row leaves blank, in words.

    These are the details against which the entry speaks. If it speaks against none, they are
    those that it does not have.
    """
    details = [
        _birth_known(q, known, record),
        _state_known(q, known, record),
        *_numbers_known(q, known, record),
    ]
    telling = [detail for detail in details if detail.is_contradicted]
    if not telling:
        telling = [detail for detail in details if detail.is_unlisted]
    return [detail.words for detail in telling if not detail.in_row]


@dataclass(frozen=True, slots=True)
class _Detail:
    """A detail that a decision knew.

    Attributes
    ----------
    words
        as a sentence says it
    agrees
        whether the decision had none, or the listed entry has the same
    listed
        whether the entry has one
    in_row
        whether the row has one
    """

    words: str
    agrees: bool
    listed: bool
    in_row: bool

    @property
    def is_contradicted(self) -> bool:
        return self.listed and not self.agrees

    @property
    def is_unlisted(self) -> bool:
        return not self.listed and not self.agrees


def _birth_known(q: Query, known: Query, record: Record) -> _Detail:
    ours = births(known.born)
    theirs = births("; ".join(record["born"]))
    same = any(_may_be(a, b) for a in ours for b in theirs)
    return _Detail(
        words=f"born {known.born}",
        agrees=same or not ours,
        listed=bool(theirs),
        in_row=bool(births(q.born)),
    )


def _state_known(q: Query, known: Query, record: Record) -> _Detail:
    ours = states(known)
    theirs = listed_states(record)
    return _Detail(
        words=f"of {', '.join(sorted(ours))}",
        agrees=bool(ours & theirs) or not ours,
        listed=bool(theirs),
        in_row=bool(states(q)),
    )


def _numbers_known(q: Query, known: Query, record: Record) -> Iterator[_Detail]:
    """Yield the numbers, those of one kind together."""
    listed = [text.partition(":") for text in record["identifiers"]]
    kinds = dict.fromkeys(i.kind for i in known.identifiers)
    for kind in kinds:
        ours = [i.value for i in known.identifiers if i.kind == kind]
        theirs = {value for other, _, value in listed if other == kind}
        yield _Detail(
            words=f"with {kind} {', '.join(ours)}",
            agrees=not theirs.isdisjoint(ours),
            listed=bool(theirs),
            in_row=any(i.kind == kind for i in q.identifiers),
        )


def _key(text: str) -> str:
    """A place or an address by its letters and digits."""
    return letters(" ".join(text.split())[:LONGEST_KNOWN])


def _birth(ours: str, theirs: str, speaks: bool) -> list[str]:
    asked = births(ours)
    known = births(theirs)
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
    return a.agrees(b) and all(
        x == y or not x or not y for x, y in ((a.month, b.month), (a.day, b.day))
    )


def _numbers(ours: Query, known: Query) -> list[str]:
    """Numbers of one kind that differ."""
    for kind in dict.fromkeys(i.kind for i in ours.identifiers):
        a, b = ([i.value for i in q.identifiers if i.kind == kind] for q in (ours, known))
        if b and not {*a} & {*b}:
            return [f"with {kind} {', '.join(b)}, not {', '.join(a)}"]
    return []


def _not_said(q: Query, known: Query) -> str:
    """What a decision knew and the row leaves blank, in words."""
    left = []
    if births(known.born) and not births(q.born):
        left.append(f"born {known.born}")
    if states(known) and not states(q):
        left.append(", ".join(sorted(states(known))))
    if known.identifiers and not q.identifiers:
        left.append(", ".join(f"{i.kind} {i.value}" for i in known.identifiers))
    return "; ".join(left)
