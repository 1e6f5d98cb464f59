# SPDX-License-Identifier: Apache-2.0
"""A sequence model that tags the words of a name field: name, place, address, number, paper, other
party.

The model is a linear chain (a conditional random field) with binary features.
``benchmarks/fields.py`` fits it on composed fields and writes ``tagger.npz``. Words of places and
papers are known from tables, not learnt: a word can be a town or a state only if the gazetteer has
it, and a paper only if ``papers.toml`` has it; all others are names, addresses or numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np

from bilat.package_files import read_package_toml
from bilat.parties.names.legal import legal_words, only_form
from bilat.parties.names.places import STATE as STATE_KIND
from bilat.parties.names.places import (
    PlaceMatch,
    PlaceReading,
    folded,
    place_matches,
    state_codes,
)
from bilat.parties.names.script import has_cyrillic, has_han
from bilat.parties.names.tokens import words_of

#: The tags, in the order of the model's columns, and their columns.
NAME, ADDRESS, TOWN, STATE, NUMBER, PAPER, OTHER = TAGS = ("N", "A", "T", "S", "I", "P", "X")
_COLUMN = {tag_of: n for n, tag_of in enumerate(TAGS)}
_PARTY_COLUMNS = frozenset((_COLUMN[NAME], _COLUMN[OTHER]))
#: Words of a field that are tagged.
MOST_WORDS = 60
#: Words of the longest phrase of a table.
_LONGEST_PHRASE = 7
#: Digits of a postcode, at least: in a part of places alone, and beside other words.
_LEAST_POSTCODE = 3
_LEAST_POSTCODE_BESIDE_WORDS = 5
_WORD = re.compile(r"[^\W_]+(?:['’.&+\-‑][^\W_]+)*")
_MARKS = (
    ("newline", re.compile(r"\n")),
    ("semicolon", re.compile(r"[;|；]")),
    ("colon", re.compile(r"[:：]")),
    ("comma", re.compile(r"[,，،]")),
    ("bracket", re.compile(r"[()\[\]（）【】]")),
    ("slash", re.compile(r"[/\\]")),
    ("dash", re.compile(r"\s[\-–—]+\s|[\-–—]{2,}")),
    ("quote", re.compile(r"[\"«»“”„]")),
)
#: A part of what surrounds a word: its name, and values. Features of a word follow from it.
Context = tuple[str | int | bool, ...]
#: The weights of a context that the model does not know.
_NO_WEIGHTS = (0.0,) * len(TAGS)
#: Marks across which no place or phrase is read.
_BREAKS = frozenset(name for name, _ in _MARKS) - {"quote"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a field.

    Attributes
    ----------
    start, end
        Where it is in the field.
    text
        As it is written.
    key
        Without case, accents and punctuation.
    mark
        The strongest mark between it and the word before: ``comma``, ``newline`` ...; '' for none.
    """

    start: int
    end: int
    text: str
    key: str
    mark: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tagged field.

    Attributes
    ----------
    words, tags
        The words and their tags.
    place_chance
        The chance of each word to be a place; 0 in a field where no place is within a name.
    places
        The places found.
    """

    words: tuple[Word, ...]
    tags: tuple[str, ...]
    place_chance: tuple[float, ...]
    places: tuple[PlaceMatch, ...]


@cache
def _phrases() -> dict[str, dict[tuple[str, ...], bool]]:
    """Return the phrases of each table as words; the value says whether all its words are single
    letters.
    """
    out: dict[str, dict[tuple[str, ...], bool]] = {}
    for table, phrases in read_package_toml(__package__, "papers.toml").items():
        keys = (tuple(folded(p).split()) for p in phrases)
        out[table] = {k: len(k) > 1 and all(len(w) == 1 for w in k) for k in keys if k}
    return out


@cache
def _first_words() -> dict[str, frozenset[str]]:
    """Return the words with which the phrases of each table begin."""
    return {table: frozenset(k[0] for k in phrases) for table, phrases in _phrases().items()}


def may_be_paper(keys: Sequence[str]) -> bool:
    """Return whether a phrase of a table may begin at one of some folded words."""
    begins = _first_words()
    return any(key.split()[:1] and key.split()[0] in begins["papers"] for key in keys)


def split_words(text: str) -> list[Word]:
    """Return the words of a field with the marks between them."""
    out: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        mark = next((name for name, pattern in _MARKS if pattern.search(gap)), "")
        out.append(Word(match.start(), match.end(), match[0], folded(match[0]), mark))
        end = match.end()
        if len(out) == MOST_WORDS:
            break
    return out


def only_places(text: str) -> bool:
    """Return whether a text is made of names of places and of nothing else."""
    words = split_words(text)
    found = _places_among(words)
    return bool(words) and sum(m.after - m.first for m in found) == len(words)


def _in_phrases(words: Sequence[Word], text: str, table: str) -> list[str]:
    """Return B or I for each word inside a phrase of a table, '' outside."""
    begins = _first_words()[table]
    keys = [w.key.split() or [""] for w in words]
    out = [""] * len(words)
    if begins.isdisjoint(key[0] for key in keys):
        return out
    phrases = _phrases()[table]
    at = 0
    while at < len(words):
        size = 0
        if keys[at][0] not in begins:
            at += 1
            continue
        for after in range(at + 1, min(at + _LONGEST_PHRASE, len(words)) + 1):
            if after > at + 1 and words[after - 1].mark in _BREAKS - {"slash"}:
                break
            phrase = tuple(k for key in keys[at:after] for k in key)
            letters = phrases.get(phrase)
            if letters is None:
                continue
            between = text[words[at].start : words[after - 1].end]
            if not letters or "/" in between or "." in between:
                size = after - at
        for n in range(at, at + size):
            out[n] = "B" if n == at else "I"
        at += size or 1
    return out


@lru_cache(maxsize=1 << 14)
def _shape(text: str) -> str:
    """Return what a word looks like: its digits, or its script and case."""
    digits = sum(map(str.isdigit, text))
    if digits == len(text):
        return f"digits{min(len(text), 7)}"
    if digits:
        return "mixed"
    if has_han(text):
        return "han"
    script = "cyr" if has_cyrillic(text) else "latin" if text[0] < "\u0250" else "other"
    case = "up" if text.isupper() else "title" if text[0].isupper() else "low"
    return f"{script}-{case}"


@dataclass
class _Model:
    """The fitted weights.

    Attributes
    ----------
    rows
        The row of each feature in ``weights``.
    weights
        A column for each of :data:`TAGS`.
    transitions
        From the tag of one word to that of the next.
    """

    rows: dict[str, int]
    weights: np.ndarray
    transitions: list[list[float]]
    counts: dict[str, int]  # place names that firms and persons have too: log2 of how many
    common: frozenset[str]  # words of many firms' names


@cache
def _model() -> _Model:
    with np.load(resources.files(__package__).joinpath("tagger.npz").open("rb")) as stored:
        features = bytes(stored["features"]).decode("utf-8").split("\n")
        counts = json.loads(bytes(stored["counts"]).decode("utf-8"))
        return _Model(
            {f: n for n, f in enumerate(features)},
            stored["weights"].astype(np.float32),
            stored["transitions"].astype(np.float32).tolist(),
            {word: int(size) for size, words in counts.items() for word in words.split("|")},
            frozenset(bytes(stored["common"]).decode("utf-8").split("|")),
        )


def is_common(word: str) -> bool:
    """Return whether many firms have a folded word in their names, so that it names nobody."""
    return word in _model().common


@dataclass
class FieldEvidence:
    """What the tables say of the words of a field, and the features of each word.

    Attributes
    ----------
    words
        The words.
    places, place_of
        The places found, and the place that each word is part of.
    papers, labels
        B or I for each word inside a phrase of the table, '' outside.
    contexts
        The contexts of each word, each of which stands for some features.
    """

    words: list[Word]
    places: list[PlaceMatch]
    place_of: list[PlaceMatch | None]
    papers: list[str]
    labels: list[str]
    contexts: list[list[Context]]

    @property
    def features(self) -> list[list[str]]:
        """Return the names of the features that hold for each word."""
        return [[name for c in of for name in _feature_names(c)] for of in self.contexts]


def evidence(text: str, counts: dict[str, int]) -> FieldEvidence:
    """Return the words of a field with their features."""
    words = split_words(text)
    return _evidence_of(words, _places_among(words), text, counts)


def _places_among(words: Sequence[Word]) -> list[PlaceMatch]:
    found = place_matches([w.key for w in words], [w.mark in _BREAKS for w in words])
    codes = _state_codes(words, {n for m in found for n in range(m.first, m.after)})
    return sorted((*found, *codes), key=lambda m: m.first)


def _state_codes(words: Sequence[Word], places: set[int]) -> list[PlaceMatch]:
    """Return the words that are the two letters of a state and close a postal address.

    They stand on a line of their own at the end, or behind a place or a postcode. Letters that are
    a legal form too (``SA``, ``AG``) must have a line or a part of their own.
    """
    out = []
    for n, word in enumerate(words):
        is_code = len(word.text) == 2 and word.text.isupper() and word.text in state_codes()
        closes = n + 1 == len(words) or words[n + 1].mark in _BREAKS
        if not n or n in places or not is_code or not closes:
            continue
        is_behind_place = n - 1 in places or any(map(str.isdigit, words[n - 1].text))
        own_line = word.mark in ("newline", "semicolon")
        if own_line and n + 1 == len(words):
            is_state = True
        else:
            is_state = is_behind_place and (own_line or not only_form(word.text))
        if is_state:
            out.append(PlaceMatch(n, n + 1, (PlaceReading(STATE_KIND, 1, word.text),)))
    return out


def _evidence_of(
    words: list[Word], places: list[PlaceMatch], text: str, counts: dict[str, int]
) -> FieldEvidence:
    place_of: list[PlaceMatch | None] = [None] * len(words)
    for match in places:
        place_of[match.first : match.after] = [match] * (match.after - match.first)
    papers = _in_phrases(words, text, "papers")
    if words and (words[0].key,) in _phrases()["never_first"] and papers[1:2] != ["I"]:
        papers[0] = ""
    streets = _streets(words, text)
    labels = _in_phrases(words, text, "labels")
    legal = _legal(words)
    own = []
    for n, word in enumerate(words):
        place = place_of[n]
        kind = f"{place.kinds}{place.size}" if place else "-"
        tables = "".join(
            letter for letter, table in (("p", papers), ("s", streets), ("l", labels)) if table[n]
        )
        own.append((kind, tables + ("f" if legal[n] else ""), _shape(word.text)))
    contexts = _contexts(words, own, place_of, counts)
    return FieldEvidence(words, places, place_of, papers, labels, contexts)


def _streets(words: Sequence[Word], text: str) -> list[str]:
    """Return B or I for each word of an address; ``Gewerbestrasse`` ends in one."""
    endings = _street_endings()
    found = _in_phrases(words, text, "streets")
    return [
        here or ("B" if len(w.key) > 7 and w.key.endswith(endings) else "")
        for here, w in zip(found, words, strict=True)
    ]


@cache
def _street_endings() -> tuple[str, ...]:
    return tuple(ending for (ending,) in _phrases()["street_endings"])


def _legal(words: Sequence[Word]) -> list[bool]:
    """Return which words are part of a legal form, chunk by chunk."""
    out: list[bool] = []
    chunk: list[Word] = []
    for word in [*words, None]:
        if word is None or word.mark in ("newline", "semicolon"):
            parts = [(part, n) for n, w in enumerate(chunk) for part in words_of(w.text)]
            marks = legal_words([p for p, _ in parts])
            found = {n for (_, n), legal in zip(parts, marks, strict=True) if legal}
            out += [n in found for n in range(len(chunk))]
            chunk = []
        if word is not None:
            chunk.append(word)
    return out


def _contexts(
    words: Sequence[Word],
    own: Sequence[tuple[str, str, str]],
    place_of: Sequence[PlaceMatch | None],
    counts: dict[str, int],
) -> list[list[Context]]:
    """Return the contexts of each word, which stand for its features.

    They say what the gazetteer and the tables have of the word and its neighbours, its shape, the
    marks around it, how often people and firms have the place as a name, and what else is in the
    field. The identity of a word is a feature only if it is no place, so that no town is learnt by
    heart.
    """
    last = len(words) - 1
    before = [w.mark or ("none" if n else "start") for n, w in enumerate(words)]
    after = [w.mark or "none" for w in words[1:]] + ["end"]
    places = _place_contexts(words, place_of, counts, before, after)
    chunks = _chunk_contexts(words, own, place_of)
    out: list[list[Context]] = []
    for n, word in enumerate(words):
        length = min(len(word.key), 8)
        ends = (min(n, 3), min(last - n, 3))
        contexts: list[Context] = [
            ("word", *own[n], before[n], after[n], length, *ends),
            places[n] or ("key", word.key),
            chunks[n],
        ]
        for step in (-2, -1, 1, 2):
            at = n + step
            near = own[at] if 0 <= at <= last else ()
            contexts.append(("near", step, *near))
            if near and abs(step) == 1:
                between = words[max(n, at)].mark or "none"
                contexts.append(("touching", step, between, near[0], near[1], own[n][0][0]))
                if place_of[at] is None and near[1]:
                    contexts.append(("touching key", step, words[at].key))
        out.append(contexts)
    return out


def _place_contexts(
    words: Sequence[Word],
    place_of: Sequence[PlaceMatch | None],
    counts: dict[str, int],
    before: Sequence[str],
    after: Sequence[str],
) -> list[Context]:
    """Return, for each word of a place, the context of the place; an empty one for other words."""
    named = [n for n, place in enumerate(place_of) if place is None]
    first_named = named[0] if named else len(words)
    last_named = named[-1] if named else -1
    out: list[Context] = [()] * len(words)
    for n, place in enumerate(place_of):
        if place is None:
            continue
        known = counts.get(" ".join(w.key for w in words[place.first : place.after]), 0)
        edges = (before[place.first], after[place.after - 1])
        size = "one" if place.after - place.first == 1 else "more"
        kind = f"{place.kinds}{place.size}"
        out[n] = ("place", kind, *edges, known, size, n > last_named, n < first_named)
    return out


def _chunk_contexts(
    words: Sequence[Word],
    own: Sequence[tuple[str, str, str]],
    place_of: Sequence[PlaceMatch | None],
) -> list[Context]:
    """Return, for each word, the context of the words between the marks around it."""
    starts = [n for n, w in enumerate(words) if n == 0 or w.mark in _BREAKS]
    plain = [place_of[n] is None and not own[n][1] for n in range(len(words))]
    named = [plain[n] and not own[n][2].startswith("digit") for n in range(len(words))]
    every = sum(named)
    out: list[Context] = []
    for first, end in zip(starts, [*starts[1:], len(words)], strict=True):
        tables = "".join(own[n][1] for n in range(first, end))
        digits = any(own[n][2][:5] in ("digit", "mixed") for n in range(first, end))
        flags = "".join(letter for letter in "sfp" if letter in tables) + "d" * digits
        count = min(sum(plain[first:end]), 3)
        outside = min(every - sum(named[first:end]), 3)
        size = min(end - first, 4)
        out += [("chunk", size, count, flags, outside, own[n][0][0]) for n in range(first, end)]
    return out


def _feature_names(context: Context) -> list[str]:
    """Return the names of the features that a context stands for."""
    match context:
        case ("word", kind, tables, shape, before, after, length, first, last):
            own = ["bias", f"k={kind}", f"t={tables}", f"s={shape}", f"kt={kind},{tables}"]
            own += [f"b={before}", f"a={after}", f"ba={before},{after}"]
            return [*own, f"len={length}", f"n={first},{last}"]
        case ("key", key):
            return [f"w={key}"]
        case ("place", kind, before, after, known, size, at_end, at_start):
            span = f"{kind},{before},{after}"
            of_span = [f"span={span}", f"count={known}", f"sc={span},{known}"]
            return [*of_span, f"spanlen={size},{kind}", f"tail={at_end},{at_start},{before}"]
        case ("near", step):
            return [f"{step}=edge"]
        case ("near", step, kind, tables, shape):
            return [f"{step}k={kind}", f"{step}t={tables}", f"{step}s={shape}"]
        case ("touching", step, between, kind, tables, own_kind):
            return [f"{step}m={between},{kind},{tables},{own_kind}"]
        case ("touching key", step, key):
            return [f"{step}w={key}"]
        case ("chunk", size, count, flags, outside, kind):
            of_chunk = [f"chunk={size},{count},{flags}", f"cf={'f' in str(flags)},{kind}"]
            return [*of_chunk, f"rest={outside},{min(int(count), 2)},{kind}"]
    raise ValueError(f"no context of a word: {context}")


@lru_cache(maxsize=1 << 13)
def _weights_of(context: Context) -> tuple[float, ...]:
    """Return the weights of the features of a context, summed, for each tag."""
    model = _model()
    rows = [model.rows[name] for name in _feature_names(context) if name in model.rows]
    if not rows:
        return _NO_WEIGHTS
    return tuple(model.weights[rows].sum(axis=0, dtype=np.float64).tolist())


def _is_plain(words: Sequence[Word]) -> bool:
    """Return whether no word of a field without places can be anything but a part of one name.

    No table has the beginning of a phrase there, no digit is among them, and no mark parts them.
    """
    begins = _every_first_word()
    for n, word in enumerate(words):
        if (n and word.mark in _BREAKS) or any(map(str.isdigit, word.text)):
            return False
        if not begins.isdisjoint(word.key.split()[:1]):
            return False
    return True


@cache
def _every_first_word() -> frozenset[str]:
    return frozenset().union(*_first_words().values())


def tag(text: str) -> Tagged:
    """Return a field with its words tagged; what stands before a paper is a field of its own."""
    found = _tag_field(text)
    paper = next((n for n, tag_of in enumerate(found.tags) if tag_of == PAPER), 0)
    if not paper or not any(place.after <= paper for place in found.places):
        return found
    before = _tag_field(text[: found.words[paper].start])
    return Tagged(
        found.words,
        before.tags[:paper] + found.tags[paper:],
        before.place_chance[:paper] + found.place_chance[paper:],
        found.places,
    )


def _tag_field(text: str) -> Tagged:
    """Return a field tagged as one."""
    words = split_words(text)
    count = len(words)
    none = (0.0,) * count
    places = _places_among(words)
    if not places and _is_plain(words):
        return Tagged(tuple(words), (NAME,) * count, none, ())
    model = _model()
    found = _evidence_of(words, places, text, model.counts)
    scores = _scores(found)
    allowed = _allowed_columns(found)
    joined = [not w.mark for w in words]
    tags = _likeliest(scores, allowed, model.transitions, joined)
    if ADDRESS in tags and not _names_somebody(words, tags):
        # Every field has a name.
        allowed = [[k for k in of if k != _COLUMN[ADDRESS]] or of for of in allowed]
        tags = _likeliest(scores, allowed, model.transitions, joined)
    in_doubt = any(not {NAME, OTHER}.isdisjoint(tags[m.first : m.after]) for m in places)
    chances = _place_chances(scores, allowed, model.transitions) if in_doubt else none
    return Tagged(tuple(words), tags, chances, tuple(places))


def _scores(found: FieldEvidence) -> list[list[float]]:
    """Return the weights of the features of each word, summed; a row a word."""
    return [
        [sum(of_tag) for of_tag in zip(*map(_weights_of, contexts), strict=True)]
        for contexts in found.contexts
    ]


def _names_somebody(words: Sequence[Word], tags: Sequence[str]) -> bool:
    """Return whether the words tagged as names are more than a legal form."""
    named = [w.text for w, t in zip(words, tags, strict=True) if t in (NAME, OTHER)]
    return bool(named) and not only_form(" ".join(named))


def _allowed_columns(found: FieldEvidence) -> list[list[int]]:
    """Return the columns of the tags that each word may have.

    A place must be in the gazetteer, a paper in its table, and a number or an address look like
    one.
    """
    numbered = _labelled_numbers(found)
    out = []
    for n in range(len(found.words)):
        paper = found.papers[n]
        if numbered[n]:
            tags = {NUMBER}
        elif _is_postcode(found, n):
            tags = {ADDRESS}
        elif paper == "I" or (paper and found.papers[n + 1 : n + 2] == ["I"]):
            tags = {PAPER}
        else:
            tags = {NAME, OTHER, *_kinds_of_place(found.place_of[n])}
            tags |= {PAPER} if paper else set()
            tags |= {ADDRESS} if _may_be_address(found, n) else set()
            tags |= {NUMBER} if _is_number(found, n) else set()
        out.append(sorted(_COLUMN[tag_of] for tag_of in tags))
    return out


def _kinds_of_place(place: PlaceMatch | None) -> list[str]:
    """Return the tags of places that the gazetteer has for a word."""
    kinds = place.kinds if place else ""
    out = [STATE] if "S" in kinds else []
    return [TOWN, *out] if "T" in kinds or "R" in kinds else out


def _chunk_of(found: FieldEvidence, n: int) -> range:
    """Return the words between the marks around one."""
    first = n
    while first and found.words[first].mark not in _BREAKS:
        first -= 1
    after = n + 1
    while after < len(found.words) and found.words[after].mark not in _BREAKS:
        after += 1
    return range(first, after)


def _may_be_address(found: FieldEvidence, n: int) -> bool:
    """Return whether the words between the marks around one may be an address.

    They must have a street word, or a number while the name is elsewhere: a plant has a number in
    its name (``560 Armoured Repair Plant``).
    """
    if found.place_of[n]:
        return True
    flags = next(str(c[3]) for c in found.contexts[n] if c[0] == "chunk")
    if "s" in flags:
        return True
    return "d" in flags and len(_chunk_of(found, n)) < len(found.words)


def _is_postcode(found: FieldEvidence, n: int) -> bool:
    """Return whether a word is a postcode: digits that touch a place behind a mark.

    A number in the first part of a field may be of the name (``Factory 222 Moscow``).
    """
    chunk = _chunk_of(found, n)
    if not chunk.start or not _mostly_digits(found.words[n].text):
        return False
    first = n
    while first > chunk.start and _mostly_digits(found.words[first - 1].text):
        first -= 1
    after = n + 1
    while after < chunk.stop and _mostly_digits(found.words[after].text):
        after += 1
    digits = sum(map(str.isdigit, "".join(w.text for w in found.words[first:after])))
    beside = [k for k in (first - 1, after) if k in chunk]
    rest = [k for k in chunk if not found.place_of[k] and not first <= k < after]
    is_alone = all(found.words[k].text.isupper() and len(found.words[k].text) < 4 for k in rest)
    least = _LEAST_POSTCODE if is_alone else _LEAST_POSTCODE_BESIDE_WORDS
    return digits >= least and any(found.place_of[k] for k in beside)


def _is_number(found: FieldEvidence, n: int) -> bool:
    """Return whether a word may be a number: labelled, or between marks with numbers alone.

    A digit in a longer word is a misread letter (``KALASHN1KOV``); a number that touches a name is
    a part of it, and the name is compared without it as well.
    """
    if found.labels[n]:
        return True
    if not _mostly_digits(found.words[n].text):
        return False
    return all(found.labels[k] or _mostly_digits(found.words[k].text) for k in _chunk_of(found, n))


def _mostly_digits(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits > 0 and sum(map(str.isalpha, text)) <= 4 * digits


def _labelled_numbers(found: FieldEvidence) -> list[bool]:
    """Return which words are a label and the number after it; a name may have a weak label too
    (Plant No. 5).
    """
    weak = _phrases()["weak_labels"]
    out = [False] * len(found.words)
    at = 0
    while at < len(found.words):
        if not found.labels[at]:
            at += 1
            continue
        after = at
        while after < len(found.words) and found.labels[after]:
            after += 1
        keys = tuple(w.key for w in found.words[at:after])
        digits = after < len(found.words) and any(map(str.isdigit, found.words[after].text))
        if digits and keys not in weak:
            after += 1
            while after < len(found.words) and _continues_number(found.words[after]):
                after += 1
            out[at:after] = [True] * (after - at)
        at = after
    return out


def _continues_number(word: Word) -> bool:
    """Return whether a word is the next group of a number's digits."""
    return not word.mark and word.text.isdigit()


