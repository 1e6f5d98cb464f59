# SPDX-License-Identifier: Apache-2.0
"""The ways in which a name field may be read: its pieces, in one script and class, with words run
together or split, and digits read as letters, each with what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from bilat.parties.match.background import Zone, people
from bilat.parties.match.bodies import (
    INDUSTRY,
    is_body_of_any_state,
    is_kind_of_body,
    states_in_name,
    without_states,
)
from bilat.parties.match.identifying_words import identifying, names_trade
from bilat.parties.match.index import (
    NOT_KNOWN,
    ORGANISATION,
    PERSON,
    PERSON_OR_FIRM,
    VESSEL,
    party_class,
)
from bilat.parties.match.parameters import parameter
from bilat.parties.names.abjad import names_many, unvowelled, voiced
from bilat.parties.names.forms import forms, is_firms
from bilat.parties.names.han import may_be_person
from bilat.parties.names.legal import generic, legal_span, only_form
from bilat.parties.names.places import STATE, places_of
from bilat.parties.names.script import clean, has_cyrillic, has_han
from bilat.parties.names.segmentation import FieldSegments, Piece, in_script_of, segment_field
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tagging import only_places
from bilat.parties.names.tokens import ARTICLE, Form, form_of, legal_phrases, words_of

#: Words of the longest name of which some are run together, or split.
_MOST_RESPACED = 10
#: Letters of the shortest word that is made by running words together, or that is split.
_SHORTEST_JOINED = 6
#: Words of the longest field that is searched for a listed name between places; marks at its edges.
_MOST_BESIDE = 12
_EDGES = " ,;:/-–—()"
#: Letters of the longest word in capitals that is taken for an acronym.
LONGEST_ACRONYM = 4
#: A mark between a name and a place.
_PARTING = re.compile(r"[,;:/|()\[\]，；：（）【】]|\s[\-–—]+\s")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a name field: the form compared, as which class, and what it costs."""

    form: Form
    party_class: int
    cost: float
    text: str  # the piece of the field that was read
    sole: bool = True  # it is all of the field that is a name
    respaced: bool = False  # its words are run together or split, or read as if misread
    fragment: bool = False  # it is cut out of a name, by a comma, a quote or a number
    loose: bool = False  # it may be a part of the name beside it
    needs: frozenset[str] = frozenset()  # tokens of a place that a listed name must have
    halves: frozenset[str] = frozenset()  # tokens that a word was split into
    kindless: bool = False  # a word such as movement was left out
    without_initials: bool = False  # initials were left out, as linking words of a firm's name
    stateless: bool = False  # the state in the name of a ministry or the like was left out
    before: str = ""  # places cut off before the name although no mark parts them from it
    behind: str = ""  # the same behind it
    cut_off: str = ""  # those of them that may be words of the name (`Emirates NBD`)

    @property
    def is_acronym(self) -> bool:
        """Whether all that identifies in it are acronyms."""
        form = self.form
        written = form.written or form.tokens
        words = [written[n] for n in identifying(form.tokens, form.written)]
        capitals = {word.lower() for word in self.text.split() if is_acronym(word)}
        return bool(words) and capitals.issuperset(words)

    @property
    def is_body_of_its_state(self) -> bool:
        """Whether it names a body that every state has, of the state that was taken out of it."""
        return self.stateless and is_body_of_any_state(self.form.plain)

    @property
    def bracketed(self) -> bool:
        """Whether it is what stands in brackets alone."""
        if has_han(self.text) and not any(mark in self.text for mark in "(（[【"):
            return False  # of a name in Han, other readings of the whole are parts too
        return self.form.part and not _plain(self.text).startswith(self.form.plain.split(" ")[0])

    @property
    def is_conditional(self) -> bool:
        """Whether this is a reading only where the listed name has certain words."""
        return bool(self.needs or self.halves)

    def fits(self, listed: Iterable[str]) -> bool:
        """Whether a listed name has both halves of a word that was split, and the place beside the
        name with more than half of the other words, one that identifies among them if any does.
        """
        words = {*listed}
        if not self.halves <= words:
            return False
        if not self.needs:
            return True
        tokens = self.form.tokens
        own = {*tokens} - self.needs
        same = {token for token in tokens if _is_among(token, words)}
        telling = {tokens[n] for n in identifying(tokens, self.form.written)} & own
        if telling and not telling & same:
            return False
        return self.needs <= same and bool(own) and 2 * len(own & same) > len(own)


