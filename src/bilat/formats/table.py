# SPDX-License-Identifier: Apache-2.0
"""The one reader of delimited text: strict, bounded, and it never guesses.

Every delimited file is read here, whether the catalog or a user names it. A refusal names file,
row, column, value and cure. Refused are

- an open quote, and text after a closing quote;
- a NUL, a line that ends in CR alone, and bytes that are not of the encoding;
- a line or a row longer than a megabyte, and a wrong number of fields;
- a header that is not the publisher's, is repeated, or names a column twice.

The csv module is not used: its limits are global to the process.

Line numbers count from 1 at the top of the file, header included, as an editor shows them; a row
that goes over several lines has the number of its last one.

Reference: RFC 4180, Common Format and MIME Type for Comma-Separated Values (2005).
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.files.archives import MOST, open_unpacked
from bilat.files.text import LONGEST_LINE
from bilat.when import Period

#: A quoted field goes over no more lines; a longer one is a quote that somebody forgot.
LONGEST_ROW = 1_000
_YEAR = re.compile(r"(19|20)[0-9]{2}", re.ASCII)
_HISTORIC_YEAR = re.compile(r"(1[5-9]|20)[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
#: A number as publishers write it: no blanks, underscores or digits of other scripts, which float()
#: would take.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A file that rows come from.

    Parameters
    ----------
    file
        where its bytes lie; packed by gzip, bzip2 or xz, or plain.
    title
        its name to a person.
    whose
        what the file ought to be, for a header that says otherwise.
    most
        bytes that it may unpack to; None where its length is the user's own affair.
    after
        what is said at the end of every refusal.
    """

    file: Path
    title: str
    whose: str = ""
    most: int | None = MOST
    after: str = "nothing was taken in"

    def refuse(
        self, row: int | str | None, column: str | None, value: object, why: str, cure: str = ""
    ) -> DataError:
        """The error for a cell or a row; raise what it returns."""
        cure = f"{cure}; {self.after}" if cure and self.after else cure or self.after
        return DataError(why, file=self.title, row=row, column=column, value=value, cure=cure)


def lines(place: Place, encoding: str = "utf-8", skip_end: str = "") -> Iterator[tuple[int, str]]:
    """(number, text with its line end) of each line; ``skip_end`` is taken off where a line ends
    with it.

    Raises
    ------
    DataError
        for a line that is too long, has a NUL, or is not text of this encoding.
    """
    with open_unpacked(place.file, place.title, place.most) as handle:
        for n, raw in enumerate(iter(lambda: handle.readline(LONGEST_LINE + 1), b""), 1):
            if len(raw) > LONGEST_LINE:
                raise place.refuse(
                    n,
                    None,
                    None,
                    f"is longer than {LONGEST_LINE >> 10} KB, and no publisher writes one so long",
                    "the file is damaged: get it again",
                )
            if n == 1:
                if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise place.refuse(1, None, None, "is UTF-16", "save the file as UTF-8")
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if b"\x00" in raw:
                raise place.refuse(
                    n, None, None, "has a NUL byte, which text never has", "get the file again"
                )
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError as e:
                raise place.refuse(
                    n,
                    None,
                    e.object[e.start : e.start + 4],
                    f"is not {encoding.upper()} text",
                    "save the file as UTF-8, or get it again",
                ) from None
            if skip_end:
                bare = text.rstrip("\r\n")
                text = bare.removesuffix(skip_end) + "\n" if bare.endswith(skip_end) else text
            yield n, text


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(r'"([^"]*(?:""[^"]*)*)"(?!")')


class _Open(Exception):
    """A quoted field has no end yet; ``column`` is its number from 0."""

    def __init__(self, column: int) -> None:
        self.column = column


def _split(text: str, delimiter: str) -> list[str]:
    """The fields of one row without its line end.

    Raises
    ------
    _Open
        where a quoted field has no end in the text.
    ValueError
        for text after a closing quote.
    """
    if '"' not in text:
        return text.split(delimiter)
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            field = _quoted().match(text, at)
            if field is None:
                raise _Open(len(cells))
            cells.append(field[1].replace('""', '"'))
            at = field.end()
            if at == len(text):
                return cells
            if not text.startswith(delimiter, at):
                raise ValueError(
                    f"{text[at : at + 20]!r} stands after a closing quote in field {len(cells)}"
                )
            at += 1
        else:
            end = text.find(delimiter, at)
            if end < 0:
                cells.append(text[at:])
                return cells
            cells.append(text[at:end])
            at = end + 1


def first_row(text: str, delimiter: str = ",") -> list[str]:
    """The fields of a text's first line, as far as it can be read: to tell a format by
    its header.
    """
    line = text.split("\n", 1)[0].removesuffix("\r")
    try:
        return _split(line, delimiter)
    except (_Open, ValueError):
        return line.split(delimiter)


