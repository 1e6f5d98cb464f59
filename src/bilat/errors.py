# SPDX-License-Identifier: Apache-2.0
"""Errors that a person is meant to read: one clear line, and the exit code that goes with it.

An error may carry where it happened (``file``, ``row``, ``column``), the ``value`` that was refused
and the ``cure``; the line is then put together from them, so that no caller has to take a sentence
apart::

    DataError("is not a year", file="tiv.csv", row=7, column="year", value="20x1", cure="write 2022")
    tiv.csv: row 7: column year: value '20x1' is not a year; write 2022
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
from collections.abc import Iterable
from typing import Any

#: What is printed of a value: a hostile file may have put a megabyte into one cell.
LONGEST_VALUE = 200
#: A message that continues a sentence whose subject is the row or the column.
_PREDICATE = re.compile(r"(is|has|are|was|must|cannot|does|ends|covers|lacks|needs)\b")


class BilatError(Exception):
    """Base of every error that a person is meant to read: one clear line.

    Parameters
    ----------
    message
        what is wrong; the whole line where no other part is given.
    file, row, column
        where; ``row`` is a number, or a locator such as ``line 7``.
    value
        what stood there; None where there is nothing to show.
    cure
        what to do about it.
    """

    exit_code = 1

    def __init__(
        self,
        message: str = "",
        *,
        file: str | os.PathLike[str] | None = None,
        row: int | str | None = None,
        column: str | None = None,
        value: Any = None,
        cure: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = None if file is None else os.fspath(file)
        self.row = row
        self.column = column
        self.value = value
        self.cure = cure

    def __reduce__(self) -> tuple[Any, ...]:
        """An error travels between processes whole; a value that cannot travel goes as
        it is shown.
        """
        plain = self.value is None or isinstance(self.value, (str, bytes, bool, int, float))
        state = {**self.__dict__, "value": self.value if plain else _Shown(repr(self.value))}
        return _again, (type(self), state)

    def __str__(self) -> str:
        parts = [] if self.file is None else [self.file]
        if self.row is not None:
            parts.append(
                self.row
                if isinstance(self.row, str) and self.row[:1].isalpha()
                else f"row {self.row}"
            )
        if self.column is not None:
            parts.append(f"column {self.column}")
        shown = "" if self.value is None else f"value {_short(self.value)} "
        placed = self.row is not None or self.column is not None
        if placed and not shown and _PREDICATE.match(self.message):
            parts[-1] += f" {self.message}"  # row 1 is empty
        else:
            parts.append(shown + self.message)
        line = ": ".join(parts)
        return " ".join((f"{line}; {self.cure}" if self.cure else line).split())


class _Shown(str):
    """A value that stayed in the process that refused it: its text, shown without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _again(kind: type[BilatError], state: dict[str, object]) -> BilatError:
    """The error that a pickle holds."""
    error = kind.__new__(kind)
    error.args = (state["message"],)
    error.__dict__.update(state)
    return error


def _short(value: Any) -> str:
    text = repr(value)
    return (
        text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text)} characters)"
    )


class UsageError(BilatError, ValueError):
    """What was asked cannot be asked (exit code 2)."""

    exit_code = 2


class UnknownName(UsageError):
    """There is no measure, claim or question of the name that was asked for."""


class DataError(BilatError):
    """What is held cannot answer, or what came in is not what it should be (exit code 1)."""


class Damaged(DataError):
    """A file that is held is not the one that was written: what rests on it cannot be answered
    until it is restored.
    """


class Unforeseen(DataError):
    """An error that nobody foresaw: bilat's own fault, and to be reported."""


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """What is said to whoever mistyped a name: the known one that is nearest, or ``otherwise``."""
    near = closest(name, known)
    return f"did you mean {near}?" if near else otherwise


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that a mistyped one is nearest to; blank where none is near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.8)
    return near[0] if near else ""


class UnknownCountry(UsageError):
    """A name or code that is not a country or group bilat knows."""


def as_error(e: Exception, file: str | os.PathLike[str] | None = None) -> BilatError:
    """Whatever was raised, as an error of one line that names a file and a cure.

    ``file`` is what was being read or written, where the exception does not say.
    """
    if isinstance(e, BilatError):
        return e
    if (
        isinstance(e, MemoryError) or type(e).__name__ == "OutOfMemoryException"
    ):  # of DuckDB, by its name alone
        return DataError(
            "needs more memory than there is",
            file=file,
            cure="close other programs, or ask for less",
        )
    if isinstance(e, OSError):
        place = e.filename if isinstance(e.filename, str) else file
        return DataError(
            f"cannot be read or written ({e.strerror or e})",
            file=place,
            cure="check its place, permissions and disk",
        )
    said = " ".join(f"{type(e).__name__}: {e}".split())[:LONGEST_VALUE]
    if file is not None:
        return DataError(
            f"is not what it should be ({said})", file=file, cure="check the file, or get it again"
        )
    return Unforeseen(
        f"this should not happen ({said})", cure="run again with `debug` and report what it prints"
    )


def command(*words: str, **options: object) -> str:
    """A line to be typed. True is a switch, a list repeats the option, a tuple is its values; None
    leaves it out.
    """
    line = ["bilat", *words]
    for name, value in options.items():
        option = f"--{name.rstrip('_').replace('_', '-')}"
        for one in value if isinstance(value, list) else [value]:
            if one not in (None, "", False):
                values = () if one is True else one if isinstance(one, tuple) else (one,)
                line += [option, *(shlex.quote(str(v)) for v in values)]
    return " ".join(line)
