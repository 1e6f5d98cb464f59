# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are lists of words, one a line
"""What stands in a name field, taken apart: names to be compared, numbers, a date of birth.

Consignment files carry in the name field what has no column of its own: a telephone, a tax number,
a ship's number, ATTN and C/O, a branch, the postal address. Numbers and dates that mean something
are kept (``numbers``, ``born``). The words that are left are tagged
(:mod:`bilat.parties.names.tagging`): names are compared, a place beside a name says where the party
is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape

from bilat.formats.parties.identifiers import is_inn, is_lei, is_ogrn, is_uscc
from bilat.parties.names.legal import (
    left_out,
    legal_span,
    legal_words,
    only_form,
    only_kind_and_place,
)
from bilat.parties.names.places import folded, place_matches, places_of
from bilat.parties.names.script import has_cyrillic, has_han, letters
from bilat.parties.names.tagging import (
    ADDRESS,
    NAME,
    OTHER,
    PAPER,
    STATE,
    TOWN,
    Tagged,
    Word,
    is_common,
    may_be_paper,
    tag,
)
from bilat.parties.names.tokens import is_empty, spellings, words_of

#: Characters of a name field that are read.
LONGEST = 600
#: Pieces of one field that are compared, the whole included.
MOST_PIECES = 9
#: Words of a piece beyond which it is prose.
_LONGEST_PIECE = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """A name in a field.

    ``sole``: it is all of the field that is a name. ``fragment``: it is cut out of a name.
    ``needs``: a place that the field has next to the name, and that a listed name must have too.
    ``loose``: only a comma, or nothing, stands between it and the next name, so that both may be
    one. ``kindless``: a word such as movement was left out, which counts only where no listed name
    has it. ``before`` and ``behind``: the places that were cut off it although no mark parts them
    from it.
    """

    text: str
    sole: bool = False
    fragment: bool = False
    needs: str = ""
    loose: bool = False
    kindless: bool = False
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class FieldSegments:
    """A name field taken apart."""

    pieces: tuple[Piece, ...]
    town: str = ""  # the first town next to the names
    numbers: tuple[tuple[str, str], ...] = ()  # kind or label, value
    born: str = ""
    address: str = ""  # what stands where an address may
    vessel: bool = False


_LABELS = {
    "inn": r"инн|inn|i\.n\.n\.", "ogrn": r"огрнип|огрн|ogrnip|ogrn", "kpp": r"кпп|kpp", "imo": r"imo|имо",
    "mmsi": r"mmsi", "swift": r"swift(?:/bic)?|bic|свифт", "uscc": r"uscc|统一社会信用代码|社会信用代码", "lei": r"lei",
    "tax": r"tax(?:payer)?|tin|vat|унп|едрпоу|edrpou|eori", "registration": r"reg(?:istration|\.)?|company|okpo|окпо",
    "passport": r"passport|p\s?/\s?p|паспорт|ausweis|reisepass",
}  # fmt: skip
_NUMBERED = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<{kind}>{p})" for kind, p in _LABELS.items())
    + r")(?![^\W\d_])"
    r"(?:\s*(?:code|reg|id|no|nr|number|series|серии)\b\.?)*\s*[:.\-–/№#]*\s*"
    r"(?P<value>[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?(?![^\W_])|[A-Za-zА-Яа-я]{0,6}\d[\dA-Za-z]*(?:[ \-/]\d+)*)",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?:e-?mail|почта)?[:\s]*[\w.+\-]+@[\w\-]+\.[\w.\-]+|https?://\S+|www\.\S+", re.IGNORECASE
)
#: What only a field with one of these has.
_DIGIT = re.compile(r"\d")
_MAIL_MARKS = re.compile(r"@|http|www", re.IGNORECASE)
_BANK_CODE = re.compile(r"swift|bic|свифт", re.IGNORECASE)
#: What a system marks a row with and a page wraps a name in: tags in brackets of their own, stars.
_TAG = re.compile(r"\[[^\[\]]{0,40}\]|\{[^{}]{0,40}\}|<[^<>]{0,40}>|\*{2,}(?:[^*]{0,40}\*{2,})?")
#: Terms of delivery (Incoterms, those that are no word of a language) with their place, at the end of a field.
_TERMS = re.compile(
    r"(?<=\S)[\s,(\-–]+(?:EXW|FCA|CPT|CIP|DAP|DPU|DDP|DDU|FOB|CFR|CIF)\s+[^\W\d_][^\W\d_.\-]*(?:[ \-][^\W\d_][^\W\d_.\-]*){0,2}\)?\s*$"
)
_DATE = r"(?P<d>\d{1,2}[./\- ]\d{1,2}[./\- ]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}\s+[^\W\d_]{3,9}\.?\s+\d{4}|\d{4})"
_BORN = re.compile(
    r"(?<![^\W_])(?:d\.?\s?o\.?\s?b\.?|date of birth|birth\s?date|born(?:\s+on)?|дата рождения|род(?:\.|ился|илась)|"
    rf"д\.?\s?р\.?|出生|生于)\s*[:.\-]*\s*{_DATE}|{_DATE.replace('?P<d>', '?P<e>')}\s*(?:г\.?\s?р\.?|года рождения)",
    re.IGNORECASE,
)
#: A whole date in brackets at the end of a name, which has no other.
_BORN_BEHIND = re.compile(
    r"(?<=\w)\s*\(\s*(?P<d>\d{1,2}[./\-]\d{1,2}[./\-]\d{4}|\d{4}-\d{2}-\d{2}|"
    r"\d{1,2}\s+[^\W\d_]{3,9}\.?\s+\d{4})\s*\)\s*$"
)
_VESSEL = re.compile(
    r"(?<![^\W_])(?:m\s?/\s?v|m\.v\.|mv|m\s?/\s?t|s\s?/\s?s|f\s?/\s?v|т\s?/\s?х|теплоход|motor vessel|vessel)(?![^\W_])[.:\s]*",
    re.IGNORECASE,
)
#: What papers put before a name, whoever it names.
_ADDRESSED = re.compile(
    r"^(?:to (?:the )?order of\s*[:：]?\s*|"
    r"(?:bill(?:ed)?|sold|sell|ship(?:ped)?|deliver(?:ed|y)?|invoiced?|remit|pay(?:able)?|"
    r"consigned|addressed) to\s*[:：]?\s+|"
    r"m\s?/\s?s\.?\s+|(?:firma|fa\.|ditta|фирма|messrs)(?:\.\s*|\s+))+",
    re.IGNORECASE,
)
#: Titles of persons. Without a full stop they may be a firm's name: ING Bank.
_TITLE = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|madam|mme|herr|frau|dr|eng|ing|prof|sir|"
    r"g-n|г-н|г-жа|господин|госпожа|гр|гражданин)"
    r"(?:\.\s*|\s+))+",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w])(?:\d{10}|\d{12}|\d{13}|\d{15}|[0-9A-Z]{18}|[0-9A-Z]{20})(?![\w])")
# What only a browser or a spreadsheet reads: a letter by its number or name, a link.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_LINK = re.compile(r"""^\s*=\s*HYPERLINK\s*\(.*[,;]\s*"([^"]+)"\s*\)\s*$""", re.IGNORECASE)
#: The number of a line or an item (``1/X``, ``8) X``); a word that stands before a number.
_ITEM = re.compile(r"(?<![^\s;])\d{1,3}\s?[/).:]\s*(?=[^\W\d_]{2})")
_NUMBER_SIGN = re.compile(r"(?:no|nr|number|№|#)\W*", re.IGNORECASE)
#: Words at the end of a field, at most, that stand from a number on.
_MOST_NUMBERED = 8
#: Chance of a place in a name from which on the name is compared without it too.
_DOUBT = 0.12
#: What only a field has that is more than a name: a mark or a digit.
_NOT_BARE = re.compile(r"[\d,;:|/\\()\[\]\n：，；（）【】]|\s[\-–—]+\s|[㐀-鿿]\s|\s[㐀-鿿]")
#: Where an address may stand: from the first mark or number on, if there is a number.
_PLACED = re.compile(r"(?:[,;:](?=.*\d)|(?<!\S)\S*\d).*")
_CUTS = re.compile(
    r"\s*(?:,|;|\||[:：](?=\s)|：|\s[\-–—/]\s)\s*|(?<=[㐀-鿿])\s+(?=[^\W㐀-鿿])|(?<=[^\W㐀-鿿])\s+(?=[㐀-鿿])"
)
_CUT, _EDGES = " , ", " \t,;:|/\\-–—.#№"
# What closes a name off from the words around it.
_QUOTED = re.compile(r"[«“„\"‘‹](?=[^\W_])([^«»“”„\"‘’‹›]{3,120})[»”“\"’›](?![^\W_])")
_AND = re.compile(r"[&+/]|and|und|et|и", re.IGNORECASE)
#: Words before or after a name with its legal form that are left out at most.
_MOST_BESIDE = 7
#: What stands in a field of names and names nobody.
_NOBODY = re.compile(
    r"\W*(?:n\W?a|none|nil|null|unknown|various|(?:to )?(?:the )?order|same(?: as \w+)?|t\W?b\W?[acd]|as agreed|нет|неизвестно|б/н)?\W*|0+",
    re.IGNORECASE,
)