def fields(
    place: Place,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    skip: int = 0,
    skip_end: str = "",
) -> Iterator[tuple[int, list[str]]]:
    """(line, fields) of each row that is not blank; the first ``skip`` lines are left out.

    Raises
    ------
    DataError
        for what the module says is refused.
    """
    pending = ""
    first = 0
    for n, text in lines(place, encoding, skip_end):
        if n <= skip:
            continue
        first = first or n
        pending += text
        if len(pending) > LONGEST_LINE or n - first > LONGEST_ROW:
            raise _never_closed(place, first, pending, delimiter)
        if first < n and '"' not in text:
            continue
        bare = pending.removesuffix("\n").removesuffix("\r")
        if not bare:
            pending = ""
            first = 0
            continue
        try:
            found = _split(bare, delimiter)
        except _Open:
            continue
        except ValueError as e:
            raise place.refuse(
                first, None, None, str(e), "double the quotes inside a quoted field"
            ) from None
        if "\r" in bare and any("\r" in f and _as_quoted(f) not in bare for f in found):
            raise place.refuse(
                first,
                None,
                None,
                "has a line that ends in CR only",
                "save the file with line feeds",
            )
        yield n, found
        pending = ""
        first = 0
    if first:
        raise _never_closed(place, first, pending, delimiter)


def _as_quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"'


def _never_closed(place: Place, first: int, held: str, delimiter: str) -> DataError:
    try:
        _split(held, delimiter)
    except (_Open, ValueError) as e:
        column = e.column + 1 if isinstance(e, _Open) else None
        opening = held.split("\n", 1)[0][-60:]
        return place.refuse(
            first,
            None,
            opening,
            "opens a quote that is never closed" + (f" (field {column})" if column else ""),
            "close it, or double the quote if it belongs to the text",
        )
    return place.refuse(first, None, None, "is longer than a row can be", "get the file again")


class TableRow(Mapping[str, str]):
    """One row: its cells by the publisher's column names, and what they mean as numbers, days and
    words.

    A method without ``_or_none`` refuses an empty cell.
    """

    __slots__ = ("cells", "line", "place")

    def __init__(self, place: Place, line: int, cells: dict[str, str]) -> None:
        self.place = place
        self.line = line
        self.cells = cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def locator(self) -> str:
        """Where the row stands, as a table's locator has it."""
        return f"line {self.line}"

    def refuse(self, column: str, why: str, cure: str = "") -> DataError:
        """The error for a cell of this row; raise what it returns."""
        return self.place.refuse(self.line, column, self.cells.get(column, ""), why, cure)

    def _parsed(self, column: str, parse):  # type: ignore[no-untyped-def]
        try:
            return parse(self.cells[column])
        except ValueError as e:
            raise self.refuse(column, str(e)) from None

    def _there(self, column: str, parse):  # type: ignore[no-untyped-def]
        value = self._parsed(column, parse)
        if value is None:
            raise self.refuse(column, "is empty")
        return value

    def text(self, column: str) -> str:
        """The cell, which may not be blank."""
        return self._there(column, lambda t: t if t.strip() else None)

    def number(self, column: str) -> float:
        """A finite number."""
        return self._there(column, number)

    def number_or_none(self, column: str) -> float | None:
        """A finite number, or None for an empty cell."""
        return self._parsed(column, number)

    def integer(self, column: str) -> int:
        """A whole number."""
        return self._there(column, integer)

    def integer_or_none(self, column: str) -> int | None:
        """A whole number, or None for an empty cell."""
        return self._parsed(column, integer)

    def year(self, column: str) -> str:
        """A year ``2022``."""
        return self._there(column, year)

    def day(self, column: str) -> dt.date:
        """A date ``2022-02-24``."""
        return self._there(column, day)

    def day_or_none(self, column: str) -> dt.date | None:
        """A date ``2022-02-24``, or None for an empty cell."""
        return self._parsed(column, day)

    def period(self, column: str) -> Period:
        """``2022``, ``2022-03`` or ``2022-02-24``."""
        return self._there(column, period)

    def word(self, column: str, known: Mapping[str, str]) -> str:
        """One of the publisher's words, as ours."""
        if self.cells[column] not in known:
            raise self.refuse(column, f"is not one of {', '.join(sorted(known)[:12])}")
        return known[self.cells[column]]


def _header(
    place: Place, header: Sequence[str], first: tuple[int, list[str]], exact: bool
) -> list[str]:
    """The columns of the file, if they are the publisher's."""
    found = [c.strip() for c in first[1]]
    missing = [c for c in header if c not in found]
    if missing or (exact and list(header) != found):
        what = f"lacks the column {missing[0]!r}" if missing else f"is {found}, not {list(header)}"
        not_it = (
            f"not the file that {place.whose} publishes: check the download"
            if place.whose
            else "check the file"
        )
        raise place.refuse(f"line {first[0]}", None, None, f"the header {what}", not_it)
    twice = next((c for c in found if found.count(c) > 1), None)
    if twice is not None:
        raise place.refuse(
            first[0], twice, None, "appears twice in the header", "rename one of the two"
        )
    return found


