# SPDX-License-Identifier: Apache-2.0
"""Names that something of their own closes off from the words around them in a field: a legal form, quotes, another
script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bilat.parties.names.legal import legal_span, only_form
from bilat.parties.names.script import clean, has_cyrillic, has_han
from bilat.parties.names.tokens import words_of


@dataclass(frozen=True, slots=True)
class Piece:
    """A name to be compared: ``whole`` (the field without what is not a name), a ``part`` of it between marks, what is
    ``closed`` off in it, or what says ``whose`` that is (``Romashka Corporation, Joint Stock Company Vasilek``).
    """

    text: str
    kind: str = "whole"


_HAN = re.compile(r"[\u3400-\u9fff]+")
_QUOTED = re.compile(r"[«“„\"‘‹](?=[^\W_])([^«»“”„\"‘’‹›]{3,120})[»”“\"’›](?![^\W_])")
#: First words of the legal forms that stand before a name: Russian ones, and as they are translated.
_BEFORE_NAME = frozenset(
    (  # noqa: SIM905
        "ooo oao zao pao ao too odo fgup gup jsc ojsc cjsc pjsc llc joint open closed public federal state "
        "obshchestvo aktsionernoe otkrytoe zakrytoe publichnoe tov pt firma"
    ).split()
)
_AND = re.compile(r"[&+/]|and|und|et|и", re.IGNORECASE)
#: Words before or after a name with its legal form that are left out at most.
_MOST_BESIDE = 7


def closed_off(text: str) -> list[Piece]:
    """The names in a text that their legal form, quotes or script close off."""
    return [*_by_script(text), *_by_form(text), *_quoted(text)]


def says_something(text: str) -> bool:
    """Whether a text has a word that is no legal form."""
    return sum(c.isalnum() for c in text) >= 4 and not only_form(text)


def between_marks(names: list[str]) -> list[Piece]:
    """The names that commas part. One with its legal form, or in quotes, is closed off; what stands before one that
    these open says whose that is.
    """
    out, opened = [], False
    for name in reversed(names):
        quoted, span = _QUOTED.match(name), legal_span(name)
        if says_something(name):
            out.append(Piece(name, "whose" if opened else "closed" if quoted or span else "part"))
        opened = opened or bool(quoted) or bool(span and span[0] == 0 and _stands_before(name.split()[0]))
    return out[::-1]


def _by_script(text: str) -> list[Piece]:
    """The letters of a field that holds Han beside them, and the Han beside letters: ``收货人 Ромашка``."""
    if not has_han(text):
        return []
    parts = [" ".join(_HAN.sub(" ", text).split()), " ".join(_HAN.findall(text))]
    return [Piece(p, "closed") for p in parts] if sum(c.isalpha() for c in parts[0]) > 3 else []


def _by_form(text: str) -> list[Piece]:
    """The name up to its legal form, where words follow it (``Mikron JSC Zelenograd``: ``Mikron JSC``), and from it on,
    where words stand before it (``приказу ПАО Ромашка``: ``ПАО Ромашка``).
    """
    span = legal_span(text) if "," not in text else None  # what stands between commas is read apart
    words = text.split()
    if span is None:
        return []
    first, after = span
    out = []
    if first > 0 and 0 < len(words) - after <= _MOST_BESIDE:
        out.append(Piece(" ".join(words[:after]), "closed"))
    first_words = " ".join(words[first : first + 2]).casefold()
    before = _stands_before(words[first]) or first_words == "limited liability"
    if 0 < first <= _MOST_BESIDE and after < len(words) and before:
        out.append(Piece(" ".join(words[first:]), "closed"))
    # What a conjunction joins to a legal form is another name: ``Arrow GmbH & Romashka JSC``.
    if after < len(words) - 1 and _AND.fullmatch(words[after]):
        out.append(Piece(" ".join(words[after + 1 :]), "closed"))
    return [p for p in out if says_something(p.text)]


def _stands_before(form: str) -> bool:
    """Whether a legal form with this first word stands before the name."""
    return has_cyrillic(form) or " ".join(words_of(clean(form))) in _BEFORE_NAME


def _quoted(text: str) -> list[Piece]:
    """The name in quotes, with the legal form that stands beside them, where other words do too."""
    out = []
    for match in list(_QUOTED.finditer(text))[:3]:
        before, after = text[: match.start()].split(), text[match.end() :].split()
        form: list[str] = []
        for words, side in ((before, -1), (after, 1)):
            for size in range(min(len(words), 7), 0, -1):
                these = words[-size:] if side < 0 else words[:size]
                if legal_span(" ".join(these)) == (0, size) and "," not in these[-1]:
                    form = form or these
                    del words[len(words) - size if side < 0 else 0 : len(words) if side < 0 else size]
                    break
        if (before or after) and says_something(match[1]):
            out.append(Piece(" ".join([*form, match[1]]), "closed"))
    return out
