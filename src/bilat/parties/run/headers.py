# SPDX-License-Identifier: Apache-2.0
"""Which column of a file is what: as the user says, or as likely headers say (``headers.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bilat.errors import DataError, UsageError


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a file: ``fields[n]`` is what column n is, '' for one that is not used."""

    fields: tuple[str, ...]
    labels: tuple[str, ...]  # header of each column, as written
    guessed: tuple[tuple[str, str], ...]  # (field, header) where they differ
    unused: tuple[str, ...]

    @property
    def other_names(self) -> tuple[str, ...]:
        """Columns that have names too, and are not read: one is asked at a time."""
        return tuple(h for h in self.unused if _plain(h) in _table()["fields"]["name"])

    def others(self, cells: Sequence[str]) -> dict[str, str]:
        """What a row says beside the fields that are screened, by header: goods, value, the other party."""
        named = zip(self.fields, self.labels, cells, strict=False)
        return {label: cell for field, label, cell in named if not field and label and cell}

    def notes(self) -> list[str]:
        """What was guessed and what is not used, in words."""
        out = []
        if self.guessed:
            out.append("columns read as: " + ", ".join(f"{label} = {name}" for name, label in self.guessed))
        if self.unused:
            out.append("columns not used: " + ", ".join(self.unused))
        return out


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text("utf-8"))


@cache
def field_names() -> tuple[str, ...]:
    """What a file of queries may say of a name."""
    return tuple(_table()["fields"])


def _plain(header: str) -> str:
    text = header.strip().lower().lstrip("\ufeff")
    return " ".join(re.sub(r"[^\w№]+|_", " ", text).split())


def _shown(header: Sequence[str], most: int = 8) -> str:
    """The first columns of a header, in words."""
    return ", ".join([*(str(h) for h in header[:most]), *(["..."] if len(header) > most else [])])


def parse_map(text: str | None) -> dict[str, str]:
    """``name=Consignee,country=Ctry`` as field -> header.

    Raises
    ------
    UsageError
        for a pair that is none, or a field that bilat does not read.
    """
    out: dict[str, str] = {}
    for pair in filter(None, (p.strip() for p in (text or "").split(","))):
        key, sign, header = (x.strip() for x in pair.partition("="))
        if not sign or not header:
            raise UsageError(f"`map` {pair!r}: write field=Header, name=Consignee,country=Ctry")
        if key not in field_names():
            raise UsageError(
                f"`map` {pair!r}: {key} is not a field; the fields are {', '.join(field_names())}"
            )
        if key in out:
            raise UsageError(f"`map` {pair!r}: {key} stands twice; ask for one column at a time")
        out[key] = header
    return out


def columns_of(file: str, header: Sequence[str], said: Mapping[str, str] | None = None) -> Columns:
    """What each column of a header is.

    ``said`` (field -> header) is followed; other fields are guessed, and what is left over is not used, which the notes
    say.

    Raises
    ------
    DataError
        for a header without a name, one that says a field twice, or a column that was told and is not there.
    """
    said = dict(said or {})
    plain = [_plain(h) for h in header]
    fields = [""] * len(header)
    for name, label in said.items():
        at = [n for n, h in enumerate(plain) if h == _plain(label)]
        if not at:
            raise DataError(
                f"{file}: row 1: no column {label!r} in the header ({_shown(header)}); correct `map`"
            )
        fields[at[0]] = name
    for name, likely in _table()["fields"].items():
        if name in said:
            continue
        own = [n for n, h in enumerate(plain) if h in (name, name.replace("_", " ")) and not fields[n]]
        if len(own) > 1:
            raise DataError(f"{file}: row 1: column {name!r} stands twice in the header; rename one")
        if name == "identifiers":
            for n, h in enumerate(plain):
                if not fields[n] and (
                    h in likely or {*h.split()} & {*likely}
                ):  # `Steuernr. (INN)`, `SWIFT/BIC`
                    fields[n] = name
            continue
        at = own or [n for x in likely for n, h in enumerate(plain) if h == x and not fields[n]][:1]
        if name == "name" and not at:  # `Company / vendor`
            words = {w for x in likely for w in x.split()}
            at = [n for n, h in enumerate(plain) if h and {*h.split()} <= words and not fields[n]][:1]
        parts, never = _table()["parts"].get(name, ()), _table()["parts"]["never"]
        if not at:  # `Date naiss.`
            at = [n for n, h in enumerate(plain) if not fields[n] and any(x in h for x in parts)
                  and not any(x in h for x in never)][:1]  # fmt: skip
        if at:
            fields[at[0]] = name
    if "name" not in fields:
        raise DataError(
            f"{file}: row 1: no column 'name' in the header ({_shown(header)}); say which it is with `map` "
            "name=HEADER, or write a first row that names the columns where there is none"
        )
    unused = [str(h) for h, f in zip(header, fields, strict=True) if not f and str(h).strip()]
    guessed = tuple(
        (f, str(h)) for h, f, p in zip(header, fields, plain, strict=True) if f and p != f.replace("_", " ")
    )
    return Columns(tuple(fields), tuple(map(str, header)), guessed, tuple(unused))
