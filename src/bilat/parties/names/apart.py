# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are lists of words, one a line
"""What stands in a name field, taken apart: names to be compared, numbers, a date of birth.

Consignment files carry in the name field what has no column of its own: a telephone, a tax number, a ship's
number, ATTN and C/O, a branch, the postal address. Numbers and dates that mean something are kept (``numbers``,
``born``); what is left is cut where two parties are named (a comma, a semicolon, a line of its own ...) and where
numbers stand, and each piece is compared apart, the whole as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from bilat.formats.parties.identifiers import is_inn, is_lei, is_ogrn, is_uscc
from bilat.parties.names.legal import legal_span, only_form
from bilat.parties.names.script import has_cyrillic, letters

#: Characters of a name field that are read.
LONGEST = 600
#: Pieces of one field that are compared, the whole included.
MOST_PIECES = 9
#: Words of a piece beyond which it is prose.
_LONGEST_PIECE = 24


@dataclass(frozen=True, slots=True)
class Apart:
    """A name field taken apart."""

    pieces: tuple[str, ...]
    whole: bool = (
        False  # the first piece is the field without what is not a name, the others are parts of it
    )
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
_VESSEL = re.compile(
    r"(?<![^\W_])(?:m\s?/\s?v|m\.v\.|mv|m\s?/\s?t|s\s?/\s?s|f\s?/\s?v|т\s?/\s?х|теплоход|motor vessel|vessel)(?![^\W_])[.:\s]*",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:to (?:the )?order of\s*[:：]?\s*|(?:bill(?:ed)?|sold|sell|ship(?:ped)?|deliver(?:ed|y)?|invoiced?|remit|pay(?:able)?|consigned|addressed) to\s*[:：]?\s+|m\s?/\s?s\.?\s+|(?:firma|fa\.|ditta|фирма|mr|mrs|ms|miss|messrs|madam|mme|herr|frau|dr|eng|ing|prof|sir|g-n|г-н|г-жа|господин|госпожа|гр|гражданин)"
    r"(?:\.\s*|\s+))+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?<![^\W_])(?:c\s?/\s?o|c\.o\.|in care of|care of|t\s?/\s?a|p\s?/\s?a|trading as|d\s?/\s?b\s?/\s?a|dba|doing business as|o\s?/?\s?b\s?/?\s?o|o\s?/\s?b|"
    r"on behalf of|by order of|f\s?/?\s?b\s?/?\s?o|(?:for|on)(?: the)? acc(?:oun)?t\.? of|(?<=\w )via(?= \w+ \w)|notify(?: party)?|a\s?/\s?k\s?/\s?a|also known as|formerly(?: known as)?|"
    r"attn\.?|attention|for the attention of|z\.?\s?hd\.?|zu h(?:ä|ae)nden|à l'attention de|a la atenci[óo]n de|"
    r"(?:as |acting as )?(?:an? )?(?:agents?|nominees?|forwarders?|brokers?|trustees?) (?:for|of)|acting for|(?:for )?and on behalf of|per pro|вниманию|через|от имени|в лице|"
    r"(?:a )?(?:branch(?: office)?|subsidiary|division|affiliate|structural unit|part|member) of|филиал|дочернее предприятие|подразделение|представительство)(?![^\W_])[.:\s]*",
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


def cut(text: str) -> list[str]:
    """The pieces that marks and words such as ``c/o`` cut a field into; none where it is one."""
    if not (_CUTS.search(text) or _BETWEEN.search(text)):
        return []
    pieces = [c for side in _BETWEEN.split(text) for c in _chunks(side) if _says_something(c)]
    return pieces if len(pieces) > 1 else []


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


@lru_cache(maxsize=1 << 12)
def taken_apart(name: str) -> Apart:
    """The names, numbers and date that stand in a name field; a plain name comes back whole."""
    written = _ENTITY.sub(lambda m: unescape(m[0]), _LINK.sub(r"\1", name[:LONGEST])).strip()
    lines = " ; ".join(
        " ".join(x.split()) for line in written.splitlines() for x in line.split("\t")
    )
    written = _once(" ".join(written.split()))
    lines = _once(_ITEM.sub(_CUT, lines))
    if names_nobody(written):
        return Apart(())
    taker = _Taker()
    text = lines
    born = ""
    if match := _BORN.search(text):
        born = match["d"] or match["e"] or ""
        text = _BORN.sub(_CUT, text, count=1)
    text = _NUMBERED.sub(taker.number, _MAIL.sub(_CUT, text))
    text = _TERMS.sub(_CUT, _TAG.sub(_CUT, _BARE.sub(taker.bare, text))).strip(_EDGES)
    placed = _PLACED.search(text)
    marked = _VESSEL.match(text)
    pieces, whole = _pieces(text[marked.end() :] if marked else text)
    if not pieces or (whole and letters(pieces[0]) == letters(written)):
        # as written: its punctuation tells readings apart
        pieces = [written, *pieces[1:]]
        whole = True
    return Apart(
        tuple(dict.fromkeys(pieces))[:MOST_PIECES],
        whole,
        tuple(dict.fromkeys(taker.numbers)),
        born,
        placed[0] if placed else "",
        bool(marked) or any(k == "imo" for k, _ in taker.numbers),
    )


def _without_numbers(text: str) -> list[str]:
    """The name without what stands at its end from a number on (``X Kunden-Nr. 581``, ``X 204 kg``), at its beginning
    up to one (``2 CTNS X``), or both, whatever it says: without the words to the number, and without one word more.
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
    """Whether a word is a number, its sign, or a number with a unit (``20ft``); a digit in a word (``LIM1TED``) is not."""
    letters_of = sum(map(str.isalpha, word))
    digits = sum(map(str.isdigit, word))
    return letters_of <= 4 * digits if digits else _NUMBER_SIGN.fullmatch(word) is not None


