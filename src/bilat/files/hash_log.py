# SPDX-License-Identifier: Apache-2.0
"""An append-only log of records, a JSON line each, in which every record carries the hash of the
one before it.

Nothing is ever altered or removed: a wrong record is answered by a new one. A changed or cut log is
refused. A last line without its line end is another thing: a write that a full disk or a lost
machine stopped, never acknowledged to anybody. It is passed over, and the next record takes its
place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import Field, asdict, fields
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from bilat.errors import DataError
from bilat.files.lock import exclusive_lock
from bilat.files.write import append, atomic_write, writable

#: What the first record of a log carries in the place of a hash.
GENESIS = "0" * 64
#: No record is longer; a longer line is not a log of ours.
LONGEST_RECORD = 1 << 20
_CURE = "restore the log from a copy"


class LogRecord(Protocol):
    """A dataclass of texts and numbers, ``previous`` among them."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def previous(self) -> str: ...


R = TypeVar("R", bound=LogRecord)


def digest(record: LogRecord, later: tuple[str, ...] = ()) -> str:
    """sha256 of a record, which the next one carries.

    ``later``: fields that the first logs did not have; where one is blank it is left out, so that
    those logs keep their hashes.
    """
    told = {k: v for k, v in asdict(record).items() if k not in later or v}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class HashLog(Generic[R]):
    """The log in a file; made when the first record is added.

    A subclass says in ``kind`` of which dataclass its records are, in ``noun`` what one is called,
    in ``later`` which fields the first logs did not have, and in :meth:`sound` what makes a record
    one of its kind.
    """

    kind: type[R]
    noun = "a record"
    later: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path

    def sound(self, record: R) -> bool:
        """Whether the words of a record are words of its kind."""
        return True

    def digest(self, record: R) -> str:
        """sha256 of a record."""
        return digest(record, self.later)

    def entries(self) -> Iterator[R]:
        """All records, checked; a torn last line is passed over.

        Raises
        ------
        DataError
            for a line that is no record, or whose hash does not follow from the one before it.
        """
        for record, _ in self._lines():
            yield record

    def trail(self) -> list[dict[str, str]]:
        """The audit trail: every record with its hash, oldest first."""
        return [{**asdict(r), "hash": self.digest(r)} for r in self.entries()]

    def write(self, *make: Callable[[str], R]) -> list[R]:
        """Append records, durably and together; each is made from the hash of the one before it.

        Raises
        ------
        DataError
            if the log is damaged or cannot be written; it is then as it was.
        """
        made: list[R] = []
        with writable(self.path, "free space, or name another log"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(
                self.path.with_name(self.path.name + ".lock"), self.path, cure="run this again"
            ):
                last = GENESIS
                end = 0
                for earlier, at in self._lines():
                    last = self.digest(earlier)
                    end = at
                text = ""
                for one in make:
                    made.append(one(last))
                    last = self.digest(made[-1])
                    text += (
                        json.dumps({**asdict(made[-1]), "hash": last}, ensure_ascii=False) + "\n"
                    )
                self._fix_end(end)
                append(self.path, text)
        return made

    def _lines(self) -> Iterator[tuple[R, int]]:
        """(record, bytes up to its end), checked."""
        if not self.path.exists():
            return
        previous = GENESIS
        end = 0
        with writable(self.path, _CURE), self.path.open("rb") as handle:
            for n, raw in enumerate(iter(lambda: handle.readline(LONGEST_RECORD + 1), b""), 1):
                if len(raw) > LONGEST_RECORD:
                    raise DataError(
                        f"is not {self.noun}: the line is too long",
                        file=self.path.name,
                        row=n,
                        cure=_CURE,
                    )
                if not raw.endswith(b"\n") and self._torn(raw):
                    return
                record = self._record(raw, n, previous)
                previous = self.digest(record)
                end = end + len(raw)
                yield record, end

    def _record(self, raw: bytes, n: int, previous: str) -> R:
        known = {f.name for f in fields(self.kind)}
        try:
            told = json.loads(raw)
            record = self.kind(**{k: v for k, v in told.items() if k in known})
            # annotations are kept as texts: a field holds what its annotation names, and no other
            # kind
            whole = all(type(getattr(record, f.name)).__name__ == f.type for f in fields(self.kind))
            whole = whole and told.get("hash") == self.digest(record) and self.sound(record)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise DataError(f"is not {self.noun}", file=self.path.name, row=n, cure=_CURE) from None
        if record.previous != previous or not whole:
            raise DataError(
                "does not follow from the row before it: the log was altered or cut",
                file=self.path.name,
                row=n,
                cure=_CURE,
            )
        return record

    def _fix_end(self, end: int) -> None:
        """Take off a torn last line; put the line end to a whole one that lacks it."""
        data = self.path.read_bytes() if self.path.exists() else b""
        sound = data[:end] if not end or data[end - 1 : end] == b"\n" else data[:end] + b"\n"
        if sound != data:
            with atomic_write(self.path) as temporary:
                temporary.write_bytes(sound)

    def _torn(self, raw: bytes) -> bool:
        """Is a last line without line end the beginning of a record, as a stopped write
        leaves it?
        """
        beginning = f'{{"{fields(self.kind)[0].name}": '.encode()
        if not (raw.startswith(beginning) or beginning.startswith(raw)):
            return False
        try:
            json.loads(raw)
        except (ValueError, RecursionError):
            return True
        return False
