# SPDX-License-Identifier: Apache-2.0
"""A file of the user's own as a source: its columns guessed, declared beside the holdings, its rows
taken in.

What is guessed is written to ``sources/NAME.toml`` in the folder of the user's holdings, in the
form of every source of the catalog, where it can be corrected by hand; ``bilat ask NAME`` answers
from it.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bilat.catalog.sources import forget, own_sources, sources
from bilat.errors import DataError, UsageError
from bilat.files.digest import sha256_of
from bilat.files.json_types import Json
from bilat.files.write import writable, write_text
from bilat.holdings.own_cells import (
    ABSENT,
    DAY,
    NUMBER,
    NUMBERS,
    PERIODS,
    QUARTER,
    TEXT,
    Ambiguous,
    ReadColumn,
    column_of,
    fits,
)
from bilat.holdings.own_table import OwnTable, read_table
from bilat.holdings.store import Added, Store, default_folder
from bilat.places import country_or_none

_CURE = {
    "period": "write years as 2024, months as 2024-05, quarters as 2024Q2, days as 2024-05-31, "
    "all alike",
    "value": "write 1234.5",
}
#: What is added to the unit of figures by quarter, which are stored by their last month.
_BY_QUARTER = "for the quarter that ends with the month"


#: What a column holds, in words, where its name alone would not say it.
_IN_WORDS = {"period": "date or period"}


@dataclass(frozen=True)
class Guess:
    """Which columns of a file are its period, its value and, where there is one, its group.

    ``figures``: (row of the file, period, value, group) of each row with a value, as they are taken
    in. ``said``: what a user must know of how they were read.
    """

    period: str
    kind: str  #: year, month, quarter or day
    value: str
    group: str
    figures: tuple[tuple[int, str, str, str], ...]
    absent: int  #: rows without a value, which are left out
    said: tuple[str, ...] = ()
    #: What stands in the group's cells -> the code of the state that it names.
    words: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> int:
        """Return the number of rows that are taken in."""
        return len(self.figures)


def guess(path: Path, *, period: str = "", value: str = "", group: str = "") -> Guess:
    """Guess the columns of a table in CSV or in a workbook; what is given is not guessed.

    Years, months, quarters and days, thousands and decimals are read in the shapes in which people
    write them; a table with a column for each year is turned.

    Raises
    ------
    DataError
        for a file that is no such table, or of which more than one column could be meant.
    """
    columns = _Columns(path, read_table(path))
    for given in filter(None, (period, value, group)):
        if given not in columns.table.header:
            cure = f"write one of {', '.join(columns.table.header)}"
            raise DataError("is not a column", file=path, value=given, cure=cure)
    when = period or columns.only("period", PERIODS, without=())
    columns.check("period", when, PERIODS)
    what = value or columns.only("value", NUMBERS, without=(when, group))
    columns.check("value", what, NUMBERS)
    parts = group or columns.group(without=(when, what))
    figures = tuple(columns.figures(when, what, parts))
    in_group = sorted({text for *_, text in figures}) if parts else []
    return Guess(
        period=when,
        kind=columns.read[when].kind,
        value=what,
        group=parts,
        figures=figures,
        absent=len(columns.table.rows) - len(figures),
        said=tuple(columns.said((when, what, parts))),
        words=tuple((text, country_or_none(text) or text) for text in in_group),
    )


class _Columns:
    """The columns of a table, each with the kind of its filled cells."""

    def __init__(self, path: Path, table: OwnTable) -> None:
        self.path = path
        self.table = table
        self.cells = {head: table.column(head) for head in table.header}
        self.filled = {head: _filled(cells) for head, cells in self.cells.items()}
        self.read: dict[str, ReadColumn] = {}
        #: Columns whose cells may be read in two ways, which matters where one of them is used.
        self.ambiguous: dict[str, Ambiguous] = {}
        for head, filled in self.filled.items():
            try:
                texts = [cell for _, cell in filled]
                self.read[head] = column_of(texts, semicolons=table.mark == ";")
            except Ambiguous as e:
                self.ambiguous[head] = e
                self.read[head] = ReadColumn(NUMBER if fits(e.cell, NUMBER) else DAY, ())

    def only(self, what: str, kinds: Sequence[str], without: Sequence[str]) -> str:
        """Return the one column of some kinds. Where none is, but most cells of one are, its first
        bad row is refused.
        """
        rest = [head for head in self.table.header if head not in without]
        able = [head for head in rest if self.filled[head] and self.read[head].kind in kinds]
        if len(able) == 1:
            return able[0]
        for head in rest if not able else ():
            if any(self._mostly(head, kind) for kind in kinds):
                self._refuse_first_bad(what, head, kinds)
        found = (
            f"several columns could hold the {what}: {', '.join(able)}"
            if able
            else f"no column looks like a {_IN_WORDS.get(what, what)}"
        )
        raise DataError(found, file=self.path, cure=f"name the right one with `{what}`")

    def _mostly(self, head: str, kind: str) -> bool:
        filled = self.filled[head]
        return 2 * sum(fits(cell, kind) for _, cell in filled) > len(filled)

    def check(self, what: str, head: str, kinds: Sequence[str]) -> None:
        """Refuse a column that is of no such kind, or may be read in two ways."""
        ambiguous = self.ambiguous.get(head)
        if ambiguous is not None:
            row = next(line for line, cell in self.filled[head] if ambiguous.cell in cell)
            raise DataError(
                str(ambiguous),
                file=self.path,
                row=row,
                column=head,
                value=ambiguous.cell,
                cure=_CURE[what],
            )
        if not self.filled[head]:
            raise DataError("is empty", file=self.path, column=head, cure="fill it in")
        if self.read[head].kind not in kinds:
            self._refuse_first_bad(what, head, kinds)

    def _refuse_first_bad(self, what: str, head: str, kinds: Sequence[str]) -> NoReturn:
        filled = self.filled[head]
        kind = max(kinds, key=lambda k: sum(fits(cell, k) for _, cell in filled))
        bad = ((line, cell) for line, cell in filled if not fits(cell, kind))
        row, cell = next(bad, filled[0])
        raise DataError(
            f"is not a {kind}, as the {what} of other rows is",
            file=self.path,
            row=row,
            column=head,
            value=cell,
            cure=_CURE[what],
        )

    def group(self, without: Sequence[str]) -> str:
        """Return the column by which the rows are told apart: the only one of text, else the first
        that names states; blank for none.
        """
        heads = [head for head in self.table.header if head not in without]
        texts = [head for head in heads if self.filled[head] and self.read[head].kind == TEXT]
        if len(texts) == 1:
            return texts[0]
        return next((head for head in texts if self._names_states(head)), "")

    def _names_states(self, head: str) -> bool:
        texts = {cell for _, cell in self.filled[head]}
        return 2 * sum(country_or_none(text) is not None for text in texts) > len(texts)

    def figures(self, when: str, what: str, parts: str) -> Iterator[tuple[int, str, str, str]]:
        """Return the rows that have a value, as they are taken in."""
        periods = self._by_row(when)
        values = self._by_row(what)
        groups = [cell for _, cell in self.cells[parts]] if parts else [""] * len(self.table.rows)
        for (line, _), period, value, group in zip(
            self.table.rows, periods, values, groups, strict=True
        ):
            if value is None:
                continue
            if period is None:
                raise DataError(
                    "is empty", file=self.path, row=line, column=when, cure=_CURE["period"]
                )
            yield line, period, value, group

    def _by_row(self, head: str) -> list[str | None]:
        """Return a column as it is read, None for an empty cell."""
        read = iter(self.read[head].cells)
        return [None if _is_absent(cell) else next(read) for _, cell in self.cells[head]]

    def said(self, used: Sequence[str]) -> Iterator[str]:
        """Return what a user must know of how the columns were read."""
        if self.table.by_years:
            yield "A column for each year was turned into rows"
        for head in used[:2]:
            change = self.read[head].change([cell for _, cell in self.filled[head]])
            if change:
                yield f"In {head}, {change}"
        unused = [head for head in self.table.header if head not in used]
        if unused:
            yield f"Not used: {', '.join(unused)}"


def _is_absent(cell: str) -> bool:
    return cell.lower() in ABSENT


def _filled(cells: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(line, cell) for line, cell in cells if not _is_absent(cell)]


def add(
    path: Path,
    found: Guess,
    *,
    publisher: str,
    unit: str,
    name: str = "",
    public: dt.date | None = None,
) -> Added:
    """Declare the file as a source of the user's own and take in its rows, all or none.

    Parameters
    ----------
    name
        what it is asked by; blank for the file's own name.
    public
        since when the public knows it; None: today.

    Raises
    ------
    UsageError
        for a name that is no name or a source of the catalog's.
    DataError
        if a row cannot be read or the folder cannot be written; what was held stays as it was.
    """
    name = name or _name_of(path)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(
            f"{name!r} is not a name: write lower-case letters, digits and underscores, a letter "
            "first"
        )
    if name in sources() and name not in own_sources():
        raise UsageError(f"{name!r} is a source of the catalog's: name yours with `name`")
    root = default_folder()
    declared = root / "sources" / f"{name}.toml"
    before = declared.read_text("utf-8") if declared.is_file() else None
    with tempfile.TemporaryDirectory(prefix="bilat-own-") as folder:
        tidy = Path(folder) / f"{name}.csv"
        _write_tidy(found, tidy)
        source = _declaration(path, found, publisher=publisher, unit=unit) | {
            "files": [_file(tidy, public or dt.date.today())]
        }
        with writable(root, "free space, or set BILAT_HOLDINGS to another folder"):
            declared.parent.mkdir(parents=True, exist_ok=True)
            write_text(declared, _toml(source))
        forget()
        try:
            taken = sources()[name]
            return Store(root).add(taken, taken.files[0], tidy)
        except BaseException:
            declared.unlink() if before is None else write_text(declared, before)
            forget()
            raise


def _name_of(path: Path) -> str:
    """Return the name of a file's measure, if the user gives none."""
    return re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")