def is_acronym(word: str) -> bool:
    """Return whether a word is a short one in capitals, such as the initials of a body."""
    return len(word) <= LONGEST_ACRONYM and word.isalpha() and word.isupper()


def _is_among(token: str, words: set[str]) -> bool:
    """Return whether a word is one of a listed name; one without vowels, whether it may be."""
    if token in words or not unvowelled(token):
        return token in words
    return any(voiced(token, word) == 0 for word in words)


def _plain(name: str) -> str:
    return " ".join(words_of(clean(name)))[:200]


#: Initials of a person, and nothing else.
_INITIALS = re.compile(r"[A-ZА-ЯЁІЇЄҐ](?:[\s.\-]+[A-ZА-ЯЁІЇЄҐ]){0,2}\.?")
#: Share of a zone's people from which a word is a given name.
_GIVEN = 1e-3


@lru_cache(maxsize=1 << 12)
def field_segments(name: str) -> FieldSegments:
    """The names, numbers and places of a field; a place beside a given name or initials alone is a
    family name (``Alexander Ivanov``, ``Ivanov, S.B.``: Ivanov is a town too).
    """
    apart = segment_field(name)
    if not apart.pieces:
        return apart
    if not _INITIALS.fullmatch(apart.pieces[0].text) and not _is_given_name(apart.pieces[0]):
        return apart
    first = apart.pieces[0].text
    # A mark behind a given name ends it (`Wagner, Saint Petersburg`); one before it does not.
    marked = tuple(f"{first}{mark}" for mark in ",;(/")
    longer = [p for p in apart.pieces if p.needs and not p.text.startswith(marked)]
    if not longer:
        return apart
    others = (p for p in apart.pieces[1:] if p not in longer)
    pieces = (*(replace(p, needs="") for p in longer), *others)
    return replace(apart, pieces=pieces, town="")


def _is_given_name(piece: Piece) -> bool:
    """Whether a piece is a given name, or one and the father's, without a family name."""
    form = form_of(words_of(clean(piece.text)), True)
    if form is None or not form.tokens:
        return False
    first, *others = form.tokens
    zones = _zones_of_given_names().get(first, ())
    return any(all(word in zone.father for word in others) for zone in zones)


@cache
def _zones_of_given_names() -> dict[str, list[Zone]]:
    """Return the zones in which a word is a given name."""
    out: dict[str, list[Zone]] = {}
    for zone in people().zones.values():
        for word, share in zone.given.items():
            if share >= _GIVEN:
                out.setdefault(word, []).append(zone)
    return out


def readings(
    name: str,
    schema: str | None,
    vocabulary: dict[str, int],
    listed: Container[str] = frozenset(),
    words: frozenset[str] = frozenset(),
) -> tuple[Reading, ...]:
    """The readings of a name field.

    One that is, whole, a name of ``listed`` (plain texts) is compared whole before it is taken
    apart; ``words``: those of listed names as they are written.
    """
    said = party_class(schema)
    may_be_either = said == PERSON_OR_FIRM
    if may_be_either:
        said = None
    field = field_segments(name)
    found: dict[tuple[tuple[str, ...], bool], Reading] = {}
    for piece in _pieces(name, field.pieces, said, listed):
        # What a vessel's mark stands before is a vessel, but for a firm named beside it.
        vessel = said is None and field.vessel and not legal_span(piece.text)
        cls = VESSEL if vessel else said
        piece = _with_places_next_to(piece, name)
        # A listed name may be made of words of trade alone: Bank Melli is the National Bank.
        is_listed = _plain(piece.text) in listed
        if cls != PERSON and not is_listed and _leaves_trade_alone(piece):
            continue
        cost = _cost_of(piece)
        needs = _needed_tokens(piece)
        for reading in _of_piece(piece.text, cost, cls, vocabulary, words, listed):
            key = (reading.form.tokens, reading.form.part)
            if key not in found:
                found[key] = _as_in_field(reading, piece, needs)
    stateless = [*_stateless([*found.values()], said, vocabulary, words, listed)]
    # A body without its state is that reading, and no piece that was cut out of the field.
    bodies = {reading.form.tokens for reading in stateless}
    out = [r for r in found.values() if r.sole or r.form.tokens not in bodies]
    out += stateless
    if may_be_either:
        out = [_as_person_or_firm(reading) for reading in out]
    return tuple(out)