def names_nobody(text: str) -> bool:
    """Whether a field of names is empty, or says that nobody is named (``N/A``, ``TO ORDER``)."""
    return not any(map(str.isalnum, text)) or _NOBODY.fullmatch(text) is not None


def has_digits_alone(text: str) -> bool:
    """Return whether a field of names has digits and no letter: an amount, a code, a number."""
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


class _Taker:
    """Takes numbers out of a text, and keeps them."""

    def __init__(self) -> None:
        self.numbers: list[tuple[str, str]] = []

    def number(self, match: re.Match[str]) -> str:
        kind = next(k for k in _LABELS if match[k] is not None)
        value = match["value"]
        return self._kept(
            kind if kind == "swift" or sum(map(str.isdigit, value)) > 3 else "", value, match[0]
        )

    def bare(self, match: re.Match[str]) -> str:
        tests = (("inn", is_inn), ("ogrn", is_ogrn), ("uscc", is_uscc), ("lei", is_lei))
        return self._kept(next((k for k, test in tests if test(match[0])), ""), match[0], match[0])

    def _kept(self, kind: str, value: str, text: str) -> str:
        if not kind:
            return text
        self.numbers.append((kind, value))
        return _CUT


def segment_field(name: str) -> FieldSegments:
    """The names, numbers and date that stand in a name field; a plain name comes back whole."""
    written = _LINK.sub(r"\1", name[:LONGEST]).strip()
    if "&" in written:
        written = _ENTITY.sub(lambda m: unescape(m[0]), written).strip()
    lines = " ; ".join(
        " ".join(x.split()) for line in written.splitlines() for x in line.split("\t")
    )
    written = _once(" ".join(written.split()))
    lines = _once(_ITEM.sub(_CUT, lines))
    if names_nobody(written):
        return FieldSegments(())
    taker = _Taker()
    born, text = _without_numbers_and_dates(lines, taker)
    text = _TERMS.sub(_CUT, _TAG.sub(_CUT, text)).strip(_EDGES)
    placed = _PLACED.search(text)
    marked = _VESSEL.match(text)
    pieces, town = _pieces(text[marked.end() :] if marked else text)
    if not pieces or (pieces[0].sole and letters(pieces[0].text) == letters(written)):
        # as written: its punctuation tells readings apart
        needs = pieces[0].needs if pieces else ""
        pieces = [Piece(written, True, needs=needs), *pieces[1:]]
    # A number alone is a word of the name: Adrian Darya 1.
    address = placed[0] if placed and any(map(str.isalpha, placed[0])) else ""
    return FieldSegments(
        tuple({(p.text, p.needs): p for p in reversed(pieces)}.values())[::-1][:MOST_PIECES],
        town,
        tuple(dict.fromkeys(taker.numbers)),
        born,
        address,
        bool(marked) or any(k == "imo" for k, _ in taker.numbers),
    )


