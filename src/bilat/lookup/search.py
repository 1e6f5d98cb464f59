# SPDX-License-Identifier: Apache-2.0
"""One search over everything stored: facts, claims, events, arms, listed parties, goods, sources.

A hit contains all words of the search.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypedDict

from bilat.document import Block, Document, Frame, Next, Question, Say, Section
from bilat.document.blocks import Tool
from bilat.document.fields import Choice, Written
from bilat.document.function_words import FUNCTION_WORDS
from bilat.document.wording import sentence
from bilat.errors import UsageError, command
from bilat.lookup import stored
from bilat.lookup.hits import Hit, SearchWords, matching, split_words
from bilat.lookup.questions import PartyQuestion
from bilat.parties.lists.effects import in_words
from bilat.parties.lists.list_names import spoken_list
from bilat.parties.screening.alerts import effect_since
from bilat.places import country_name
from bilat.units.notation import count_text
from bilat.when import Period

#: The most characters of a search.
LONGEST = 200
#: Parties that a screening finds for a search.
MOST_PARTIES = 50
#: The agreements of a listed name that has all words of the search; any other only resembles it.
HAS_ALL_WORDS = frozenset(["number", "exact", "short"])
#: How a name agrees, in words.
_AGREEMENTS = {
    "number": "same number",
    "exact": "exact name",
    "short": "its name has all the words",
    "near": "near name",
    "part": "its name is a part",
    "address": "same address",
}
#: Hits of a kind that a document shows.
SHOWN = 10
#: The kinds of hits in the order of an answer, each with its heading.
KINDS: Mapping[str, str] = {
    "facts": "Dated facts",
    "claims": "Claims of the 2023 paper",
    "events": "Exercises, treaties, votes and other events",
    "meetings": "Meetings of ministers",
    "arms": "Arms deliveries",
    "estimates": "Published numbers and estimates",
    "parties": "Listed parties",
    "states": "States",
    "measures": "Measures",
    "goods": "Goods (HS 2022)",
    "sources": "Sources",
}

Kind = Annotated[
    str, Choice(lambda: KINDS), Written(what="KIND"), "Show only one kind, and all of it."
]


@dataclass(frozen=True)
class RecordsFound:
    """The result of a search: the hits of each kind, in the order of :data:`KINDS`.

    Parameters
    ----------
    hits
        the hits by kind; first the parties if the search is the name of one.
    answer
        the sentence that says whether a party of this name is listed; blank if no party is found.
    age
        the sentence that says how old the lists are.
    words
        the words that the hits contain: fewer than were typed if nothing contains all of them.
    """

    hits: Mapping[str, tuple[Hit, ...]]
    answer: str = ""
    age: str = ""
    words: str = ""

    @property
    def total(self) -> int:
        """The number of hits of all kinds."""
        return sum(map(len, self.hits.values()))


def search(text: str, frame: Frame) -> RecordsFound:
    """Find the records that contain all words of a text.

    If there are none, words such as ``before`` and ``the`` are left out, then the last word, and
    so on until something is found.

    Raises
    ------
    UsageError
        for a blank text.
    """
    text = _search_text(text)
    words = text.split()
    if not words:
        raise UsageError("nothing to look for: write a name, a word, a state or a code")
    found = _with_all_words(text, frame)
    for fewer in _fewer_words(words):
        if _is_answered(found):
            return found
        with_fewer_words = _with_all_words(" ".join(fewer), frame)
        # Nothing at all does not replace a state that more words found.
        if with_fewer_words.total:
            found = with_fewer_words
    return found


def _fewer_words(words: Sequence[str]) -> Iterable[Sequence[str]]:
    """Yield the words that tell what is looked for, then those without the last, and so on."""
    telling = [word for word in words if word.casefold() not in FUNCTION_WORDS]
    if not telling:
        telling = [*words]
    if len(telling) < len(words):
        yield telling
    for size in range(len(telling) - 1, 0, -1):
        yield telling[:size]


def _search_text(text: str) -> str:
    """Return a text with single spaces, cut to the longest that is searched for."""
    return " ".join(text.split())[:LONGEST]


def _is_answered(found: RecordsFound) -> bool:
    """Return whether anything is found besides a state that only some of the words name."""
    only_states = found.total == len(found.hits["states"])
    has_other_words = bool(split_words(found.words).rest)
    return found.total > 0 and not (only_states and has_other_words)


def _with_all_words(text: str, frame: Frame) -> RecordsFound:
    """Find the records that contain all words of a text, by kind."""
    words = text.split()
    named = split_words(text)
    goods = [named.code] if named.code else words
    hits = {
        "facts": matching(words, stored.facts(frame)),
        "claims": matching(words, stored.claims(frame)),
        "events": matching(words, stored.events(frame)),
        "meetings": matching(words, stored.meetings(frame)),
        "arms": matching(words, stored.arms(frame)),
        "estimates": matching(words, stored.estimates(frame)),
        "states": stored.states(named.state),
        "measures": matching(words, stored.known_measures()),
        "goods": matching(goods, stored.goods()),
        "sources": matching(words, stored.catalog_sources(frame)),
    }
    # A listed name that only resembles the text is shown only if nothing else has its words.
    parties = _parties(text, named, frame, resembling=not any(hits.values()))
    hits["parties"] = parties.hits
    ordered = {kind: hits[kind] for kind in KINDS}
    if parties.has_exact_name:
        ordered = {"parties": parties.hits} | ordered
    return RecordsFound(ordered, answer=parties.answer, age=parties.age, words=text)


class _Listing(TypedDict):
    """An entry of a party on a list, as an alert has it."""

    list: str
    effect: str
    listed_on: str


class _Alert(TypedDict):
    """The fields of a screening's alert that a search uses."""

    party: str
    name: str
    name_matched: str
    agreement: str
    countries: list[str]
    listings: list[_Listing]
    effects: list[Mapping[str, str]]