def _cost_of(piece: Piece) -> float:
    """Return what it costs to read a piece of a field alone; nothing if it is all of the name."""
    if piece.sole:
        return 0.0
    one_word = piece.fragment and " " not in piece.text and not has_han(piece.text)
    return parameter("one_word_piece" if one_word else "part_piece")


def _needed_tokens(piece: Piece) -> frozenset[str]:
    """Return the tokens of the place beside a piece, which a listed name must have."""
    if not piece.needs:
        return frozenset()
    first = forms(piece.needs, False)[:1]
    return frozenset(token for form in first for token in form.tokens if token != ARTICLE)


def _with_places_next_to(piece: Piece, field: str) -> Piece:
    """Return a piece with the places that no mark parts from it in the field."""
    if piece.before or piece.behind:
        return piece
    before, behind = _places_next_to(piece.text, field)
    return replace(piece, before=before, behind=behind)


def _leaves_trade_alone(piece: Piece) -> bool:
    """Return whether a piece names nobody because what was left out said who it is: without the
    place before or behind it, or a word such as group, it only says in what trade a firm is.
    """
    if not (piece.kindless or piece.before or piece.behind):
        return False
    form = next(iter(forms(piece.text, False)), None)
    if form is None:
        return False
    words = zip(form.tokens, form.written or ("",) * len(form.tokens), strict=False)
    return all(names_trade(token, word) and not _names_state(word) for token, word in words)


def _names_state(written: str) -> bool:
    """Return whether a word of a form names a state, which words of industry may do too."""
    places = places_of(written.lstrip("".join(INDUSTRY)))
    return any(place.kind == STATE for place in places)


def _as_in_field(reading: Reading, piece: Piece, needs: frozenset[str]) -> Reading:
    """Return a reading with what its piece is in the field."""
    return replace(
        reading,
        sole=piece.sole,
        fragment=piece.fragment,
        loose=piece.loose,
        kindless=piece.kindless,
        before=piece.before,
        behind=piece.behind,
        needs=needs,
    )


def _as_person_or_firm(reading: Reading) -> Reading:
    """Return a reading of which nothing says what it is as one of a person or a firm."""
    if reading.party_class != NOT_KNOWN:
        return reading
    return replace(reading, party_class=PERSON_OR_FIRM)


def _pieces(
    name: str, cut: Sequence[Piece], said: int | None, listed: Container[str]
) -> list[Piece]:
    """Return the pieces of a field to compare: a listed name that it is or has comes first."""
    pieces = [*cut]
    if said == PERSON and pieces and pieces[0].sole:
        pieces = pieces[:1]  # a person's name is not cut at its commas
    if _plain(name) in listed:
        return [Piece(" ".join(name.split()), True), *pieces]
    beside = listed_beside_places(name, listed)
    if beside:
        return [Piece(beside, True), *(piece for piece in pieces if piece.text not in beside)]
    return pieces


@lru_cache(maxsize=1 << 10)
def _places_next_to(name: str, field: str) -> tuple[str, str]:
    """Return the places before and behind a name in its field that no mark parts from it."""
    lines = " ; ".join(" ".join(line.split()) for line in field.splitlines())
    before, found, behind = lines.partition(name)
    if not found:
        return "", ""
    head = in_script_of(name, _PARTING.split(before)[-1]).split()
    tail = in_script_of(name, _PARTING.split(behind)[0]).split()
    heads = (" ".join(head[n:]) for n in range(len(head)))
    tails = (" ".join(tail[:n]) for n in range(len(tail), 0, -1))
    return next(filter(only_places, heads), ""), next(filter(only_places, tails), "")


def _stateless(
    read: Sequence[Reading],
    cls: int | None,
    vocabulary: dict[str, int],
    words: frozenset[str],
    listed: Container[str],
) -> Iterator[Reading]:
    """Yield readings of a body's name without its state.

    Bodies of several states have one name; a list may give the state in another column.
    """
    whole = next((reading for reading in read if reading.sole and not reading.needs), None)
    if whole is None or not states_in_name(whole.text) or not is_kind_of_body(whole.text):
        return
    text = without_states(whole.text)
    if " " not in text:
        return
    for reading in _of_piece(text, 0.0, cls, vocabulary, words, listed):
        yield replace(reading, stateless=True)


def _is_no_person(piece: str) -> bool:
    """Return whether a name is made as no person's is: by its length in Han, or an Arabic plural."""
    return names_many(piece) or (has_han(piece) and not may_be_person(piece))


