# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are lists of words, one a line
"""What stands in a name field, taken apart: names to be compared, numbers, a date of birth, an address.

Consignment files carry in the name field what has no column of its own: a telephone, a tax number, a ship's
number, ATTN and C/O, a branch, the postal address. Everything that can be told to be no name is taken out
and kept (``numbers``, ``born``, ``address``); what is left is cut where two parties are named (a comma, a semicolon, a
line of its own ...), and each piece is compared apart, the whole as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from bilat.formats.parties.identifiers import is_inn, is_lei, is_ogrn, is_uscc
from bilat.parties.names.closed import Piece, between_marks, closed_off, says_something
from bilat.parties.names.legal import legal_span
from bilat.parties.names.script import letters

#: Characters of a name field that are read.
LONGEST = 600
#: Pieces of one field that are compared, the whole included.
MOST_PIECES = 9
#: Words of a piece beyond which it is prose.
_LONGEST_PIECE = 24


@dataclass(frozen=True, slots=True)
class Apart:
    """A name field taken apart."""

    pieces: tuple[Piece, ...]
    numbers: tuple[tuple[str, str], ...] = ()  # kind or label, value
    born: str = ""
    address: str = ""
    vessel: bool = False
    taken: tuple[str, ...] = ()  # what was taken out, as written


_LABELS = {
    "inn": r"инн|inn|i\.n\.n\.", "ogrn": r"огрнип|огрн|ogrnip|ogrn", "kpp": r"кпп|kpp", "imo": r"imo|имо",
    "mmsi": r"mmsi", "swift": r"swift(?:/bic)?|bic|свифт", "uscc": r"uscc|统一社会信用代码|社会信用代码", "lei": r"lei",
    "tax": r"tax(?:\s*id|\s*no|\s*number|payer\s*(?:id|no|number))?|tin|vat(?:\s*no|\s*id|\s*reg)?|унп|едрпоу|edrpou|eori",
    "registration": r"reg(?:istration|\.)?\s*(?:no|number|nr|№)|company\s*(?:no|number)|okpo|окпо",
    "passport": r"passport(?:\s*(?:no|number|series))?|p\s?/\s?p|паспорт(?:\s*серии)?|ausweis|reisepass",
}  # fmt: skip
_NUMBERED = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<{kind}>{p})" for kind, p in _LABELS.items())
    + r")(?![^\W\d_])\s*(?:no\.?|number|№|#)?\s*[:.\-–/№#]*\s*(?P<value>[A-Za-zА-Яа-я]{0,6}\d[\dA-Za-z]*(?:[ \-/]\d+)*|(?<=swift )[A-Z]{6}[A-Z0-9]{2,5}|(?<=bic )[A-Z]{6}[A-Z0-9]{2,5})",
    re.IGNORECASE,
)
_BIC = re.compile(
    r"(?<![^\W_])(?:swift(?:/bic)?|bic)\s*(?:code)?\s*[:.#\-]*\s*([A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?)(?![^\W_])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:(?<![^\W_])(?:tel|tél|phone|ph|fax|mob|mobile|cell|тел|телефон|факс|моб|whatsapp|电话|传真)(?![^\W\d_])"
    r"[.:\s]*)(?:no\.?\s*)?[+(]?\d[\d\s().\-/]{4,}\d|\+\d[\d\s().\-]{7,}\d",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?:e-?mail|почта)?[:\s]*[\w.+\-]+@[\w\-]+\.[\w.\-]+|https?://\S+|www\.\S+", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"[/|;,\s]*(?<![^\W_])(?:p\.?\s?o\.?|purchase order|order|invoice|inv|contract|ref|reference|b\s?/\s?l|awb|container|cntr|lot|batch|"
    r"заказ|счет|счёт|контракт|договор|накладная|订单|合同)(?![^\W\d_])\s*(?:no\.?|number|nr\.?|№|#)?\s*[:.#№\-]*\s*[A-Za-z]{0,4}-?\d[\d\-/A-Za-z]{3,}",
    re.IGNORECASE,
)
#: Codes of goods, accounts, dates and times, numbers of seven digits: never a name or part of one.
_CODE = re.compile(
    r"(?<![^\W_])(?:h\.?s\.?|hts(?:us)?|taric|тн\s?вэд|tn\s?ved|eccn|sku|p\s?/\s?n|s\s?/\s?n)(?![^\W\d_])\s*(?:code|no\.?|№)?\s*"
    r"[:.#№\-]*\s*\d[\dA-Za-z]*(?:[.\- ]\d+)*|"
    r"(?<![^\W_])(?:a\s?/\s?c|acc(?:oun)?t\.?|iban|konto(?:nr|-nr)?\.?|[рк]\s?/\s?с(?:ч(?:[её]т)?)?\.?|расч[её]тный сч[её]т|账号)(?![^\W\d_])"
    r"\s*(?:no\.?|number|№|#)?\s*[:.\-]*\s*(?:[A-Z]{2}\d\d)?[\dA-Z]*\d(?:[ \-]?\d{2,})*|"
    r"(?<![\w.])\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d\d(?![\w])|(?<!\w)(?:19|20)\d\d(?P<_s>[.\-/])\d\d(?P=_s)\d\d(?:T(?=\d))?|"
    r"(?<![\w:])\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?(?![\w:])|(?<!\w)[A-Z]{0,3}\d{7,}(?!\w)",
    re.IGNORECASE,
)
#: What a system marks a row with: tags in brackets of its own, stars, a number with its sign.
_TAG = re.compile(
    r"\[[^\[\]]{0,40}\]|\{[^{}]{0,40}\}|<[^<>]{0,40}>|\*{2,}(?:[^*]{0,40}\*{2,})?|(?<!\w)#\s?\w*\d\w*"
)
_ISSUED = re.compile(r"[,\s]*(?<![^\W_])(?:issued|выдан)(?![^\W_]).{0,80}$", re.IGNORECASE)
#: Terms of delivery (Incoterms, those that are no word of a language) with their place, at the end of a field.
_TERMS = re.compile(
    r"(?<=\S)[\s,(\-–]+(?:EXW|FCA|CPT|CIP|DAP|DPU|DDP|DDU|FOB|CFR|CIF)\s+[^\W\d_][^\W\d_.\-]*(?:[ \-][^\W\d_][^\W\d_.\-]*){0,2}\)?\s*$"
)
#: What a name is said to be (``Ultimate consignee: ...``), in any language: up to four words and a colon.
_LABEL = re.compile(r"^\W*((?:[^\W\d_][\w.'/\-]*\s+){0,3}[^\W\d_][\w.'/\-]*)\s*[:：]\s*(?=\w.*[^\W\d_]{2})")
_ENUMERATED = re.compile(r"^\W*\d{1,3}\s?[).:]\s+(?=[^\W\d_])")
#: Lines of a payment message: ``1/name``, ``2/street``, ``3/state/town``.
_NUMBERED_LINE = re.compile(r"(^|;? )[1-8]/(?=\S)")
#: A line of a message that ends where its width ends, and goes on in the next.
_WIDTH = range(33, 37)
_NEXT = re.compile(r"\r?\n(?://)?")
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
    r"^(?:(?:consignee|shipper|exporter|importer|receiver|buyer|seller|supplier|notify party|notify|to|from|получатель|грузополучатель|отправитель|收货人|发货人)\s*[:：]\s*|to (?:the )?order of\s*[:：]?\s*|(?:bill(?:ed)?|sold|sell|ship(?:ped)?|deliver(?:ed|y)?|invoiced?|remit|pay(?:able)?|consigned|addressed) to\s*[:：]?\s+|m\s?/\s?s\.?\s+|(?:firma|fa\.|ditta|фирма|mr|mrs|ms|miss|messrs|madam|mme|herr|frau|dr|eng|ing|prof|sir|g-n|г-н|г-жа|господин|госпожа|гр|гражданин)"
    r"(?:\.\s*|\s+))+",
    re.IGNORECASE,
)  # fmt: skip
_ROLE = re.compile(
    r"^(?:purchasing|procurement|sales|accounts?(?: payable)?|logistics|import|export|receiving|warehouse|manager|director|"
    r"head office|dept\.?|department|division|office|отдел\s.*|бухгалтерия|снабжение|director general|general director|"
    r"генеральный директор)(?:\s+(?:dept\.?|department|manager|office|team|division))?$",
    re.IGNORECASE,
)  # fmt: skip
_BETWEEN = re.compile(
    r"(?<![^\W_])(?:c\s?/\s?o|c\.o\.|in care of|care of|t\s?/\s?a|p\s?/\s?a|trading as|d\s?/\s?b\s?/\s?a|dba|doing business as|o\s?/?\s?b\s?/?\s?o|o\s?/\s?b|"
    r"on behalf of|by order of|f\s?/?\s?b\s?/?\s?o|(?:for|on)(?: the)? acc(?:oun)?t\.? of|(?<=\w )via(?= \w+ \w)|notify(?: party)?|a\s?/\s?k\s?/\s?a|also known as|formerly(?: known as)?|"
    r"attn\.?|attention|for the attention of|z\.?\s?hd\.?|zu h(?:ä|ae)nden|à l'attention de|a la atenci[óo]n de|"
    r"(?:as |acting as )?(?:an? )?(?:agents?|nominees?|forwarders?|brokers?|trustees?) (?:for|of)|acting for|(?:for )?and on behalf of|per pro|вниманию|через|от имени|в лице)(?![^\W_])[.:\s]*",
    re.IGNORECASE,
)  # fmt: skip
_BRANCH = re.compile(
    r"[,\s\-–]*(?<![^\W_])(?:a\s+)?(?:branch(?: office)? of|subsidiary of|member of|division of|part of|daughter of|affiliate of|"
    r"structural unit of|филиал|дочернее предприятие|подразделение|представительство)(?![^\W_])[:\s]*",
    re.IGNORECASE,
)  # fmt: skip
_BRANCH_AFTER = re.compile(
    r"[,(\[\s\-–]*(?<![^\W_])(?:branch(?: office)?|representative office|rep\.? office|филиал|представительство|обособленное подразделение|"
    r"分公司|办事处)(?![^\W_]).{0,60}$",
    re.IGNORECASE,
)  # fmt: skip
_BRANCH_BRACKETS = re.compile(
    r"[(\[（][^)\]）]*(?:branch|office|филиал|представительство|подразделение|分公司|办事处)[^)\]）]*[)\]）]?",
    re.IGNORECASE,
)
_STREET = (
    r"str(?:eet|asse|\.)?|st\.|ul(?:itsa|ica|\.)?|ул(?:ица|\.)?|road|rd\.?|avenue|ave\.?|av\.|prospe[ck]t|pr-t|пр(?:оспект|-т|-кт|\.)|"
    r"boulevard|blvd\.?|lane|ln\.|pereulok|per\.|пер(?:еулок|\.)|highway|hwy|shosse|ш(?:оссе|\.)|drive|embankment|naberezhnaya|наб(?:ережная|\.)|"
    r"proezd|проезд|square|площадь|пл\.|building|bldg\.?|block|floor|fl\.|room|rm\.?|suite|ste\.?|unit|office|оф(?:ис|\.)|дом|д\.|корп(?:ус|\.)|стр\.|"
    r"po box|p\.o\. box|zip|industrial (?:park|zone|area)|мкр|микрорайон"
)
_ADDRESS = re.compile(
    rf"(?<![^\W_])(?:{_STREET})(?![^\W_]).*\d|\d+\S*\s+(?:[^\W\d_]\S*\s+){{0,3}}(?:{_STREET})(?![^\W_])|(?<!\d)\d{{5,6}}(?!\d)|[路号室楼]",
    re.IGNORECASE,
)
_ADDRESS_START = re.compile(
    rf"(?:\s|,)(?=(?:г\.|город\s|(?:{_STREET})\s+\S+.*\d|\d+\S*\s+(?:[^\W\d_]\S*\s+){{0,3}}(?:{_STREET})(?![^\W_])|\d{{5,6}}[,\s]))",
    re.IGNORECASE,
)
_TRIGGER = re.compile(
    r"\d|[/:@,;|(\[{<*#（\-–]|\b(?:firma|fa|ditta|фирма|agents?|nominees?|forwarders?|brokers?|trustees?|acting|obo|fbo|acc(?:oun)?t|hs|eccn|sku|exw|fca|cpt|cip|dap|dpu|ddp|ddu|fob|cfr|cif|"
    r"swift|bic|uscc|lei|mr|mrs|ms|dr|mv|m\.v\.|vessel|dba|care of|trading as|attn|attention|bill|billed|sold|sell|ship|shipped|deliver|delivered|delivery|invoice|remit|pay|payable|consigned|addressed|branch|subsidiary|member of|division|office|on behalf|"
    r"по|филиал|представительство|дочернее|вниманию|теплоход|инн|огрн|кпп|г-н|тел|born|dob|tel|inn|imo|tax|via|notify|order of|formerly|known as|ul|street|str|road|avenue|prospekt|prospect|office|dept|department)\b|ул|：|д\.|г\.|号|路|分公司",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w])(?:\d{10}|\d{12}|\d{13}|\d{15}|[0-9A-Z]{18}|[0-9A-Z]{20})(?![\w])")
# What a page or a spreadsheet wraps a name in: marks of HTML with what only a browser reads, a link's formula.
_MARKS = re.compile(
    r"<(script|style)\b[^<>]*>.*?</\1\s*>|</?(?:a|b|br|div|em|font|i|li|p|span|strong|td|tr|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_LINK = re.compile(r"""^\s*=\s*HYPERLINK\s*\(.*[,;]\s*"([^"]+)"\s*\)\s*$""", re.IGNORECASE)