def records(
    place: Place,
    header: Sequence[str],
    *,
    skip: int = 0,
    delimiter: str = ",",
    encoding: str = "utf-8",
    exact: bool = True,
    skip_end: str = "",
    once: bool = False,
) -> Iterator[TableRow]:
    """The rows of a file with a header.

    Parameters
    ----------
    header
        the columns that the file must have, in order; with ``exact=False`` it may have more,
        anywhere.
    skip
        lines that stand above the header.
    skip_end
        text that ends every line and is not a field (SIPRI's ``;``).
    once
        no row may be the same as an earlier one: for a table whose rows nothing numbers and whose
        publisher writes no two alike, so that a line sent twice is told.

    Raises
    ------
    DataError
        for another header, and for what the module says is refused.
    """
    rows = fields(place, delimiter=delimiter, encoding=encoding, skip=skip, skip_end=skip_end)
    first = next(rows, None)
    if first is None:
        raise place.refuse(
            skip + 1, None, None, "is empty where the header should stand", "get the file again"
        )
    found = _header(place, header, first, exact)
    count = 0
    seen = dict[int, int]()
    for line, cells in rows:
        if len(cells) != len(found):
            raise place.refuse(
                line,
                None,
                cells[0][:40],
                f"begins a row of {len(cells)} fields where the header has {len(found)}",
                "the row is cut or broken: get the file again",
            )
        if cells == first[1]:
            raise place.refuse(
                line,
                None,
                cells[0],
                "repeats the header: the file contains a table twice",
                "keep one",
            )
        if place.most is not None and any(cells):
            count += 1
            earlier = seen.setdefault(hash(tuple(cells)), line)
            if once and earlier != line:
                raise place.refuse(
                    line,
                    None,
                    cells[0][:40],
                    f"begins a row that is the same as row {earlier}",
                    "get the file again, or take one of the two out",
                )
        yield TableRow(place, line, dict(zip(found, cells, strict=True)))
    if count > 1 and 2 * len(seen) <= count:
        raise place.refuse(
            None,
            None,
            None,
            f"has {count} rows and only {len(seen)} different ones: "
            "its body was appended to itself",
            "get the file again",
        )


# -- what one cell means: None for an empty one, ValueError saying what is wrong
# ---------------------------------


def number(text: str) -> float | None:
    """A finite number; digits of other scripts, underscores and 1e400 are none."""
    text = text.strip()
    if text == "":
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError("is not a number. Write 12.5")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("is not a finite number")
    return value


def integer(text: str) -> int | None:
    """A whole number, which may be written 12.0."""
    value = number(text)
    if value is None:
        return None
    if value != int(value):
        raise ValueError("is not a whole number")
    return int(value)


def percent(text: str) -> float | None:
    """A share in percent, 0 to 100, written without its sign."""
    value = number(text)
    if value is not None and not 0 <= value <= 100:
        raise ValueError("is not a percentage from 0 to 100")
    return value


def year(text: str) -> str | None:
    """A year ``2022``."""
    if text == "":
        return None
    if not _YEAR.fullmatch(text):
        raise ValueError("is not a year. Write 2022")
    return text


def historic_year(text: str) -> str | None:
    """A year of a record that reaches back to 1500, which may be written 1789.0."""
    if text == "":
        return None
    whole = text.removesuffix(".0")
    if not _HISTORIC_YEAR.fullmatch(whole):
        raise ValueError("is not a year. Write 1946")
    return whole


def month(text: str) -> str | None:
    """A month ``2022-03``."""
    if text == "":
        return None
    if not _MONTH.fullmatch(text):
        raise ValueError("is not a month. Write 2022-03")
    return text


def day(text: str) -> dt.date | None:
    """A date ``2022-02-24``."""
    text = text.strip()
    if text == "":
        return None
    if not (len(text) == 10 and text.isascii()):
        raise ValueError("is not a date. Write 2022-02-24")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a date. Write 2022-02-24") from None


def first_of_month(text: str) -> str | None:
    """The month ``2022-03`` of its first day ``2022-03-01``."""
    found = day(text)
    if found is None:
        return None
    if found.day != 1:
        raise ValueError("is not the first day of a month. Write 2022-03-01")
    return f"{found.year:04d}-{found.month:02d}"


def period(text: str) -> Period | None:
    """``2022``, ``2022-03`` or ``2022-02-24``."""
    text = text.strip()
    if text == "":
        return None
    try:
        return Period(text)
    except UsageError:
        raise ValueError("is not a period. Write 2018, 2022-03 or 2022-02-24") from None