def _of_piece(
    piece: str,
    cost: float,
    cls: int | None,
    vocabulary: dict[str, int],
    known: frozenset[str],
    listed: Container[str],
) -> Iterator[Reading]:
    """The readings of one piece."""
    if cls is None and _is_no_person(piece):
        cls = ORGANISATION
    read = [(f, cost) for f in forms(piece, cls == PERSON)]
    with_initials: tuple[Form, ...] = ()
    if cls is None and not is_firms(piece):
        with_initials = forms(piece, True)
        read += [(f, cost) for f in with_initials]
    if read and not has_han(piece):
        extra = cost + parameter("respaced")
        if (anew := read_anew(piece, vocabulary)) != piece:
            read += [(f, extra) for f in forms(anew, cls == PERSON)]
        plain = read[0][0].plain
        read += [(f, extra) for f in merged(plain, cls == PERSON, known)]
        apart = run_apart(plain, vocabulary, known, listed)
        if apart and (form := form_of(apart, cls == PERSON)):
            read.append((form, extra))
    kind = NOT_KNOWN if cls is None else cls
    for form, price in read:
        yield Reading(
            form,
            kind,
            price,
            piece,
            respaced=price > cost,
            without_initials=any(_leaves_initials(form, of) for of in with_initials),
        )
    if read and not has_han(piece):
        for form, halves in split_in_two(plain, cls == PERSON, vocabulary, known):
            yield Reading(form, kind, extra, piece, respaced=True, halves=halves)


def _leaves_initials(form: Form, of_person: Form) -> bool:
    """Return whether a reading has the words of a person's name without some of the initials."""
    left_out = {*of_person.tokens} - {*form.tokens}
    added = {*form.tokens} - {*of_person.tokens}
    return bool(left_out) and not added and all(len(token) == 1 for token in left_out)


def listed_beside_places(name: str, listed: Container[str]) -> str:
    """Return the listed name of several words that a field has with places alone before or behind
    it; '' for none.

    The tagger may take a word of such a name for a place (``Air Koryo, Pyongyang``).
    """
    words = name.split()
    if not 2 < len(words) <= _MOST_BESIDE or (states_in_name(name) and is_kind_of_body(name)):
        return ""  # the state of a ministry or the like belongs to its name
    for size in range(len(words) - 1, 1, -1):
        for kept, others in (
            (words[:size], words[size:]),
            (words[-size:], words[:-size]),
        ):
            text = " ".join(kept).strip(_EDGES)
            beside = " ".join(others)
            if _plain(text) not in listed or not only_places(beside) or only_places(text):
                continue
            if not (_names_people(text) and _names_people(beside)):
                return text
    return ""


def _names_people(text: str) -> bool:
    """Return whether people are known to bear every word of a text: Hassan is a town and a name."""
    form = form_of(words_of(clean(text)), True)
    return form is not None and bool(form.tokens) and all(map(people().bear, form.tokens))


#: What a scanner takes for what: the letters that may have stood there.
_MISREAD = {
    "0": "oо",
    "1": "li",
    "2": "z",
    "3": "eз",
    "4": "ч",
    "5": "s",
    "6": "bб",
    "8": "bв",
    "rn": "m",
    "cl": "d",
    "li": "u",
    "vv": "w",
}
_SCANNED = re.compile(
    r"(?<!\w)(?=\w*(?:[01234568]|rn|cl|li|vv))(?=(?:\d*[^\W\d_]){2})\w+(?!\w)", re.IGNORECASE
)
#: Places of a word that may be misread, at most.
_MOST_MISREAD = 3
#: Letters of the shortest word without digits that may be misread.
_SHORTEST_SCANNED = 5


def read_anew(text: str, vocabulary: dict[str, int]) -> str:
    """The text as it stood before a scanner misread it: digits inside a word (``ELECTR0NICS``),
    `rn` for m and the like (``ADARNA``), where listed names have the word so. Else as it is.
    """
    return _SCANNED.sub(lambda m: _lettered(m[0], vocabulary), text)


def _lettered(word: str, vocabulary: dict[str, int]) -> str:
    found = [word.casefold()]
    cyrillic = has_cyrillic(word)
    if _is_word(found[0], vocabulary) or (word.isalpha() and len(word) < _SHORTEST_SCANNED):
        return word
    for wrong, letters in _MISREAD.items():
        for _ in range(min(found[0].count(wrong), _MOST_MISREAD)):
            found += [
                f.replace(wrong, c, 1)
                for f in found
                for c in letters
                if has_cyrillic(c) == cyrillic
            ]
            found = [*dict.fromkeys(found)][:32]
    return next((x for x in found[1:] if x.isalpha() and _is_word(x, vocabulary)), word)