def _without_numbers_and_dates(text: str, taker: _Taker) -> tuple[str, str]:
    """Return a date of birth that a field has, and the rest of the field.

    Addresses of mail and pages are out of it, and the numbers that ``taker`` keeps. What has none
    of the letters and digits of these is spared the search.
    """
    has_digits = _DIGIT.search(text) is not None
    born = ""
    if has_digits and (match := _BORN.search(text)):
        born = match["d"] or match["e"] or ""
        text = _BORN.sub(_CUT, text, count=1)
    elif has_digits and (match := _BORN_BEHIND.search(text)):
        born = match["d"]
        text = text[: match.start()]
    if _MAIL_MARKS.search(text):
        text = _MAIL.sub(_CUT, text)
    if has_digits or _BANK_CODE.search(text):
        text = _NUMBERED.sub(taker.number, text)
    return born, _BARE.sub(taker.bare, text) if has_digits else text


def _without_numbers(text: str) -> list[str]:
    """The name without what stands at its end from a number on (``X Kunden-Nr. 581``, ``X 204
    kg``), at its beginning up to one (``2 CTNS X``), or both, whatever it says: without the words
    to the number, and without one word more.
    """
    words = text.replace("_", " ").split()
    numbered = [n for n, w in enumerate(words) if _is_numbered(w)]
    last = next((n for n in numbered if n and len(words) - n <= _MOST_NUMBERED), None)
    if last == len(words) - 1 and words[last].isdigit() and len(words[last]) < 3:
        last = None  # `Arctic LNG 2` is no other
    first = next((n for n in reversed(numbered) if n < 3), None)
    ends = [last, last - 1] if last else []
    cuts = (
        [words[first + 1 : end] for end in ends]
        if first is not None and last and first < last
        else []
    )
    cuts += [words[:end] for end in ends]
    cuts += [words[first + 1 :], words[first + 2 :]] if first is not None else []
    return [x for x in map(" ".join, cuts) if _says_something(x)]


