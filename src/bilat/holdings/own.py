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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bilat.catalog.sources import forget, own_sources, sources
from bilat.errors import DataError, UsageError
from bilat.files.digest import sha256_of
from bilat.files.write import writable, write_text
from bilat.holdings.store import Added, Store, default_folder
from bilat.places import country_or_none

#: What cells look like, the narrowest first, by the names that a reader's columns have for them.
_KINDS = {
    "year": r"(18|19|20)\d\d",
    "month": r"(18|19|20)\d\d-(0[1-9]|1[0-2])",
    "day": r"(18|19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "number": r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
}
_TIMES = ("year", "month", "day")
_NUMBERS = ("number", "year")
_WRITE = {
    "period": "write years as 2024, months as 2024-05, days as 2024-05-31, all alike",
    "value": "write 1234.5",
}
#: What stands in the place of a value that is not known: such a row is left out and counted.
_ABSENT = ("", "n/a", "na", "n.a.", "nan", "-", "–", "..", "…")
#: Marks between cells, in the order in which they are preferred.
_MARKS = ",;\t"


@dataclass(frozen=True)
class Guess:
    """Which columns of a file are its period, its value and, where there is one, its group."""

    header: tuple[str, ...]
    period: str
    kind: str  #: year, month or day
    value: str
    group: str
    rows: int
    absent: int  #: rows without a value, which are left out
    #: What stands in the group's cells -> the code of the state that it names.
    words: tuple[tuple[str, str], ...] = ()
    mark: str = ","  #: between cells