def _is_word(text: str, vocabulary: dict[str, int]) -> bool:
    """Whether it is a word of listed names, or of a legal form."""
    word = " ".join(words_of(clean(text)))
    return _known(word, vocabulary) or skeleton(word) in legal_phrases().keys


def merged(plain: str, person: bool, known: frozenset[str]) -> Iterator[Form]:
    """Yield a reading with words run together, where the listed names have them so."""
    words = plain.split()
    if len(words) > _MOST_RESPACED:
        return
    out = words[:1]
    for word in words[1:]:
        if len(together := out[-1] + word) >= _SHORTEST_JOINED and together in known:
            out[-1] = together
        else:
            out.append(word)
    if len(out) != len(words) and (form := form_of(out, person)):
        yield form


def split_in_two(
    plain: str, person: bool, vocabulary: dict[str, int], known: frozenset[str]
) -> Iterator[tuple[Form, frozenset[str]]]:
    """Yield a reading with words split, where listed names have both halves, and the tokens of
    these: a listed name that has one of them alone is no reason to split a word.
    """
    words = plain.split()
    if len(words) > _MOST_RESPACED:
        return
    parts = [_halves(word, vocabulary, known) for word in words]
    split = [half for halves in parts for half in halves]
    form = form_of(split, person) if len(split) != len(words) else None
    if form is None:
        return
    halves = [half for part in parts if len(part) > 1 for half in part]
    tokens = frozenset(token for half in halves for token in _tokens(half))
    yield form, tokens & {*form.tokens} - generic()


#: Letters of the shortest word that may be a whole listed name run together, and of the longest.
_SHORTEST_NAME, _LONGEST_NAME = 8, 40
#: Ways of cutting a word into listed words that are tried.
_MOST_CUTS = 200


def run_apart(
    plain: str, vocabulary: dict[str, int], known: frozenset[str], listed: Container[str]
) -> list[str]:
    """Return the words of a listed name that is run together in a field of one word, as in
    ``mahanair`` or ``mellibankplc``; none where no listed name is.
    """
    fits = _SHORTEST_NAME <= len(plain) <= _LONGEST_NAME
    if not fits or not plain.isalpha() or _known(plain, vocabulary):
        return []
    cuts = islice(_cuts(plain, known), _MOST_CUTS)
    return next((words for words in cuts if " ".join(words) in listed), [])


def _cuts(word: str, known: frozenset[str]) -> Iterator[list[str]]:
    """Yield the ways in which a word may be cut into words of listed names, the longest first."""
    for end in range(len(word), 1, -1):
        head = word[:end]
        if head not in known and not only_form(head):
            continue
        if end == len(word):
            yield [head]
        else:
            yield from ([head, *rest] for rest in _cuts(word[end:], known))


@lru_cache(maxsize=1 << 15)
def _key(word: str) -> str:
    return stem(skeleton(word))


def _known(word: str, vocabulary: dict[str, int]) -> bool:
    return _key(word) in vocabulary or vocabulary.keys() >= _tokens(word)


@lru_cache(maxsize=1 << 15)
def _tokens(word: str) -> frozenset[str]:
    """Return the tokens of a word; those of a word of industry are of its meaning."""
    form = form_of([word], False)
    return frozenset(form.tokens) if form else frozenset((word,))


def _halves(word: str, vocabulary: dict[str, int], known: frozenset[str]) -> list[str]:
    """A word that no listed name has, as a legal form and one that listed names have, or as two of
    these, the evenest; itself where there are none.
    """
    if len(word) < _SHORTEST_JOINED or not word.isalpha() or _known(word, vocabulary):
        return [word]
    halves = [[word[:cut], word[cut:]] for cut in range(3, len(word) - 2)]
    names = [x for x in halves if known.issuperset(x) and not any(map(only_form, x))]
    glued = [
        [head, tail]
        for head, tail in halves
        for form, name in ((head, tail), (tail, head))
        if name in known and len(name) > 3 and only_form(form) and not only_form(name)
    ]
    return glued[0] if glued else max(names, key=lambda x: min(map(len, x)), default=[word])
