# SPDX-License-Identifier: Apache-2.0
"""One sentence for each consignment: what was found of each of its parties, by role."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from bilat.document.wording import joined
from bilat.parties.lists.effects import gravest_first, phrase
from bilat.parties.match.evidence import distinct_births
from bilat.parties.names.segmentation import has_digits_alone, names_nobody
from bilat.parties.ownership.row_owners import Owner, ownership_sentence
from bilat.parties.queries.headers import (
    NOT_OWNED,
    OWNER,
    PARTY,
    UNKNOWN_OWNER,
    owned_role,
    role_in_words,
    role_meant,
)
from bilat.parties.queries.query import Query, bare_numbers
from bilat.parties.screening.alerts import (
    Alert,
    name_with_spelling,
    numbers_in_words,
    words_not_listed,
)


class PartyAnswer(Protocol):
    """What was found of one party: the band of its surest row, its rows, and the sentence of its
    consignment.
    """

    band: str
    rows: list[Alert]
    sentence: str


#: Verbs at the head of a finding, and as several parties have them.
_PLURALS = {"is": "are", "was": "were", "has": "have", "faces": "face", "raises": "raise"}
#: Bands from the surest on, with what was folded away and what was not found behind.
_ORDER = ("match", "likely", "possible", "unlikely", "cleared", "none")
#: How sure a finding is, in words.
_IN_WORDS = {
    "match": "is very probably",
    "likely": "is probably",
    "possible": "may be",
    "unlikely": "is probably not",
}
#: How a name must agree for a finding to be said outright: whole, or by a number.
_SAID_OUTRIGHT = frozenset({"exact", "number"})
#: Flags of what speaks against a party, each with what differs, in words.
_BIRTH = "birth_differs"
_DIFFERS = {
    "country_differs": "the state",
    _BIRTH: "the date of birth",
    "identifier_conflict": "a number",
}
#: The band of a party whose earlier alerts were decided to be somebody else.
_CLEARED = "cleared"


def describe_consignments(
    queries: Sequence[Query], answers: Sequence[PartyAnswer], day: dt.date
) -> None:
    """Write into each row its role and the sentence of its consignment, as of a day."""
    pairs = zip(queries, answers, strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0].row):
        parties = [*group]
        several = len({id(q.columns) for q, _ in parties}) == 1 and _names_roles(parties[0][0])
        sentence = consignment_sentence(parties) if several else ""
        owned = _ownership(parties, day) if several else ""
        sentence = f"{sentence} {owned}".strip()
        for query, answer in parties:
            answer.sentence = sentence
            for row in answer.rows:
                row.role = query.role
                row.consignment = sentence


def _names_roles(query: Query) -> bool:
    """Whether the file of a query names roles, or more than one party in a row."""
    if query.columns is None:
        return False
    return len(query.columns.parties) > 1 or query.columns.roles not in ((), ("party",))


def consignment_sentence(parties: Sequence[tuple[Query, PartyAnswer]]) -> str:
    """Return what was found of each party of a consignment, the surest first."""
    repeated = Counter(q.role for q, _ in parties)
    order = sorted(parties, key=lambda pair: _ORDER.index(pair[1].band))
    clauses = [_clause(query, answer, repeated) for query, answer in order]
    text = "; ".join(_merged(clauses))
    return text[:1].upper() + text[1:] + "." if text else ""


def _ownership(parties: Sequence[tuple[Query, PartyAnswer]], day: dt.date) -> str:
    """Return what the shares of listed owners mean for the party that they own."""
    others = [query for query, _ in parties if query.role != OWNER]
    owned = [q for q in others if q.role not in NOT_OWNED] if len(others) > 1 else others
    only_one = (owned[0].role or PARTY) if len(owned) == 1 else ""
    owners: dict[str, list[Owner]] = {}
    for query, answer in parties:
        if query.role == OWNER:
            role = owned_role(query.column) or only_one
            owners.setdefault(role, []).append(_owner(query, answer))
    owners.pop("", None)
    return " ".join(
        ownership_sentence(f"the {role_in_words(role)}", these, day)
        for role, these in owners.items()
        if any(owner.lists or owner.may_be for owner in these)
    )


def _owner(query: Query, answer: PartyAnswer) -> Owner:
    sure = [row for row in answer.rows if row.band == "match"]
    perhaps = [row for row in answer.rows if row.band in ("likely", "possible")]
    lists, may_be = (
        tuple(f"{x['list']} {x['programme']}".strip() for row in rows for x in row.listings)
        for rows in (sure, () if sure else perhaps)
    )
    return Owner(query.asked, query.share, lists, may_be)


def _clause(query: Query, answer: PartyAnswer, roles: Mapping[str, int]) -> tuple[str, str]:
    """Return who is meant, and what was found of them; ``roles``: those of the row's parties."""
    repeated = roles[query.role] > 1
    who = f"the {role_in_words(query.role or 'party')}"
    if repeated and query.role == OWNER:
        who += f" {query.asked[:60]}"
    elif repeated and query.column:
        who += f" under {query.column!r}"
    if not answer.rows:
        if answer.band == _CLEARED:
            return who, "was cleared earlier"
        if not query.identifiers and names_nobody(query.name):
            same = role_meant(query.name)
            is_another = same != query.role and same in roles
            return who, f"is the {role_in_words(same)}" if is_another else "is not named"
        if has_digits_alone(query.name) and not (query.identifiers or bare_numbers(query.name)):
            return who, "has only a number in place of a name"
        return who, "is not on any list that we checked"
    return _finding(who, query, _gravest(answer.rows))