_CUTS = re.compile(r"\s*(?:,|;|\||[:：](?=\s)|：|\s[\-–—/]\s)\s*")
_EDGES = " \t,;:|/\\-–—.#№"


#: What stands in a field of names and names nobody.
_NOBODY = re.compile(
    r"\W*(?:n\W?a|none|nil|null|unknown|various|(?:to )?(?:the )?order|same(?: as \w+)?|t\W?b\W?[acd]|as agreed|нет|неизвестно|б/н)?\W*|0+",
    re.IGNORECASE,
)


def names_nobody(text: str) -> bool:
    """Whether a field of names is empty, or says that nobody is named (``N/A``, ``TO ORDER``)."""
    return not any(map(str.isalnum, text)) or _NOBODY.fullmatch(text) is not None


class _Taker:
    """Takes out of a text what is not a name, and keeps it."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.numbers: list[tuple[str, str]] = []

    def out(self, match: re.Match[str]) -> str:
        self.taken.append(match[0].strip(_EDGES))
        return " , "

    def number(self, match: re.Match[str]) -> str:
        value = match["value"]
        if sum(c.isdigit() for c in value) < 4:
            return match[0]
        self.numbers.append((next(k for k in _LABELS if match[k] is not None), value))
        return self.out(match)

    def bic(self, match: re.Match[str]) -> str:
        self.numbers.append(("swift", match[1].upper()))
        return self.out(match)

    def bare(self, match: re.Match[str]) -> str:
        value = match[0]
        tests = (("inn", is_inn), ("ogrn", is_ogrn), ("uscc", is_uscc), ("lei", is_lei))
        kind = next((k for k, test in tests if test(value)), "")
        if not kind:
            return value
        self.numbers.append((kind, value))
        return self.out(match)


@lru_cache(maxsize=1 << 12)
def taken_apart(name: str) -> Apart:
    """The names, numbers, date and address that stand in a name field; a plain name comes back whole."""
    written = _MARKS.sub(" ", _LINK.sub(r"\1", name[:LONGEST]))
    written = _whole_lines(_ENTITY.sub(lambda m: unescape(m[0]), written).strip())
    lines = " ; ".join(" ".join(x.split()) for line in written.splitlines() for x in line.split("\t"))
    written = _once(" ".join(written.split()))
    if len(_NUMBERED_LINE.findall(lines)) > 1:
        lines = _NUMBERED_LINE.sub(" ; ", lines).strip(" ;")
    lines = _once(lines)
    if names_nobody(written):
        return Apart(())
    if not _TRIGGER.search(lines):
        return Apart((*((Piece(written),) if written else ()), *dict.fromkeys(closed_off(written))))
    taker, text, born = _Taker(), lines, ""
    if match := _BORN.search(text):
        born = match["d"] or match["e"] or ""
        text = _BORN.sub(taker.out, text, count=1)
    text = _REFERENCE.sub(taker.out, _PHONE.sub(taker.out, _MAIL.sub(taker.out, text)))
    text = _BARE.sub(taker.bare, _NUMBERED.sub(taker.number, _BIC.sub(taker.bic, text)))
    text = _TERMS.sub(taker.out, _CODE.sub(taker.out, _TAG.sub(taker.out, text)))
    if any(kind == "passport" for kind, _ in taker.numbers):
        text = _ISSUED.sub(taker.out, text)
    text = _ENUMERATED.sub("", text).lstrip(_EDGES)
    label = _LABEL.match(text)
    if label and not legal_span(label[1]):
        text = text[label.end() :]
    else:
        label = None
    marked = _VESSEL.match(text)
    if marked:
        text = _VESSEL.sub(taker.out, text, count=1)
    text = _BRANCH_BRACKETS.sub(taker.out, text)
    pieces, address = _pieces(text, taker.taken)
    if not pieces and text.strip(_EDGES):
        pieces = [Piece(text.strip(_EDGES))]
    if label and not _TITLE.match(label[0] + "x") and says_something(label[1]):
        pieces.append(Piece(label[1], "part"))
    if (
        pieces
        and pieces[0].kind == "whole"
        and not taker.taken
        and letters(pieces[0].text) == letters(written)
    ):
        pieces[0] = Piece(written)  # as written: its punctuation tells readings apart
    return Apart(
        tuple(dict.fromkeys(pieces))[:MOST_PIECES],
        tuple(dict.fromkeys(taker.numbers)),
        born,
        address,
        bool(marked) or any(k == "imo" for k, _ in taker.numbers),
        tuple(taker.taken),
    )


def _without_numbers(text: str) -> list[Piece]:
    """The name without what stands at its end from a number on (``X Kunden-Nr. 581``, ``X 204 kg``), at its beginning
    up to one, or both, whatever it says: without the words to the number, and without one word more.
    """
    words = text.replace("_", " ").split()
    numbered = [n for n, w in enumerate(words) if any(c.isdigit() for c in w)]
    last = next((n for n in numbered if n and len(words) - n <= 4), None)
    if last == len(words) - 1 and words[last].isdigit() and len(words[last]) < 3:
        last = None  # `Arctic LNG 2` is no other
    first = next((n for n in reversed(numbered) if n < 3), None)
    ends = [last, last - 1] if last else []
    cuts = [words[first + 1 : end] for end in ends] if first is not None and last and first < last else []
    cuts += [words[:end] for end in ends]
    cuts += [words[first + 1 :], words[first + 2 :]] if first is not None else []
    return [Piece(" ".join(c), "part") for c in cuts if says_something(" ".join(c))]


def _whole_lines(text: str) -> str:
    """Lines that were cut at their greatest width (35 characters in payment messages), put together again."""
    lines = _NEXT.split(text)
    cut = len(lines) > 1 and all(len(line) in _WIDTH for line in lines[:-1])
    return "".join(lines) if cut else text


def _once(text: str) -> str:
    """A name that stands twice in its field, once; so the words of one that are written twice."""
    words = text.split()
    each = [
        w
        for w, before in zip(words, ["", *words], strict=False)
        if letters(w) != letters(before) or not letters(w)
    ]
    if len(set(map(letters, each))) > 1:
        words, text = each, " ".join(each)
    half = len(words) // 2
    twice = half > 0 and len(words) == 2 * half and [w.casefold() for w in words[:half]] == [
        w.casefold() for w in words[half:]
    ]  # fmt: skip
    return " ".join(words[:half]) if twice else text


def _pieces(text: str, taken: list[str]) -> tuple[list[Piece], str]:
    """The names in a field from which numbers and dates are out, and its postal address."""
    sides = [s for s in _BETWEEN.split(text) if s.strip(_EDGES)]
    several = len(sides) > 1
    kept: list[list[str]] = []
    places: list[str] = []
    for side in sides:
        branches = [b for b in _BRANCH.split(side) if b.strip(_EDGES)]
        for branch in branches:
            names: list[str] = []
            for chunk in _chunks(branch):
                start = _ADDRESS_START.search(chunk)
                if start and len(chunk[: start.start()].strip(_EDGES)) > 2 and not _ADDRESS.match(chunk):
                    places.append(chunk[start.end() :].strip(_EDGES))
                    chunk = chunk[: start.start()]
                if (_ADDRESS.search(chunk) and names) or _ADDRESS.match(chunk):
                    places.append(chunk)
                    continue
                told = any(says_something(n) for n in names)
                if places and not legal_span(chunk) and len(chunk.split()) <= 3 and told:
                    places.append(chunk)  # the town after the street
                    continue
                chunk = _TITLE.sub("", chunk).strip(_EDGES)
                if chunk and not _ROLE.match(chunk):
                    names.append(chunk)
            if names:
                kept.append(names)
        several = several or len(branches) > 1
    out: list[Piece] = []
    whole = [n for names in kept for n in names]
    if not several and whole:
        out.append(Piece(", ".join(whole) if len(whole) > 1 else whole[0]))
    for names in kept:
        if several:
            out.append(Piece(", ".join(names), "part"))
        if len(names) > 1:
            out += between_marks(names)
    for piece in list(out):
        out += closed_off(piece.text)
        out += _without_numbers(piece.text)
        if (cut := _BRANCH_AFTER.sub("", piece.text).strip(_EDGES)) and cut != piece.text:
            out.append(Piece(cut, "part"))
    address = ", ".join(p for p in places if p)
    taken += [address] if address else []
    return [p for p in out if p.text and len(p.text.split()) <= _LONGEST_PIECE], address


def _chunks(text: str) -> list[str]:
    """A text cut at commas and dashes; a legal form alone goes with what stands before it."""
    out: list[str] = []
    for chunk in _CUTS.split(text):
        chunk = chunk.strip(_EDGES + "()[]") if chunk.count("(") != chunk.count(")") else chunk.strip(_EDGES)
        if not chunk:
            continue
        span = legal_span(chunk)
        if out and span and span == (0, len(chunk.split())):
            out[-1] += " " + chunk
        else:
            out.append(chunk)
    return out