def _is_numbered(word: str) -> bool:
    """Whether a word is a number, its sign, or a number with a unit (``20ft``); a digit in a word
    (``LIM1TED``) is not.
    """
    letters_of = sum(map(str.isalpha, word))
    digits = sum(map(str.isdigit, word))
    return letters_of <= 4 * digits if digits else _NUMBER_SIGN.fullmatch(word) is not None


@lru_cache(maxsize=1 << 10)
def _once(text: str) -> str:
    """A name that appears twice in its field, once; so the words of one that are written twice.

    Two initials may be the same (``V. V. Putin``).
    """
    words = text.split()
    half = len(words) // 2
    if half and text[: len(text) // 2].casefold() == text[-(len(text) // 2) :].casefold():
        words = words[:half]
    of = [*map(letters, words)]
    each = [
        w for w, x, before in zip(words, of, ["", *of], strict=False) if x != before or len(x) < 2
    ]
    return " ".join(each if len(set(of)) > 1 else words)


def _pieces(text: str) -> tuple[list[Piece], str]:
    """Return the names in a field from which numbers and dates are out, the principal one first,
    and a town.
    """
    if _is_bare(text):
        names, town = [[Piece(text, True)]], ""
    else:
        names, town = _tagged_pieces(text)
    out = [p for of in names for p in of]
    several = len(names) > 1
    read = []
    for piece in out:
        for bare in _without_title(piece.text):
            read.append(replace(piece, text=bare, sole=piece.sole and not several))
    more = []
    for piece in read:
        if not piece.needs:
            parts = (*_chunks(piece.text), *_closed_off(piece.text), *_without_numbers(piece.text))
            alone = piece.sole and not several
            more += [Piece(x, alone, kindless=True) for x in _without_kind(piece.text)]
            firms = _without_firm(piece.text)
            more += [Piece(x, loose=True, kindless=True) for x in firms]
            more += [Piece(x, fragment=True) for x in parts if x != piece.text and not _is_place(x)]
    return [p for p in (*read, *more) if len(p.text.split()) <= _LONGEST_PIECE], town


def _without_title(text: str) -> list[str]:
    """Return a name without the words that papers put before it, and with those that may be its
    own: `ING Bank` is no engineer named Bank.
    """
    text = _ADDRESSED.sub("", text)
    found = _TITLE.match(text)
    names = [text]
    if found:
        rest = text[found.end() :]
        if "." in found[0]:
            names = [rest]
        elif not generic_words(rest.split(",")[0]):
            names = [rest, text]
    return [bare for name in names if (bare := name.strip(_EDGES))]


def _is_bare(text: str) -> bool:
    """Return whether a field has no mark, number, place or paper: it is a name and nothing else."""
    if _NOT_BARE.search(text):
        return False
    keys = [folded(w) for w in text.split()]
    if len(keys) == 1:
        return True
    return not may_be_paper(keys) and not place_matches(keys, [False] * len(keys))


def _tagged_pieces(text: str) -> tuple[list[list[Piece]], str]:
    """Return, for each name that the tagger finds, the name and its variants; and the first town."""
    found = tag(text)
    words = found.words
    runs = _runs(found.tags, words)
    named = [run for run in runs if run.tag in (NAME, OTHER)]
    if not named:  # every field has a name
        spans = [(words[m.first].start, words[m.after - 1].end) for m in found.places[:1]]
        places = [Piece(text[start:end], fragment=True) for start, end in spans]
        return [[Piece(text.strip(_EDGES), True), *places]], ""
    town = next((text[r.start(words) : r.end(words)] for r in runs if r.tag == TOWN), "")
    out = []
    for run in named:
        name = _slice(text, words, run.first, run.after)
        if generic_words(name):
            # Kinds of firms name nobody: they take back the place that touches them.
            first, after = _with_places(text, runs, run, words)
            towns = [r for r in runs if r.tag == TOWN and first <= r.first < after]
            needs = next((_slice(text, words, r.first, r.after) for r in towns), "")
            # A word that is rather a kind of body is needed no more than the others.
            needs = "" if generic_words(needs) or only_form(name) else needs
            out.append([Piece(_slice(text, words, first, after), True, needs=needs)])
            continue
        loose = _runs_on(runs, run, words)
        before, behind = _places_beside(text, words, runs, run)
        variants = [Piece(name, True, loose=loose, before=before, behind=behind)]
        variants += _longer(text, words, runs, run)
        variants += _with_words_of_address(text, words, runs, run)
        variants += _shorter(text, found, run)
        out.append(variants)
    return out, town


def _places_beside(
    text: str, words: Sequence[Word], runs: Sequence[_Run], run: _Run
) -> tuple[str, str]:
    """Return the places before and behind a name that no mark parts from it; Han and another script
    are parted.
    """
    at = runs.index(run)
    first = run.first
    after = run.after
    for other in reversed(runs[:at]):
        if other.tag not in (TOWN, STATE) or words[first].mark:
            break
        first = other.first
    for other in runs[at + 1 :]:
        if other.tag not in (TOWN, STATE) or words[other.first].mark:
            break
        after = other.after
    before = text[words[first].start : words[run.first].start]
    behind = text[words[run.after - 1].end : words[after - 1].end]
    name = _slice(text, words, run.first, run.after)
    return in_script_of(name, before), in_script_of(name, behind)


def in_script_of(name: str, words: str) -> str:
    """Return words without those in Han beside a name in another script, and the other way round."""
    return " ".join(word for word in words.split() if has_han(word) == has_han(name))


#: Marks that part one party from the next.
_PARTS = frozenset(("newline", "semicolon", "slash"))


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of one tag."""

    tag: str
    first: int
    after: int

    def start(self, words: Sequence[Word]) -> int:
        return words[self.first].start

    def end(self, words: Sequence[Word]) -> int:
        return words[self.after - 1].end


def _runs(tags: Sequence[str], words: Sequence[Word]) -> list[_Run]:
    """Return the runs of words of one tag; a line, a semicolon and a slash end a name."""
    starts = [
        n
        for n in range(len(tags))
        if n == 0 or tags[n] != tags[n - 1] or _ends_at(words, n, tags[n])
    ]
    ends = [*starts[1:], len(tags)]
    return [_Run(tags[a], a, b) for a, b in zip(starts, ends, strict=True)]


def _ends_at(words: Sequence[Word], n: int, tag_of: str) -> bool:
    """Return whether the mark before a word ends a run; that of a legal form (A/S) does not."""
    if words[n].mark not in _ends_run(tag_of):
        return False
    return words[n].mark != "slash" or not only_form(f"{words[n - 1].text}/{words[n].text}")


def _ends_run(tag_of: str) -> frozenset[str]:
    """Return the marks that end a run: a name may go on behind a comma, a place never does."""
    ends = frozenset(("newline", "semicolon", "slash"))
    return ends | {"comma", "dash", "bracket", "colon"} if tag_of in (TOWN, STATE) else ends


def _slice(text: str, words: Sequence[Word], first: int, after: int) -> str:
    """Return the text of some words with the marks that close them."""
    start = words[first].start
    end = words[after - 1].end
    stop = words[after].start if after < len(words) else len(text)
    while end < stop and text[end] in ".)]»”\"'’）】":
        end += 1
    while start and text[start - 1] in '(«“„"（' and (not first or start > words[first - 1].end):
        start -= 1
    piece = text[start:end]
    return (
        piece.strip(_EDGES + "()[]")
        if piece.count("(") != piece.count(")")
        else piece.strip(_EDGES.replace(".", ""))
    )


def _longer(text: str, words: Sequence[Word], runs: Sequence[_Run], run: _Run) -> list[Piece]:
    """Return a name with the place beside it, which may be a part of the name (``Ivanov, Ivan``)."""
    at = runs.index(run)
    out = []
    for other in (at - 1, at + 1):
        if not 0 <= other < len(runs) or runs[other].tag not in (TOWN, STATE):
            continue
        place = runs[other]
        first = min(run.first, place.first)
        longer = _slice(text, words, first, max(run.after, place.after))
        out.append(Piece(longer, True, needs=text[place.start(words) : place.end(words)]))
    return out


def _with_words_of_address(
    text: str, words: Sequence[Word], runs: Sequence[_Run], run: _Run
) -> list[Piece]:
    """Return a name with the words of an address that touch it, up to its first number.

    No mark tells where the name ends: ``Make the Road New York 92-10 Roosevelt Avenue``.
    """
    after = run.after
    for other in runs[runs.index(run) + 1 :]:
        if other.tag not in (ADDRESS, TOWN):
            break
        while after < other.after and not words[after].mark and not _is_numbered(words[after].text):
            after += 1
        if after < other.after:
            break
    longer = after > run.after and ADDRESS in {r.tag for r in runs if run.after <= r.first < after}
    return [Piece(_slice(text, words, run.first, after), True)] if longer else []


def _runs_on(runs: Sequence[_Run], run: _Run, words: Sequence[Word]) -> bool:
    """Return whether only a comma, a number or nothing stands between a name and the one next to
    it.
    """
    at = runs.index(run)
    names = [n for n, other in enumerate(runs) if other.tag in (NAME, OTHER)]
    for n in names:
        if n == at or any(min(n, at) < k < max(n, at) for k in names):
            continue
        first, last = sorted((n, at))
        between = runs[first + 1 : last]
        firsts = [other.first for other in (*between, runs[last])]
        marks = {words[k].mark for k in firsts if not _is_tight(words, k)}
        if not any(other.tag == PAPER for other in between) and not marks & _PARTS:
            return True
    return False


def _is_tight(words: Sequence[Word], n: int) -> bool:
    """Return whether a mark without a blank joins a word to the one before: ``Pole/Zero``."""
    return n > 0 and words[n].start - words[n - 1].end == 1


def _with_places(
    text: str, runs: Sequence[_Run], run: _Run, words: Sequence[Word]
) -> tuple[int, int]:
    """Return the words of a name and of the places that touch it without a mark: one on each side,
    and behind a word that is rather a kind of body (``مرکزی``, central, is a region too) the next.
    """
    at = runs.index(run)
    first = run.first
    after = run.after
    if at and runs[at - 1].tag in (TOWN, STATE) and not words[run.first].mark:
        first = runs[at - 1].first
    for other in runs[at + 1 :]:
        if other.tag not in (TOWN, STATE) or words[other.first].mark:
            break
        after = other.after
        if not generic_words(text[other.start(words) : other.end(words)]):
            break
    return first, after


def _shorter(text: str, found: Tagged, run: _Run) -> list[Piece]:
    """Return a name without a place at its edge that the tagger has doubts about."""
    out = []
    for match in found.places:
        chance = max(found.place_chance[match.first : match.after])
        inside = run.first <= match.first and match.after <= run.after
        if not inside or chance < _DOUBT or match.after - match.first == run.after - run.first:
            continue
        # A place behind a mark is rather a place than a word of the name.
        if match.after == run.after:
            apart = bool(found.words[match.first].mark)
            rest = _slice(text, found.words, run.first, match.first)
            out.append(Piece(rest, apart, fragment=not apart))
        elif match.first == run.first:
            apart = bool(found.words[match.after].mark)
            rest = _slice(text, found.words, match.after, run.after)
            out.append(Piece(rest, apart, fragment=not apart))
    return [p for p in out if not generic_words(p.text)]


def _is_place(text: str) -> bool:
    """Return whether a text is a place and legal forms, and nothing else."""
    plain = text.split()
    kept = [w for w in plain if not only_form(w)]
    return bool(places_of(" ".join(kept)))


def generic_words(text: str) -> bool:
    """Return whether a text names nobody: legal forms and kinds of firms alone."""
    if only_form(text):
        return True
    plain = words_of(text)
    names = [w for w, legal in zip(plain, legal_words(plain), strict=True) if not legal]
    return all(is_empty(w) or is_common(w) for w in names) or only_kind_and_place(" ".join(plain))


def _chunks(text: str) -> list[str]:
    """Return the parts of a name between its commas; a legal form alone goes with the part before
    it.
    """
    out: list[str] = []
    for chunk in _CUTS.split(text):
        chunk = (
            chunk.strip(_EDGES + "()[]")
            if chunk.count("(") != chunk.count(")")
            else chunk.strip(_EDGES)
        )
        if not chunk:
            continue
        span = legal_span(chunk)
        if out and span and span == (0, len(chunk.split())):
            out[-1] += " " + chunk
        else:
            out.append(chunk)
    return [x for x in out if _says_something(x)] if len(out) > 1 else []


def _closed_off(text: str) -> list[str]:
    """The names in a text that their legal form or quotes close off."""
    quotes = [m for m in _QUOTED.finditer(text) if m[0] != text][:3]
    quoted = [" ".join([*filter(legal_span, text[: m.start()].split()[-1:]), m[1]]) for m in quotes]
    return [x for x in (*_by_form(text), *quoted) if _says_something(x)]


#: Words of the longest name that its kind, a movement, is left out of.
_LONGEST_NAMED = 4


def _without_kind(text: str) -> list[str]:
    """Return a short name without the kind of body beside it, which lists leave out: ``حركة حماس``
    is the movement Hamas.
    """
    words = text.split()
    if not 1 < len(words) <= _LONGEST_NAMED:
        return []
    out = []
    if _is_movement(words[0]):
        out.append(" ".join(words[1:]))
    if _is_movement(words[-1]):
        out.append(" ".join(words[:-1]))
    return [name for name in out if not generic_words(name)]


def _without_firm(text: str) -> list[str]:
    """Return a name without the word such as company behind it (``DJI Company``), which many
    firms' names have and lists may leave out.
    """
    words = text.split()
    if not 1 < len(words) <= _LONGEST_NAMED or not left_out(words[-1].casefold()):
        return []
    rest = " ".join(words[:-1])
    return [] if generic_words(rest) else [rest]


def _is_movement(word: str) -> bool:
    return word.casefold().removeprefix("ال") in spellings("movement")


def _says_something(text: str) -> bool:
    """Whether a text has a word that is no legal form."""
    return sum(c.isalnum() for c in text) >= 4 and not only_form(text)


def _by_form(text: str) -> list[str]:
    """The name up to its legal form, where words follow it (``Mikron JSC Zelenograd``: ``Mikron
    JSC``), and from it on, where words stand before a Russian or a bracketed one (``приказу ПАО
    Ромашка``: ``ПАО Ромашка``).
    """
    span = legal_span(text) if "," not in text else None  # what stands between commas is read apart
    words = text.split()
    if span is None:
        return []
    first, after = span
    out = []
    if first > 0 and 0 < len(words) - after <= _MOST_BESIDE:
        out.append(" ".join(words[:after]))
    opened = has_cyrillic(words[first]) or not words[first][0].isalnum()
    if 0 < first <= _MOST_BESIDE and after < len(words) and opened:
        out.append(" ".join(words[first:]))
    # What a conjunction joins to a legal form is another name: ``Arrow GmbH & Romashka JSC``.
    if after < len(words) - 1 and _AND.fullmatch(words[after]):
        out.append(" ".join(words[after + 1 :]))
    return out