def _likeliest(
    scores: Sequence[Sequence[float]],
    allowed: Sequence[Sequence[int]],
    transitions: Sequence[Sequence[float]],
    joined: Sequence[bool],
) -> tuple[str, ...]:
    """Return the tags of the likeliest path; ``joined``: no mark stands before the word."""
    best = {k: scores[0][k] for k in allowed[0]}
    back: list[dict[int, int]] = []
    for of_word, columns, no_mark in zip(scores[1:], allowed[1:], joined[1:], strict=True):
        before = {k: _best_before(k, best, transitions, no_mark) for k in columns}
        best = {k: best[j] + transitions[j][k] + of_word[k] for k, j in before.items()}
        back.append(before)
    path = [max(best, key=best.__getitem__)]
    for before in reversed(back):
        path.append(before[path[-1]])
    return tuple(TAGS[k] for k in reversed(path))


def _best_before(
    column: int, best: Mapping[int, float], transitions: Sequence[Sequence[float]], joined: bool
) -> int:
    """Return the tag before another one on its likeliest path.

    Two parties never touch: a mark or a word of the paper parts them.
    """
    if joined and column in _PARTY_COLUMNS:
        best = {k: x for k, x in best.items() if k == column or k not in _PARTY_COLUMNS} or best
    return max(best, key=lambda before: best[before] + transitions[before][column])