def _gravest(rows: Sequence[Alert]) -> Alert:
    """Return the row that the sentence names: of those as sure as the first and found in the same
    way, the one with the gravest effect.

    Several lists have entries for one party. Where one list blocks it and another names it, the
    sentence says that its assets are frozen.
    """
    first = rows[0]
    if first.band != "match":
        return first
    same = [row for row in rows if _how_found(row) == _how_found(first)]
    return min(same, key=_gravity)


def _how_found(row: Alert) -> tuple[str, str, bool, str]:
    """Return how sure an alert is, and in which way it was found."""
    return row.band, row.agreement.kind, row.agreement.by_name, row.query


def _gravity(row: Alert) -> int:
    """Return the place of a row's gravest effect, 0 the gravest."""
    places = gravest_first()
    return min((places[e["effect"]] for e in row.effects), default=len(places))


def _finding(who: str, query: Query, row: Alert) -> tuple[str, str]:
    """Return who is meant, and the finding of the surest row, in words as strong as its evidence."""
    agreement = row.agreement
    party = row.name
    if agreement.by_name:
        party = name_with_spelling(row.name, agreement.listed_name)
    number = numbers_in_words(agreement.numbers)
    if query.role == UNKNOWN_OWNER:
        return f"the {number} under {query.column!r}", (
            f"is that of {party}, {_listed_as(row)}: the header does not say whose number it is"
        )
    if agreement.kind == "number" and query.name.strip() and not agreement.by_name:
        return f"the {number} given for {who}", (
            f"is that of {party}, {_listed_as(row)}, though the name differs"
        )
    if agreement.kind == "address":
        return who, f"has the address of {party}, {_listed_as(row)}"
    differs = _differing(row)
    if _is_said_outright(row) and not differs:
        named = who if who.endswith(f" {party}") else f"{who} ({party})"
        return named, _what(row)
    if who.endswith(f" {party}"):
        party = "the listed party of that name"
    return who, f"{_IN_WORDS[row.band]} {party}, {_listed_as(row)}{_reservations(row, differs)}"


def _what(row: Alert) -> str:
    """Return what a listed party is, by its gravest effect: ``is under an asset freeze``."""
    return phrase(row.effects[0]["effect"] if row.effects else "listed")


def _listed_as(row: Alert) -> str:
    """Return what a listed party is, as a clause about it."""
    return f"{'who' if row.schema == 'Person' else 'which'} {_what(row)}"


def _is_said_outright(row: Alert) -> bool:
    """Return whether nothing but a difference could keep a finding from being said outright.

    A person is never said to be listed by the name alone.
    """
    known = bool(row.agreement.numbers) or row.agrees_in("birth")
    agrees = row.band == "match" and row.agreement.kind in _SAID_OUTRIGHT
    return agrees and not row.namesakes and (known or row.schema != "Person")


def _reservations(row: Alert, differs: str) -> str:
    """Return what differs from the list, and who else has the name, as the end of a sentence."""
    joint = ":" if row.band == "unlikely" else ", though"
    against = f"{joint} {differs}" if differs else ""
    if not row.namesakes:
        return against
    has = "has" if len(row.namesakes) == 1 else "have"
    return f"{against}, or {joined([*row.namesakes])}, which {has} the same name"


def _differing(row: Alert) -> str:
    """Return what a row says otherwise than the list, in a clause; '' for nothing."""
    flags = {flag["flag"] for flag in row.flags}
    differs = [words for flag, words in _DIFFERS.items() if flag in flags]
    if _BIRTH in flags and "born" in row.asked:
        born = f"born {row.asked['born']}, listed as born {'; '.join(distinct_births(row.born))}"
        differs[differs.index(_DIFFERS[_BIRTH])] += f" ({born})"
    verb = "differs" if len(differs) == 1 else "differ"
    said = [f"{joined(differs)} {verb}"] if differs else []
    said += filter(None, [words_not_listed(row)])
    return joined(said)


def _merged(clauses: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield clauses; several parties of one finding share one."""
    for finding, group in groupby(clauses, key=lambda clause: clause[1]):
        names = [who for who, _ in group]
        if len(names) == 1:
            yield f"{names[0]} {finding}"
            continue
        verb, _, rest = finding.partition(" ")
        plural = _PLURALS.get(verb, verb)
        yield f"{', '.join(names[:-1])} and {names[-1]} {plural} {rest}"
