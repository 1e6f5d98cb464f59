# SPDX-License-Identifier: Apache-2.0
"""Japan's export bans on named organisations, from the text of the ministry's PDF; asset freezes.

An entry is a number, a Japanese name (with ``別称`` aliases in brackets), an English name, lines of
English aliases beginning with a hyphen, and ``所在地`` with the address. Numbers are full-width up to
nine; a number may be at the end of the line before, where the PDF lost the line break.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.json_text import Cells
from bilat.formats.parties.record import Address, ListedParty, Listing, Name, name_tuple
from bilat.formats.parties.text import whole
from bilat.formats.workbook import sheet_rows, workbook

_DATE = re.compile(r"(指定日|最終更新日)\s*:\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_HAS_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_HYPHENS = ("-", "‐", "–")
_ALSO = re.compile(r"[((]別称[、,]?\s*(.*?)[))]")


def _refuse_doubled(path: Path, text: str) -> None:
    """Refuse a file with the list twice: most of its long lines (names, addresses) are repeated."""
    times = Counter(line for line in text.splitlines() if len(line) > 12)
    repeated = sum(number > 1 for number in times.values())
    if 2 * repeated > len(times):
        raise DataError(
            "the list stands in the file twice", file=path.name, cure="pull the file again"
        )


def parties(path: Path) -> Iterator[ListedParty]:
    """Parse the organisations of an export ban.

    Entries have no date, so each has the day of designation of the list.
    """
    text = unicodedata.normalize("NFKC", whole(path))
    if "禁止措置" not in text or "所在地" not in text:
        raise DataError(
            "is not a list of Japan's export bans (no 禁止措置, no 所在地)",
            file=path.name,
            row=1,
            cure="get the file again",
        )
    _refuse_doubled(path, text)
    listing = Listing("Japan METI/MOFA export ban", path.stem, _designated(text))
    entries = _entries(text)
    if not entries:
        raise DataError(
            "no numbered entry found", file=path.name, row=1, cure="pull the file again"
        )
    for entry in entries:
        head, _, address = text[entry.body : entry.end].partition("所在地")
        names = _entry_names(head)
        if not names:
            continue
        place = " ".join(address.lstrip(": ").split())
        line = text.count("\n", 0, entry.start) + 1
        yield ListedParty(
            id=f"jp-{path.stem}-{entry.number}",
            schema="LegalEntity",
            names=names,
            locator=f"entry {entry.number} (line {line})",
            addresses=(Address(place),) if place else (),
            listings=(listing,),
        )


def _designated(text: str) -> str:
    """Return the day of designation, empty where the text has none."""
    since = ""
    for match in _DATE.finditer(text):
        if match[1] == "指定日":
            since = f"{int(match[2]):04}-{int(match[3]):02}-{int(match[4]):02}"
    return since


@dataclass(frozen=True)
class _Entry:
    """An entry in the text: its number is at ``start``, its words run from ``body`` to ``end``."""

    number: int
    start: int
    body: int
    end: int


def _entries(text: str) -> list[_Entry]:
    """Return the entries, which are numbered from one on without a gap."""
    updated = text.find("最終更新日")
    first = text.find("\n", updated) + 1 if updated >= 0 else 0
    hits: list[re.Match[str]] = []
    while (hit := _numbered(text, len(hits) + 1, hits[-1].end() if hits else first)) is not None:
        hits.append(hit)
    ends = [hit.start() for hit in hits[1:]] + [len(text)]
    return [
        _Entry(number, hit.start(), hit.end(), end)
        for number, (hit, end) in enumerate(zip(hits, ends, strict=True), start=1)
    ]


def _numbered(text: str, number: int, at: int) -> re.Match[str] | None:
    """Return where the entry of a number begins.

    The number is followed by a Japanese or Latin name, at a line's start or glued to the line
    before. An address may hold the same number: the true one is followed by a Japanese name before
    its address.
    """
    at_start = rf"(?:(?<=\n)|(?<=[^\d\n])){number}[ \u3000]+(?=\S)"
    glued = rf"(?<=[^\d\n]){number}(?= ?[\u3040-\u30ff\u4e00-\u9fff])"
    for hit in re.compile(f"{at_start}|{glued}").finditer(text, at):
        rest = text[hit.end() : hit.end() + 400]
        before_address = rest.split("所在地", 1)[0]
        first_line = before_address.split("\n", 1)[0]
        if _HAS_JAPANESE.match(rest.lstrip()[:1] or " ") or _HAS_JAPANESE.search(first_line):
            return hit
    return None


def _entry_names(head: str) -> tuple[Name, ...]:
    """Return the names of an entry from its words above the address."""
    japanese = ""
    latin: list[str] = []
    aliases: list[str] = []
    for line in filter(None, map(str.strip, head.splitlines())):
        if line.startswith(_HYPHENS):
            aliases.append(line.lstrip("-‐– "))
        elif aliases:
            aliases[-1] += f" {line}"
        elif _HAS_JAPANESE.search(line) and not latin:
            japanese += line
        else:
            latin.append(line)
    also = [alias for inside in _ALSO.findall(japanese) for alias in re.split("、|及び", inside)]
    primary = re.sub(r",?\s*a\.k\.a\.,?.*$", "", " ".join(latin)).strip(" ,.;:")
    others = [re.sub(r"(?:;\s*(?:and)?|\.)\s*$", "", alias) for alias in aliases]
    return name_tuple(
        (primary, "primary"),
        (_ALSO.sub("", japanese), "alias"),
        *((alias, "alias") for alias in others),
        *((alias, "alias") for alias in also),
    )


#: Regimes of the asset freezes whose sheets are read, by a word of the sheet's title.
_REGIMES = {
    "クリミア": "Crimea and eastern Ukraine",
    "ロシア及びベラルーシ以外": "third countries (Russia)",
    "ロシア": "Russia",
    "ベラルーシ": "Belarus",
}
FREEZE_HEADER = ("告示日付", "告示番号", "日本語表記", "英語表記")
#: The breaks between aliases in one cell.
_BREAKS = re.compile(r"[\n、;]|a\.k\.a\.?")
#: The words and brackets around an alias.
_ALIAS_MARKS = re.compile(r"^[\s(]*(?:別称|別名)?\s*|[\s)]+$")
_NOTICE_DAY = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})")


def asset_freezes(path: Path) -> Iterator[ListedParty]:
    """Parse the Ministry of Finance's workbook of asset freezes: the sheets on Russia and Belarus.

    Each measure has a sheet, and a row for each party with the day of the notice.
    """
    found = 0
    for title, line, cells in _sheet_cells(path):
        regime = next(name for word, name in _REGIMES.items() if word in title)
        person = "個人" in title
        match = _NOTICE_DAY.fullmatch(_cell(cells, "告示日付"))
        english = _cell(cells, "英語表記")
        japanese = _cell(cells, "日本語表記")
        if match is None or not (english or japanese):
            continue
        found += 1
        also = next((c for c in cells if c.startswith(("別名", "別称"))), "")
        aliases = [_ALIAS_MARKS.sub("", a) for a in _BREAKS.split(_cell(cells, also))]
        place = next((c for c in cells if "所在地" in c), "")
        address = _cell(cells, place)
        yield ListedParty(
            id=f"jp-mof-{title.split('.')[0]}-{_cell(cells, '告示番号')}",
            schema="Person" if person else "LegalEntity",
            names=name_tuple(
                (english or japanese, "primary"),
                (japanese, "alias"),
                *((a, "alias") for a in aliases),
            ),
            locator=f"sheet {title}, line {line}",
            addresses=(Address(address),) if address else (),
            countries=("RU",) if regime == "Russia" and not person else (),
            born=_births(cells.get("生年月日")) if person else "",
            listings=(
                Listing(
                    "Japan MOF asset freeze",
                    regime,
                    f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}",
                ),
            ),
        )
    if not found:
        raise DataError(
            "has no party on a sheet of Russia or Belarus", file=path.name, cure="get it again"
        )


def _sheet_cells(path: Path) -> Iterator[tuple[str, int, Cells]]:
    """Yield sheet, row number and cells by column of the rows below each header."""
    header: dict[str, list[str]] = {}
    titles: set[str] = set()
    with workbook(path, path.name) as book:
        for sheet, number, row in sheet_rows(book, path.name):
            title = str(sheet.title)
            if not any(word in title for word in _REGIMES) or "解除" in title:
                continue
            titles.add(title)
            texts = [str(c or "").strip() for c in row]
            if title in header:
                yield title, number, dict(zip(header[title], row, strict=False))
            elif all(c in texts for c in FREEZE_HEADER):
                header[title] = texts
    if lacking := titles - header.keys():
        raise DataError(
            f"sheet {min(lacking)} has no header with {', '.join(FREEZE_HEADER)}",
            file=path.name,
            cure="get it again",
        )


def _cell(cells: Cells, column: str) -> str:
    value = cells.get(column)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return unicodedata.normalize("NFKC", "" if value is None else str(value)).strip()


#: A date of birth as far as it is known; the second of two may lack the year or month they share.
_BIRTH = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
#: Two years of one month and day.
_TWO_YEARS = re.compile(r"(\d{4})/(\d{4})年([^又、]*)")
_OR = re.compile("又は|、")
#: The least number that is read as a workbook's serial number of a day; smaller ones are years.
_EARLIEST_SERIAL = 3000


def _births(value: object) -> str:
    """Return the dates of birth of a cell as YYYY-MM-DD, as far as they are known.

    Some cells have lost their format and contain the serial number of a day.
    """
    from openpyxl.utils.datetime import from_excel

    if isinstance(value, int | float) and value >= _EARLIEST_SERIAL:
        return str(from_excel(value).date())
    text = "".join(_cell({"": value}, "").split())
    text = _TWO_YEARS.sub(r"\1年\3又は\2年\3", text)
    days: list[str] = []
    year = month = ""
    for part in _OR.split(text):
        found = _BIRTH.match(part)
        if found is None or not found[0]:
            days.append(part)
            continue
        year = found[1] or year
        month = found[2] or ("" if found[1] else month)
        known = [year]
        if month:
            known.append(month.zfill(2))
        if month and found[3]:
            known.append(found[3].zfill(2))
        days.append("-".join(known))
    return "; ".join(d for d in days if d[:4].isdecimal())