@dataclass(frozen=True)
class Removed:
    """A table that was removed, and the number of its versions."""

    name: str
    versions: int


def remove(named: str) -> Removed:
    """Remove a table that the user added: its rows, its file and its declaration.

    Parameters
    ----------
    named
        the name of the measure, or the file that was added under its own name.

    Raises
    ------
    UsageError
        if the user added no such table.
    DataError
        if the folder cannot be written.
    """
    own = own_sources()
    name = named if named in own else _name_of(Path(named))
    if name not in own:
        there = f"choose from {', '.join(sorted(own))}" if own else "you have none"
        raise UsageError(f"there is no table {name!r} that you added; {there}")
    root = default_folder()
    versions = Store(root).drop(name)
    with writable(root, "free the folder, and run this again"):
        (root / "sources" / f"{name}.toml").unlink()
    forget()
    return Removed(name, versions)


#: Columns of the file that is taken in: each figure with its row in the user's file.
_TIDY = ("file_line", "period", "value", "group")


def _write_tidy(found: Guess, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(_TIDY)
        rows.writerows(found.figures)


def _declaration(path: Path, found: Guess, *, publisher: str, unit: str) -> dict[str, Json]:
    """Return the declaration of a source but for its file, in the form of the catalog's."""
    columns = {"period": "period:period!", "value": "value:number!"}
    fixed = {
        "variable": "own",
        "unit": f"{unit}, {_BY_QUARTER}" if found.kind == QUARTER else unit,
        "kind": "reported",
    }
    if found.group:
        columns["entity"] = "group:word!"
    else:
        fixed["entity"] = "all"
    read: dict[str, Json] = {
        "table": "series",
        "header": list(_TIDY),
        "select": 'SELECT period, value, "group", CAST(file_line AS BIGINT) AS line FROM raw',
        "known": "vintage",
        "columns": columns,
        "fixed": fixed,
    }
    if found.words:
        read["words"] = {"entity": dict(found.words)}
    return {
        "title": found.value.replace("_", " "),
        "producer": publisher,
        "citation": f"{publisher}, {path.name} (SHA-256 {sha256_of(path)[:12]})",
        "licence": "the user's own file",
        "url": "",
        "cadence": "as it is added",
        "grade": "F6",
        "grade_why": "added by a user, not assessed",
        "embed": "none",
        "embed_why": "the user's own file",
        "tables": ["series"],
        "keys": {"series": ["entity", "variable", "period"]},
        "read": read,
    }


def _file(tidy: Path, public: dt.date) -> dict[str, Json]:
    return {
        "path": tidy.name,
        "sha256": sha256_of(tidy),
        "vintage_basis": "stated when it was added",
        "series": "own",
        "vintage": public.isoformat(),
    }


def _toml(table: Mapping[str, Json], name: str = "") -> str:
    """Return a table as TOML, its own values before the tables in it.

    JSON's texts and lists of texts are TOML's too.
    """
    values = []
    below = []
    for key, value in table.items():
        quoted = json.dumps(key, ensure_ascii=False)
        inner = f"{name}.{quoted}" if name else quoted
        if isinstance(value, Mapping):
            below.append(f"\n[{inner}]\n{_toml(value, inner)}")
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for one in value:
                below.append(f"\n[[{inner}]]\n{_toml(one, inner)}")
        else:
            values.append(f"{quoted} = {json.dumps(value, ensure_ascii=False)}\n")
    return "".join((*values, *below))
