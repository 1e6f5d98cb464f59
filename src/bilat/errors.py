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
        the value that was refused; None if there is none to show.
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
        """Make the error picklable, for other processes: an unusual value goes as its text."""
        is_plain = self.value is None or isinstance(self.value, (str, bytes, bool, int, float))
        value = self.value if is_plain else _Repr(repr(self.value))
        return _unpickled, (type(self), {**self.__dict__, "value": value})

    def __str__(self) -> str:
        parts = [] if self.file is None else [self.file]
        parts += self._place()
        if self.value is not None:
            parts.append(f"value {_short(self.value)} {self.message}")
        elif self._place() and _PREDICATE.match(self.message):
            parts[-1] += f" {self.message}"  # row 1 is empty
        else:
            parts.append(self.message)
        line = ": ".join(parts)
        if self.cure:
            line = f"{line}; {self.cure}"
        return " ".join(line.split())

    def _place(self) -> list[str]:
        """Return the row and the column in words, those that are known."""
        place = []
        if self.row is not None:
            is_locator = isinstance(self.row, str) and self.row[:1].isalpha()
            place.append(str(self.row) if is_locator else f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return place


class _Repr(str):
    """The ``repr`` of a value that could not be pickled, which is shown without more quotes."""

    def __repr__(self) -> str:
        return str(self)


def _unpickled(kind: type[BilatError], state: dict[str, object]) -> BilatError:
    """Return an error with the attributes that were pickled."""
    error = kind.__new__(kind)
    error.args = (state["message"],)
    error.__dict__.update(state)
    return error


def _short(value: Any) -> str:
    text = repr(value)
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text)} characters)"


class UsageError(BilatError, ValueError):
    """A question, a name or an option that bilat cannot work with (exit code 2)."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that no measure, claim or question has."""


class DataError(BilatError):
    """Stored data that cannot answer, or a file whose content is wrong (exit code 1)."""


class Damaged(DataError):
    """A stored file that has changed since it was written.

    What depends on it cannot be answered until it is restored.
    """


class Unforeseen(DataError):
    """An error that nobody foresaw: a fault of bilat, which the user is asked to report."""


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a suggestion for a mistyped name: the nearest known one, or ``otherwise``."""
    near = closest(name, known)
    return f"did you mean {near}?" if near else otherwise


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like a mistyped one; blank if none is like it."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.8)
    return near[0] if near else ""


class UnknownCountry(UsageError):
    """A name or code that is not a country or group bilat knows."""


def as_error(e: Exception, file: str | os.PathLike[str] | None = None) -> BilatError:
    """Return any exception as an error of one line that names a file and a cure.

    Parameters
    ----------
    e
        what was raised; a :class:`BilatError` is returned as it is.
    file
        what was being read or written, for exceptions that do not say so.
    """
    if isinstance(e, BilatError):
        return e
    # DuckDB's exception is known by its name, so that DuckDB need not be imported here.
    is_duckdb = type(e).__name__ == "OutOfMemoryException"
    if isinstance(e, MemoryError) or is_duckdb:
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
    """Return a command line of bilat to be typed into a shell.

    Parameters
    ----------
    words
        the words of the command and its arguments, quoted by the caller where they need it.
    options
        the value of each option, by name. True makes a switch of it, a list repeats the option, a
        tuple gives it several values; None, False and a blank text leave it out.
    """
    line = ["bilat", *words]
    for name, value in options.items():
        option = f"--{name.rstrip('_').replace('_', '-')}"
        for one in value if isinstance(value, list) else [value]:
            if one is None or one is False or one == "":
                continue
            line.append(option)
            if one is not True:
                values = one if isinstance(one, tuple) else (one,)
                line += [shlex.quote(str(each)) for each in values]
    return " ".join(line)
