# SPDX-License-Identifier: Apache-2.0
"""What the cells of a user's column say: numbers and periods in the shapes in which people write them.

A column is read as a whole, since one cell alone does not tell ``1,600`` (sixteen hundred) from
``1,600`` (one and six tenths, in Germany), or 01/02/2022 in January from one in February.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bilat.when import MONTHS, Period

#: What stands in the place of a value that is not known: such a row is left out and counted.
ABSENT = frozenset({"", "n/a", "na", "n.a.", "nan", "null", "none", "-", "–", "—", "..", "…", ":"})
YEAR = "year"
MONTH = "month"
QUARTER = "quarter"
DAY = "day"
NUMBER = "number"
TEXT = "text"
#: Kinds of periods, and of columns that may hold a value: years are numbers too.
PERIODS = (YEAR, MONTH, QUARTER, DAY)
NUMBERS = (NUMBER, YEAR)

_ENGLISH = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?")
_GERMAN = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?([eE][+-]?\d+)?")
#: Blanks and apostrophes between thousands, and the sign of a per cent.
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[\u0020\u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))")
_MONTH_OF = {m.lower(): n for n, name in enumerate(MONTHS, 1) for m in (name, name[:3])}
_NAME = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_Y = r"(?P<y>(?:18|19|20)\d\d)"
_M = r"(?P<m>0?[1-9]|1[0-2])"
_D = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_Q = r"(?P<q>[1-4])"
_N = rf"(?P<n>{_NAME})\.?"
_CLOCK = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
#: Kind -> the shapes in which it is written.
_SHAPES = {
    YEAR: (_Y,),
    MONTH: (
        rf"{_Y}[-/.]{_M}",
        rf"{_Y}M{_M}",
        rf"{_M}[-/.]{_Y}",
        rf"{_N}[ -]{_Y}",
        rf"{_Y}[ -]{_N}",
    ),
    QUARTER: (rf"{_Y}[ -]?Q{_Q}", rf"Q{_Q}[ /-]?{_Y}", rf"{_Q}Q[ /-]?{_Y}"),
    DAY: (
        rf"{_Y}[-/.]{_M}[-/.]{_D}{_CLOCK}",
        rf"{_D}\.{_M}\.{_Y}",
        rf"{_D}[ -]{_N}[ -]{_Y}",
        rf"{_N} {_D},? {_Y}",
    ),
}
_DAY_FIRST = re.compile(rf"{_D}[/-]{_M}[/-]{_Y}")
_MONTH_FIRST = re.compile(rf"{_M}[/-]{_D}[/-]{_Y}")
#: Cells that hold digits with one mark and three digits behind it: thousands, or three decimals.
_EITHER = re.compile(r"-?\d{1,3}([.,])\d{3}")


class Ambiguous(ValueError):
    """Cells that may be read in two ways; ``cell`` is one of them, ``ways`` both readings."""

    def __init__(self, cell: str, ways: str) -> None:
        super().__init__(f"may be {ways}")
        self.cell = cell


@dataclass(frozen=True)
class ReadColumn:
    """A column as it is read: its kind, and each cell as bilat writes it."""

    kind: str
    cells: tuple[str, ...]

    def change(self, before: Sequence[str]) -> str:
        """Return an example of a cell that is written otherwise than in the file; blank for none."""
        pairs = zip(before, self.cells, strict=True)
        return next((f"{old} read as {new}" for old, new in pairs if old != new), "")


def column_of(cells: Sequence[str], *, semicolons: bool = False) -> ReadColumn:
    """Read the filled cells of a column: as periods if all are, else as numbers, else as text.

    Parameters
    ----------
    semicolons
        semicolons stand between the cells of the file, as where the comma marks decimals.

    Raises
    ------
    Ambiguous
        for days of which none tells whether the month comes first, and for numbers that may have
        thousands or decimals.
    """
    for kind in PERIODS:
        periods = [_period(cell, _shapes(kind)) for cell in cells]
        if all(periods):
            return ReadColumn(kind, tuple(p for p in periods if p))
    days = _days_with_slashes(cells)
    if days:
        return ReadColumn(DAY, days)
    numbers = _numbers(cells, semicolons=semicolons)
    if numbers:
        return ReadColumn(NUMBER, numbers)
    return ReadColumn(TEXT, tuple(cells))


def fits(cell: str, kind: str) -> bool:
    """Whether a cell by itself may be of a kind."""
    if kind == NUMBER:
        plain = _plain(cell)
        return bool(_ENGLISH.fullmatch(plain) or _GERMAN.fullmatch(plain))
    if kind == DAY and (_DAY_FIRST.fullmatch(cell) or _MONTH_FIRST.fullmatch(cell)):
        return True
    return _period(cell, _shapes(kind)) is not None


def _shapes(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(shape, re.IGNORECASE) for shape in _SHAPES[kind])


def _period(cell: str, shapes: Sequence[re.Pattern[str]]) -> str | None:
    """Return the period that a cell writes in one of some shapes; a quarter by its last month."""
    for shape in shapes:
        match = shape.fullmatch(cell)
        if match:
            return _written(match)
    return None


def _written(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    month = _month(found)
    if month is None:
        return found["y"]
    text = f"{found['y']}-{month:02}"
    if found.get("d"):
        text += f"-{int(found['d']):02}"
    return text if _exists(text) else None


def _month(found: dict[str, str | None]) -> int | None:
    if found.get("q"):
        return 3 * int(found["q"] or 0)
    if found.get("n"):
        return _MONTH_OF[(found["n"] or "").lower()]
    return int(found["m"] or 0) if found.get("m") else None


def _exists(text: str) -> bool:
    """Whether the calendar has a period: 31 April is none."""
    if len(text) != len("2022-02-24"):
        return bool(Period(text))
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _days_with_slashes(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the days of 31/12/2022 or 12/31/2022, whichever all cells can be; none where some
    cell is neither.
    """
    by_day = [_period(cell, (_DAY_FIRST,)) for cell in cells]
    by_month = [_period(cell, (_MONTH_FIRST,)) for cell in cells]
    day_first = tuple(d for d in by_day if d)
    month_first = tuple(d for d in by_month if d)
    able = [days for days in (day_first, month_first) if days and len(days) == len(cells)]
    if len(able) == 2 and day_first != month_first:
        at = next(n for n, d in enumerate(day_first) if d != month_first[n])
        raise Ambiguous(cells[at], f"{day_first[at]} or {month_first[at]}")
    return able[0] if able else ()


def _numbers(cells: Sequence[str], *, semicolons: bool) -> tuple[str, ...]:
    """Return the numbers as 1234.5; none where some cell is no number."""
    plain = [_plain(cell) for cell in cells]
    english = all(_ENGLISH.fullmatch(cell) for cell in plain)
    german = all(_GERMAN.fullmatch(cell) for cell in plain)
    if english and german and semicolons:
        marked = next((cell for cell in plain if _EITHER.fullmatch(cell)), None)
        if marked is not None:
            ways = sorted({_from_english(marked), _from_german(marked)}, key=float)
            raise Ambiguous(marked, " or ".join(ways))
    if not english and not german:
        return ()
    write: Callable[[str], str] = _from_english if english else _from_german
    return tuple(write(cell) for cell in plain)


def _plain(cell: str) -> str:
    """Return a number without its sign of a per cent and what parts thousands but point and comma."""
    text = cell.removesuffix("%").strip().replace("\u2212", "-")
    return _BETWEEN_THOUSANDS.sub("", text)


def _from_english(cell: str) -> str:
    return cell.replace(",", "")


def _from_german(cell: str) -> str:
    return cell.replace(".", "").replace(",", ".")