def guess(path: Path, *, period: str = "", value: str = "", group: str = "") -> Guess:
    """Guess the columns of a CSV file with a header, and the mark between its cells; what is given
    is not guessed.

    Raises
    ------
    DataError
        for a file that is no such table, or of which more than one column could be meant.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            mark = max(_MARKS, key=first.count)
            handle.seek(0)
            reader = csv.reader(handle, strict=True, delimiter=mark)
            lines = [(reader.line_num, r) for r in reader if r]
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise DataError(
            f"cannot be read as CSV ({e})", file=path, cure="save it as CSV in UTF-8"
        ) from None
    if len(lines) < 2:
        raise DataError(
            "has no row below the header",
            file=path,
            cure="put the names of the columns in the first row",
        )
    header = [h.strip() for h in lines[0][1]]
    body = lines[1:]
    if short := next((n for n, r in body if len(r) != len(header)), None):
        raise DataError(
            f"has not {len(header)} cells as the header has",
            file=path,
            row=short,
            cure="fill them in",
        )
    columns = {h: [(n, r[i].strip()) for n, r in body] for i, h in enumerate(header)}
    filled = {
        h: [(n, c) for n, c in cells if c.lower() not in _ABSENT] for h, cells in columns.items()
    }
    kinds = {h: _kind([c for _, c in (filled[h] or columns[h])]) for h in columns}
    for given in filter(None, (period, value, group)):
        if given not in kinds:
            raise DataError(
                "is no column", file=path, value=given, cure=f"write one of {', '.join(header)}"
            )
    when = period or _one(
        path, "period", [h for h, k in kinds.items() if k in _TIMES], columns, _TIMES
    )
    if kinds[when] not in _TIMES:
        _first_bad(path, "period", when, columns[when], _TIMES)
    numbers = [h for h, k in kinds.items() if k in _NUMBERS and h not in (when, group)]
    rest = {h: cells for h, cells in filled.items() if h not in (when, group)}
    what = value or _one(path, "value", numbers, rest, _NUMBERS)
    if kinds[what] not in _NUMBERS:
        _first_bad(path, "value", what, filled[what], _NUMBERS)
    texts = [h for h, k in kinds.items() if k == "text" and h != when]
    parts = group or (texts[0] if len(texts) == 1 else "")
    cells = sorted({c for _, c in columns[parts]}) if parts else []
    words = tuple((c, country_or_none(c) or c) for c in cells)
    absent = len(body) - len(filled[what])
    return Guess(
        tuple(header), when, kinds[when], what, parts, len(body) - absent, absent, words, mark
    )


def _kind(cells: Sequence[str]) -> str:
    return next(
        (
            k
            for k, pattern in _KINDS.items()
            if all(re.fullmatch(pattern, c.strip()) for c in cells)
        ),
        "text",
    )


def _fits(cell: str, kind: str) -> bool:
    return re.fullmatch(_KINDS[kind], cell) is not None


def _one(
    path: Path,
    what: str,
    able: list[str],
    columns: dict[str, list[tuple[int, str]]],
    kinds: Sequence[str],
) -> str:
    """The one column that is able; where none is, but most cells of one are, its first bad row is
    refused."""
    if len(able) == 1:
        return able[0]
    for name, cells in columns.items() if not able else ():
        if any(2 * sum(_fits(c, k) for _, c in cells) > len(cells) for k in kinds):
            _first_bad(path, what, name, cells, kinds)
    found = f"could be {', '.join(able)}" if able else "is in no column"
    raise DataError(f"its {what} {found}", file=path, cure=f"name the column with `{what}`")


def _first_bad(
    path: Path, what: str, name: str, cells: list[tuple[int, str]], kinds: Sequence[str]
) -> NoReturn:
    kind = max(kinds, key=lambda k: sum(_fits(c, k) for _, c in cells))
    row, cell = next((n, c) for n, c in cells if not _fits(c, kind))
    raise DataError(
        f"is no {kind}, as the {what} of other rows is",
        file=path,
        row=row,
        column=name,
        value=cell,
        cure=_WRITE[what],
    )


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
    name = name or re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(
            f"{name!r} is no name: write lower-case letters, digits and underscores, a letter first"
        )
    if name in sources() and name not in own_sources():
        raise UsageError(f"{name!r} is a source of the catalog's: name yours with `name`")
    root = default_folder()
    digest = sha256_of(path)
    declared = root / "sources" / f"{name}.toml"
    before = declared.read_text("utf-8") if declared.is_file() else None
    with writable(root, "free space, or set BILAT_HOLDINGS to another folder"):
        declared.parent.mkdir(parents=True, exist_ok=True)
        write_text(declared, _toml(path, found, digest, publisher, unit, public or dt.date.today()))
    forget()
    try:
        source = sources()[name]
        return Store(root).add(source, source.files[0], path)
    except BaseException:
        declared.unlink() if before is None else write_text(declared, before)
        forget()
        raise


def _toml(path: Path, found: Guess, digest: str, publisher: str, unit: str, public: dt.date) -> str:
    columns = {"period": f"{found.period}:{found.kind}!", "value": f"{found.value}:number!"}
    fixed = {"variable": "own", "unit": unit, "kind": "reported"}
    if found.group:
        columns["entity"] = f"{found.group}:word!"
    else:
        fixed["entity"] = "all"

    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    column = '"' + found.value.replace('"', '""') + '"'
    absent = ", ".join(f"'{x}'" for x in _ABSENT)

    def table(values: dict[str, str]) -> str:
        return "\n".join(f"{k} = {text(v)}" for k, v in values.items())

    head = {
        "title": found.value.replace("_", " "),
        "producer": publisher,
        "citation": f"{publisher}, {path.name}",
        "licence": "the user's own file",
        "url": "",
        "cadence": "as it is added",
        "grade": "F6",
        "grade_why": "added by a user, not assessed",
        "embed": "none",
        "embed_why": "the user's own file",
    }
    words = (
        f"[read.words.entity]\n{table({text(w): code for w, code in found.words})}\n"
        if found.words
        else ""
    )
    file = {
        "path": path.name,
        "sha256": digest,
        "vintage_basis": "stated when it was added",
        "series": "own",
    }
    return (
        f'{table(head)}\ntables = ["series"]\n\n[read]\ntable = "series"\nheader = {text(list(found.header))}\n'
        f"delimiter = {text(found.mark)}\n"
        f"select = {text(f'SELECT * FROM raw WHERE lower(trim({column})) NOT IN ({absent})')}\n"
        f'known = "vintage"\n[read.columns]\n{table(columns)}\n[read.fixed]\n{table(fixed)}\n{words}\n[keys]\n'
        f'series = ["entity", "variable", "period"]\n\n[[files]]\n{table(file)}\nvintage = {public}\n'
    )
