# SPDX-License-Identifier: Apache-2.0
"""Whose word a sentence of a document is, as the page of two states names it."""

from __future__ import annotations

import re

from bilat.document.wording import possessive
from bilat.verdicts.evidence import Paper
from bilat.verdicts.sentences import fits

#: Words by which a sentence says that it is somebody's word.
_SAYING = re.compile(
    r"\b(said|says?|reported|reports?|wrote|writes?|announced|told|counts?|counted|estimates?|"
    r"puts?|accused|denied|called|according|records?)\b"
)
_IN_BRACKETS = re.compile(r" \([^)]*\)")
#: A house after the name of its author: ``Justin Bronk, RUSI`` or ``Mona Yacoubian (CSIS)``.
_AUTHOR = re.compile(r"(?P<name>\w[^,(;]* \w[^,(;]*?)(?:, | \()(?P<house>[A-Z]{3,5})\b.*")
#: Originators that are nobody.
_NOBODY = frozenset(["", "archived", "Document collection", "Joint statement", "unclear"])
#: What follows an originator: another one, or the page that passes its word on.
_PASSED_ON = re.compile(r"; |,? (?:via|through|citing|on the|on) |, (?:told by|in) ")
#: An office before its state, such as ``President of Ukraine``.
_OFFICE_FIRST = re.compile(
    r"(?P<office>Government|President|Prime Minister|Ministry|Department)"
    r"(?: of [\w ]+)? of (?P<state>(?:the )?[A-Z]\w+(?: [A-Z]\w+)*)"
)
#: Names that a sentence writes with an article: by their first words, and by their last.
_WITH_ARTICLE = re.compile(
    r"(?:CIA|Associated Press|Council|European Union|Executive|Financial Times|General|Institute|"
    r"International|Netherlands|Permanent|Philippines?|Royal|South China|U[KS]|United|Wall Street|"
    r"Armed Forces|Independent|Washington)\b"
    r"|(?!.* and ).*\b(?:Agency|Commission|Defense Forces|Institute|Network|Times|University)$"
)
#: Names with such words that take no article, or have one.
_WITHOUT_ARTICLE = re.compile(r"The |United24|[\w ]+'s |Global Times$|International Crisis")


#: Originators who write of what others do.
_WRITERS = ("institute", "person")


def is_word(paper: Paper) -> bool:
    """Return whether a document is what somebody says, and not what somebody did.

    It may tell of a treaty and still be its writer's view of it; its sentence then says so.
    """
    is_by_writer = paper.get("originator_kind") in _WRITERS
    is_view = is_by_writer and _SAYING.search(paper["what"]) is not None
    return paper["form"] == "statement" or is_view


def voiced(text: str, paper: Paper) -> str:
    """Return a sentence without its stop, with who says it where it names nobody.

    A page that answers to nobody for its texts may lead if a reader is told whose word it is.
    """
    voice = whose_word(paper)
    is_named = voice.removeprefix("the ") in text
    if not voice or is_named or _SAYING.search(text) or _is_their_own(text, paper):
        return text
    is_press = paper.get("originator_kind") == "press"
    verb = "reported" if is_press else "said"
    with_voice = f"{text}, {voice} {verb}"
    return with_voice if fits(with_voice) else text


def whose_word(paper: Paper) -> str:
    """Return who says what a document tells, as a sentence names it.

    An originator is a house, a state, or a state and its office, ``Pakistan, armed forces``. After
    it may follow who passed its word on. Blank if nobody is named.
    """
    named = _originator(paper)
    whose, _, office = named.partition(", ")
    is_official = paper.get("originator_kind") == "official"
    if is_official and _is_office(office):
        return _held_by(whose, office)
    actor: str | None = paper.get("actor")
    if actor:
        return actor
    by_author = paper.get("originator_kind") in _WRITERS
    author = _AUTHOR.fullmatch(paper.get("originator") or "")
    if by_author and author:
        return f"{author['name']} of {author['house']}"
    if whose in _NOBODY:
        return ""
    first = _OFFICE_FIRST.fullmatch(whose)
    if first is None:
        return _with_article(whose)
    state = _with_article(first["state"])
    return f"{possessive(state)} {first['office'].lower()}"


def _held_by(whose: str, office: str) -> str:
    """Return an office with its state, or with the two that share it."""
    first, _, second = whose.partition(" and ")
    holder = _with_article(first)
    if not second:
        return f"{possessive(holder)} {office}"
    other = _with_article(second)
    return f"the {office} of {holder} and {other}"


def _originator(paper: Paper) -> str:
    """Return the first voice of a document, without who passed its word on."""
    named: str = paper.get("originator") or ""
    plain = _IN_BRACKETS.sub("", named)
    return _PASSED_ON.split(plain, maxsplit=1)[0]


def _is_office(text: str) -> bool:
    """Return whether a text names an office of a state, and not the title of a person."""
    return text[:1].islower() and " of " not in text


def _with_article(name: str) -> str:
    """Return a name as it stands within a sentence."""
    if _WITHOUT_ARTICLE.match(name):
        return name
    takes_one = _WITH_ARTICLE.match(name)
    return f"the {name}" if takes_one else name


def _is_their_own(text: str, paper: Paper) -> bool:
    """Return whether a sentence names the state whose word it is, or both whose act it is."""
    originator: str = paper.get("originator") or ""
    whose, _, _ = originator.partition(", ")
    is_act = " and " in whose
    is_word = paper["form"] == "statement"
    return whose in text and (is_word or is_act)