@dataclass(frozen=True)
class _Parties:
    """The parties whose name a text may be, and the answer of the screening.

    ``has_exact_name``: one of them is listed under this very name or number.
    """

    hits: tuple[Hit, ...] = ()
    answer: str = ""
    age: str = ""
    has_exact_name: bool = False


def _parties(text: str, named: SearchWords, frame: Frame, *, resembling: bool) -> _Parties:
    """Screen the whole text; if that finds nobody, screen it without its state and its code."""
    if not _has_letters(text):
        return _Parties()
    found = _screened(text, frame, resembling=resembling)
    if found.hits or named.rest == text or not _has_letters(named.rest):
        return found
    return _screened(named.rest, frame, named.state, resembling=resembling)


def _has_letters(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _screened(name: str, frame: Frame, state: str = "", *, resembling: bool) -> _Parties:
    """Screen a name.

    Parameters
    ----------
    state
        the code of a state that the search names: only parties of it are returned, if there are
        any.
    resembling
        whether parties are returned whose names do not have all of the words.
    """
    from bilat.parties.answers.screening_answer import verdict
    from bilat.parties.answers.screening_question import ScreenQuestion
    from bilat.parties.screening.request import typed

    rows: list[_Alert] = []
    question = ScreenQuestion(top=MOST_PARTIES, threads=1)
    _, run = question.document(frame, typed([name]), emit=rows.append)
    alerts = [row for row in rows if resembling or row["agreement"] in HAS_ALL_WORDS]
    if not alerts:
        return _Parties()
    of_state = [row for row in alerts if state in row["countries"]]
    chosen = of_state or alerts
    return _Parties(
        tuple(map(_party, chosen)),
        answer=str(verdict(run.found, run.not_checked)),
        age=run.age,
        has_exact_name=any(row["agreement"] in ("number", "exact") for row in chosen),
    )


def _party(row: _Alert) -> Hit:
    also = "" if row["name_matched"] == row["name"] else f"also {row['name_matched']}; "
    effects = "; ".join(f"{effect_since(e)} ({spoken_list(e['list'])})" for e in row["effects"])
    facets = {
        "list": frozenset(x["list"] for x in row["listings"]),
        "state": frozenset(map(country_name, row["countries"])),
        "since": frozenset(x["listed_on"][:4] for x in row["listings"] if x["listed_on"]),
        "effect": frozenset(in_words(x["effect"]) for x in row["listings"]),
    }
    text = f"{_AGREEMENTS.get(row['agreement'], row['agreement'])}; {also}{effects}"
    return Hit(
        id=row["party"],
        title=row["name"],
        text=text,
        ask=PartyQuestion(row["party"]),
        facets=facets,
    )


@dataclass(frozen=True)
class SearchQuestion(Question):
    """Search everything stored: dated facts, claims, exercises, arms, listed parties, goods."""

    verb = ("search",)
    title = "Search"
    examples = (
        command("search", "Hormuz"),
        command("search", "Su-35"),
        command("search", "Joint", "Sea", as_of="2022-12-31"),
    )
    needs = ("words",)
    # The server has its own page of searches, whose address does not contain their words.
    served = False
    tools = (Tool("search"),)
    words: Annotated[
        tuple[str, ...], Written(first=True, what="WORDS"), "Words that a record must contain."
    ] = ()
    kind: Kind = ""

    def whole(self) -> bool:
        """Return whether all hits are printed: those of the one kind that is asked for."""
        return bool(self.kind)

    def answer(self, frame: Frame) -> Document:
        text = _search_text(" ".join(self.words))
        found = search(text, frame)
        chosen = {kind: hits for kind, hits in found.hits.items() if self.kind in ("", kind)}
        return Document(
            kind="search",
            title=f"Search: {text}",
            summary=tuple(_summary(text, found, chosen)),
            blocks=tuple(self._section(kind, hits) for kind, hits in chosen.items() if hits),
            data={kind: [_plain(hit) for hit in hits] for kind, hits in chosen.items()},
            question=self,
            as_of=frame.as_of,
            known_to=_last_day(chosen, frame),
        )

    def _section(self, kind: str, hits: tuple[Hit, ...]) -> Section:
        """Return the first hits of a kind, and how to see the others."""
        shown = hits if self.kind else hits[:SHOWN]
        blocks = [block for hit in shown for block in _blocks(hit)]
        if len(hits) > len(shown):
            others = f"{len(hits) - len(shown):,} more"
            blocks.append(Next(others, self.but(kind=kind)))
        return Section(f"{KINDS[kind]} ({len(hits):,})", tuple(blocks))


def _last_day(chosen: Mapping[str, tuple[Hit, ...]], frame: Frame) -> dt.date | None:
    """Return the last day of the records found, no later than the day asked."""
    ends = [Period(hit.day).end for hits in chosen.values() for hit in hits if hit.day]
    return min(max(ends), frame.as_of.date) if ends else None


def _summary(
    asked: str, found: RecordsFound, chosen: Mapping[str, tuple[Hit, ...]]
) -> Iterable[str]:
    """Yield how many records of each kind have the words, and whether such a name is listed."""
    if not found.total:
        yield (
            "Nothing stored has any of these words. Search for a maker, a state or goods, or check "
            f"a name against the lists: {command('screen', 'NAME')}"
        )
        return
    if found.words != asked:
        yield f"Nothing stored has all of these words. This is what has “{found.words}”."
    if not any(chosen.values()):
        kinds = ", ".join(KINDS[kind] for kind in chosen)
        yield f"{kinds}: none has all of these words. Elsewhere: {_counts(found.hits)}."
        return
    number = sum(map(len, chosen.values()))
    yield f"{count_text(number, 'records')}: {_counts(chosen)}."
    if chosen.get("parties"):
        yield f"{found.answer} {sentence(found.age)}"


def _counts(hits: Mapping[str, tuple[Hit, ...]]) -> str:
    return "; ".join(f"{KINDS[kind]} {len(found):,}" for kind, found in hits.items() if found)


def _blocks(hit: Hit) -> Iterable[Block]:
    """Yield a hit as a line, with the question that shows it, and the address of its page."""
    text = f"{hit.title.rstrip('.')}. {hit.text}"
    yield Next(text, hit.ask) if hit.ask else Say(text)
    if hit.url:
        yield Say(hit.url, "paste")


def _plain(hit: Hit) -> dict[str, str]:
    return {"id": hit.id, "title": hit.title, "text": hit.text, "day": hit.day, "url": hit.url}
