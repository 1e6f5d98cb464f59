# SPDX-License-Identifier: Apache-2.0
"""Data frames in R's ``.rda`` files (XDR serialisation, versions 2 and 3), read without R.

Enough of the format for a file that holds one data frame of numbers, texts, dates and factors.
Reference: R Internals, section 1.8 "Serialization Formats".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bilat.errors import DataError
from bilat.files.archives import open_unpacked

_NIL = 254
_GLOBAL = 253
_REFERENCE = 255
_SYMBOL = 1
_PAIRS = 2
_CHAR = 9
_LOGICAL = 10
_INTEGER = 13
_REAL = 14
_STRINGS = 16
_LIST = 19
_HAS_ATTRIBUTES = 0x200
_HAS_TAG = 0x400
_UTF8 = 0x8000


@dataclass(frozen=True)
class RVector:
    """One column: an array of numbers, or a list of texts (None where missing).

    ``levels`` are a factor's labels: the numbers then count from 1 into them.
    """

    values: Any
    levels: tuple[str, ...] = ()


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0
        self.symbols: list[Any] = []

    def integer(self) -> int:
        value: int = struct.unpack_from(">i", self.raw, self.at)[0]
        self.at += 4
        return value

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.raw):
            raise ValueError("it ends early")
        value = self.raw[self.at : self.at + count]
        self.at += count
        return value

    def text(self, flags: int) -> str | None:
        length = self.integer()
        if length == -1:
            return None
        return self.take(length).decode("utf-8" if flags & _UTF8 else "latin-1")

    def pairs(self, flags: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while flags & 0xFF == _PAIRS:
            if flags & _HAS_ATTRIBUTES:
                self.item()
            tag = self.item() if flags & _HAS_TAG else ""
            found[str(tag)] = self.item()
            flags = self.integer()
        return found

    def item(self) -> Any:
        flags = self.integer()
        kind = flags & 0xFF
        if kind in (_NIL, _GLOBAL):
            return None
        if kind == _REFERENCE:
            return self.symbols[(flags >> 8 or self.integer()) - 1]
        if kind == _SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == _CHAR:
            return self.text(flags)
        if kind == _PAIRS:
            return self.pairs(flags)
        if kind in (_LOGICAL, _INTEGER):
            values: Any = np.frombuffer(self.take(4 * self.integer()), ">i4").astype("i4")
        elif kind == _REAL:
            values = np.frombuffer(self.take(8 * self.integer()), ">f8").astype("f8")
        elif kind in (_STRINGS, _LIST):
            values = [self.item() for _ in range(self.integer())]
        else:
            raise ValueError(f"it holds an R object of type {kind}")
        attributes = {}
        if flags & _HAS_ATTRIBUTES:
            attributes = self.pairs(self.integer())
        return values, attributes


def frame(path: Path, name: str) -> dict[str, RVector]:
    """The columns of the data frame called ``name`` in an ``.rda`` file.

    Raises
    ------
    DataError
        if the file is none, is cut, or holds another object.
    """
    with open_unpacked(path, path.name) as handle:
        plain = handle.read()
    try:
        if not plain.startswith((b"RDX2\nX\n", b"RDX3\nX\n")):
            raise ValueError("it is not an R data file")
        reader = _Reader(plain)
        reader.at = 7
        version = reader.integer()
        reader.at += 8
        if version == 3:
            reader.take(reader.integer())
        held = reader.pairs(reader.integer())
        if name not in held:
            raise ValueError(f"it holds {', '.join(held) or 'nothing'}, not {name}")
        columns, attributes = held[name]
        names = attributes["names"][0]
        made = {}
        for label, (values, about) in zip(names, columns, strict=True):
            levels = about["levels"][0] if "levels" in about else ()
            made[label] = RVector(values, tuple(levels))
        return made
    except (ValueError, KeyError, IndexError, TypeError, struct.error, RecursionError) as e:
        raise DataError(
            f"cannot be read as an R data file ({e})", file=path.name, cure="pull the file again"
        ) from None
