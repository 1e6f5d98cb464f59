# SPDX-License-Identifier: Apache-2.0
"""Which column of a file is what: as the user says, or as likely headers say (``headers.toml``).

A file may name several parties in a row, shipper and consignee: all are asked. A column whose header shares a word with
that of a name (``Shipper address``) speaks of that party, any other of the first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bilat.errors import DataError, UsageError

#: Words in the header of a name that tell no party from another.
_NEUTRAL = frozenset(("name", "names", "full", "of", "the", "company", "party", "entity"))
#: A field and the header of the column that it is.
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a file: ``parties[k][n]`` is what column n is of the k-th name of a row, '' where it is not used."""

    labels: tuple[str, ...]  # header of each column, as written
    parties: tuple[tuple[str, ...], ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """What each column is of the first name."""
        return self.parties[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Headers of the columns of names."""
        return tuple(self.labels[fields.index("name")] for fields in self.parties)

    def records(self, cells: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """For each name of a row field -> cell; columns of numbers are joined, each with its header as label."""
        for fields in self.parties:
            out: dict[str, Any] = {}
            numbers: list[str] = []
            for field, label, cell in zip(fields, self.labels, cells, strict=True):
                if field == "identifiers":
                    own = _plain(label) in ("identifiers", "ids", "identifier")
                    each = (
                        cell if isinstance(cell, (list, tuple)) else [] if cell is None else [cell]
                    )
                    parts = (p for x in each for p in str(x).split(";") if p.strip())
                    numbers += [p if own or ":" in p else f"{label}:{p}" for p in parts]
                elif field:
                    out[field] = cell
            yield {**out, "identifiers": ";".join(numbers)} if numbers else out

    def beside(self, column: str, cells: Sequence[str]) -> dict[str, str]:
        """What a row says beside the fields of one of its names, by header: goods, value, the other party."""
        fields = self.parties[self.names.index(column)] if column in self.names else self.fields
        named = zip(fields, self.labels, cells, strict=False)
        return {label: cell for field, label, cell in named if not field and label and cell}

    def notes(self) -> list[str]:
        """What was guessed and what is not used, in words."""
        used = {n: f for of in reversed(self.parties) for n, f in enumerate(of) if f}
        guessed = [
            f"{self.labels[n]} = {f}"
            for n, f in sorted(used.items())
            if _plain(self.labels[n]) != f.replace("_", " ")
        ]
        unused = [h for n, h in enumerate(self.labels) if n not in used and h.strip()]
        told = (("columns read as: ", guessed), ("columns not used: ", unused))
        return [what + ", ".join(of) for what, of in told if of]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text("utf-8"))


def _plain(header: str) -> str:
    text = header.strip().lower().lstrip("\ufeff")
    return " ".join(re.sub(r"[^\w№]+|_", " ", text).split())


def parse_map(text: str | None) -> Pairs:
    """``name=Consignee,country=Ctry`` as pairs of field and header; ``name`` may stand more than once.

    Raises
    ------
    UsageError
        for a pair that is none, a field that bilat does not read, or one that stands twice.
    """
    out: list[tuple[str, str]] = []
    for pair in filter(None, (p.strip() for p in (text or "").split(","))):
        key, sign, header = (x.strip() for x in pair.partition("="))
        if not sign or not header:
            raise UsageError(f"`map` {pair!r}: write field=Header, name=Consignee,country=Ctry")
        if key not in _table()["fields"]:
            raise UsageError(
                f"`map` {pair!r}: {key} is not a field; the fields are {', '.join(_table()['fields'])}"
            )
        if key != "name" and key in dict(out):
            raise UsageError(f"`map` {pair!r}: {key} stands twice; name one column for it")
        out.append((key, header))
    return out


def columns_of(file: str, header: Sequence[str], said: Pairs = (), row: int = 1) -> Columns:
    """What each column of a header is.

    ``said`` is followed; other fields are guessed, and what is left over is not used, which the notes say.

    Raises
    ------
    DataError
        for a header without a name, one that says a field twice, or a column that was told and is not there.
    """
    plain = [_plain(str(h)) for h in header]
    shown = ", ".join(map(str, [*header[:8], *["..."][: len(header[8:])]]))
    fixed: dict[int, str] = {}
    for field, label in said:
        if _plain(label) not in plain:
            raise DataError(
                f"no column {label!r} in the header ({shown}); correct `map`", file=file, row=row
            )
        fixed[plain.index(_plain(label))] = field
    for field in _table()["fields"]:
        if (
            field not in ("identifiers", *fixed.values())
            and plain.count(field.replace("_", " ")) > 1
        ):
            raise DataError(
                f"column {field!r} stands twice in the header; rename one", file=file, row=row
            )
    found = _names(plain, fixed)
    asked = [n for n, field in fixed.items() if field == "name"] or found
    if not asked:
        raise DataError(
            f"no column 'name' in the header ({shown}); say which it is with `map` name=HEADER, or write a first row "
            "that names the columns where there is none",
            file=file,
            row=row,
        )
    roles = {n: {*plain[n].split()} - _NEUTRAL for n in dict.fromkeys((*asked, *found))}
    parties: list[tuple[str, ...]] = []
    for name in asked:
        free = {
            n: " ".join(w for w in h.split() if w not in roles[name])
            for n, h in enumerate(plain)
            if n not in roles
            and name == next((k for k, words in roles.items() if words & {*h.split()}), asked[0])
        }
        of = {k: v for k, v in fixed.items() if v != "name"} if name == asked[0] else {}
        parties.append(_fields(plain, free, of | {name: "name"}))
    ids = parties[0].index("query_id") if "query_id" in parties[0] else -1
    whole = (tuple("query_id" if n == ids else f for n, f in enumerate(of)) for of in parties)
    return Columns(tuple(map(str, header)), tuple(whole))


def _names(plain: Sequence[str], fixed: Mapping[int, str]) -> list[int]:
    """The columns of names, the likeliest first."""
    likely = _table()["fields"]["name"]
    found = [n for x in likely for n, h in enumerate(plain) if h == x and n not in fixed]
    words = {w for x in likely for w in x.split()}  # `Company / vendor`
    return (
        found
        or [n for n, h in enumerate(plain) if h and {*h.split()} <= words and n not in fixed][:1]
    )


def _fields(
    plain: Sequence[str], free: Mapping[int, str], fixed: Mapping[int, str]
) -> tuple[str, ...]:
    """What each column is of one name; ``free``: the columns that speak of it, without the words that say so."""
    fields = [fixed.get(n, "") for n in range(len(plain))]
    parts = _table()["parts"]
    never = _table()["parts"]["never"]
    for field, likely in _table()["fields"].items():
        if field in fields:
            continue
        left = {n: bare for n, bare in free.items() if not fields[n]}
        if field == "identifiers":  # `Steuernr. (INN)`, `SWIFT/BIC`
            for n in left:
                if plain[n] in likely or {*plain[n].split()} & {*likely}:
                    fields[n] = field
            continue
        own = [n for n in left if plain[n] == field.replace("_", " ")]
        theirs = [
            n
            for n, bare in left.items()
            if bare != plain[n] and bare in likely and field != "query_id"
        ]
        at = theirs or own or [n for x in likely for n in left if plain[n] == x]
        at = at or [  # `Date naiss.`
            n
            for n in left
            if any(x in plain[n] for x in parts.get(field, ()))
            and not any(x in plain[n] for x in never)
        ]
        if at:
            fields[at[0]] = field
    return tuple(fields)