def _once(text: str) -> str:
    """A name that stands twice in its field, once; so the words of one that are written twice."""
    words = text.split()
    half = len(words) // 2
    if half and text[: len(text) // 2].casefold() == text[-(len(text) // 2) :].casefold():
        words = words[:half]
    of = [*map(letters, words)]
    each = [w for w, x, before in zip(words, of, ["", *of], strict=False) if x != before or not x]
    return " ".join(each if len(set(of)) > 1 else words)


def _pieces(text: str) -> tuple[list[str], bool]:
    """The names in a field from which numbers and dates are out, and whether the first is all of it."""
    sides = [s for s in _BETWEEN.split(text) if s.strip(_EDGES)]
    out: list[str] = []
    for side in sides:
        names = [n for chunk in _chunks(side) if (n := _TITLE.sub("", chunk).strip(_EDGES))]
        out += [", ".join(names)] if names else []
        out += filter(_says_something, names if len(names) > 1 else ())
    for piece in list(out):
        out += (*_closed_off(piece), *_without_numbers(piece))
    return [p for p in out if len(p.split()) <= _LONGEST_PIECE], len(sides) == 1


def _chunks(text: str) -> list[str]:
    """A text cut at commas, dashes and where Han begins or ends; a legal form alone goes with what stands before it."""
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
    return out


def _closed_off(text: str) -> list[str]:
    """The names in a text that their legal form or quotes close off."""
    quotes = [m for m in _QUOTED.finditer(text) if m[0] != text][:3]
    quoted = [" ".join([*filter(legal_span, text[: m.start()].split()[-1:]), m[1]]) for m in quotes]
    return [x for x in (*_by_form(text), *quoted) if _says_something(x)]


def _says_something(text: str) -> bool:
    """Whether a text has a word that is no legal form."""
    return sum(c.isalnum() for c in text) >= 4 and not only_form(text)


def _by_form(text: str) -> list[str]:
    """The name up to its legal form, where words follow it (``Mikron JSC Zelenograd``: ``Mikron JSC``), and from it on,
    where words stand before a Russian or a bracketed one (``приказу ПАО Ромашка``: ``ПАО Ромашка``).
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