def _place_chances(
    scores: Sequence[Sequence[float]],
    allowed: Sequence[Sequence[int]],
    transitions: Sequence[Sequence[float]],
) -> tuple[float, ...]:
    """Return for each word the chance that it is a town or a state."""
    forward = [{k: scores[0][k] for k in allowed[0]}]
    for of_word, columns in zip(scores[1:], allowed[1:], strict=True):
        last = forward[-1].items()
        sums = {k: _log_sum([x + transitions[j][k] for j, x in last]) for k in columns}
        forward.append({k: x + of_word[k] for k, x in sums.items()})
    places = (_COLUMN[TOWN], _COLUMN[STATE])
    total = _log_sum([*forward[-1].values()])
    ahead = dict.fromkeys(allowed[-1], 0.0)
    chances = []
    for n in range(len(scores) - 1, -1, -1):
        paths = forward[n]
        chances.append(sum(math.exp(paths[k] + ahead[k] - total) for k in places if k in paths))
        if n:
            following = {k: scores[n][k] + x for k, x in ahead.items()}.items()
            ahead = {
                j: _log_sum([transitions[j][k] + x for k, x in following]) for j in allowed[n - 1]
            }
    return tuple(reversed(chances))


def _log_sum(values: Sequence[float]) -> float:
    """Return the logarithm of a sum of exponentials."""
    top = max(values)
    return top + math.log(sum(math.exp(x - top) for x in values))
