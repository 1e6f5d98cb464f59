# SPDX-License-Identifier: Apache-2.0
"""Names that something of their own closes off from the words around them in a field: a legal form, quotes, another
script, the way they are written, marks of a system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bilat.parties.names.legal import legal_span, legal_words, only_form
from bilat.parties.names.script import clean, has_cyrillic, has_han
from bilat.parties.names.tokens import is_empty, words_of


@dataclass(frozen=True, slots=True)
class Piece:
    """A name to be compared: ``whole`` (the field without what is not a name), a ``part`` of it between marks, or what
    is ``closed`` off in it.
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
#: Words of a field in which letters are compared.
_LONGEST = 24
#: Marks of systems between fields.
_MARKS = re.compile(r"[*+^|~\\/\t;=<>]+")
_LOWER, _TITLE, _UPPER, _NEUTRAL = range(4)


def closed_off(text: str) -> list[Piece]:
    """The names in a text that their legal form, quotes, script or letters close off."""
    return [*_by_script(text), *_by_form(text), *_quoted(text), *_by_case(text)]


def says_something(text: str) -> bool:
    """Whether a text has a word that is no legal form."""
    return sum(c.isalnum() for c in text) >= 4 and not only_form(text)


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
    span = legal_span(text)
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
                if legal_span(" ".join(these)) == (0, size):
                    form = form or these
                    del words[len(words) - size if side < 0 else 0 : len(words) if side < 0 else size]
                    break
        if (before or after) and says_something(match[1]):
            out.append(Piece(" ".join([*form, match[1]]), "closed"))
    return out


def _style(word: str) -> int:
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return _NEUTRAL
    if all(c.isupper() for c in letters):
        return _UPPER if len(letters) > 1 else _NEUTRAL
    return _TITLE if letters[0].isupper() or any(c.isupper() for c in letters[1:]) else _LOWER


def _by_case(text: str) -> list[Piece]:
    """The words that are written one way where others are not: ``JSC Element oder deren Order``: ``JSC Element``. Legal
    forms, linking words and numbers go with what they stand beside; capitals are told from a capital letter beside a
    legal form alone, since family names are often in capitals.
    """
    words = text.split()
    if not 2 < len(words) <= _LONGEST:
        return []
    styles = [_style(w) for w in words]
    if len(set(styles) - {_NEUTRAL}) < 2:
        return []
    forms = _forms(words)
    neutral = [
        n in forms or s == _NEUTRAL or is_empty(w.casefold())
        for n, (w, s) in enumerate(zip(words, styles, strict=True))
    ]
    out = []
    capital = [_TITLE if s == _UPPER else s for s in styles]
    for told, with_form in ((capital, False), (styles, True)):
        for first, after in _stretches(told, neutral):
            while first > 0 and (first - 1) in forms:
                first -= 1
            while after < len(words) and after in forms:
                after += 1
            has_form = any(n in forms for n in range(first, after))
            if 1 < after - first < len(words) and (has_form or not with_form):
                out.append(Piece(" ".join(words[first:after]), "closed"))
    return [p for p in dict.fromkeys(out) if says_something(p.text)][:3]


def _forms(words: list[str]) -> set[int]:
    """Which written words are wholly legal forms."""
    parts = [(n, p) for n, word in enumerate(words) for p in words_of(clean(word))]
    legal = legal_words([p for _, p in parts])
    other = {n for (n, _), form in zip(parts, legal, strict=True) if not form}
    return {n for n, _ in parts} - other


def _stretches(styles: list[int], neutral: list[bool]) -> Iterator[tuple[int, int]]:
    """(first, after the last) of the words of one style, neutral ones between them included; none of lower case."""
    at = 0
    while at < len(styles):
        if neutral[at] or styles[at] == _LOWER:
            at += 1
            continue
        last = at
        n = at + 1
        while n < len(styles) and (neutral[n] or styles[n] == styles[at]):
            last = last if neutral[n] else n
            n += 1
        yield at, last + 1
        at = last + 1


def by_marks(text: str) -> list[Piece]:
    """The parts of a text between marks that systems set between fields: ``N1*CN*Ромашка``, ``CNE/NAM/Romashka``."""
    parts = [p.strip() for p in _MARKS.split(text)]
    parts = [p for p in parts if p]
    if len(parts) < 2 or (len(_MARKS.findall(text)) < 2 and "/" in text):
        return []
    return [Piece(p, "part") for p in parts if says_something(p)][:4]
