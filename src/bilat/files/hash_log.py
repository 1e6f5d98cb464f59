# SPDX-License-Identifier: Apache-2.0
"""An append-only log of records, a JSON line each, in which every record carries the hash of the
one before it.

Nothing is ever altered or removed: a wrong record is answered by a new one. A changed or cut log is
refused. The exception is a last line that ends in the middle of a record: a full disk or a lost
machine stopped that write, and nobody was told that it had succeeded. Readers skip it, and the next
record replaces it.
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
#: The most bytes of a line: a longer record is not written, and a longer line is refused.
LONGEST_RECORD = 1 << 20
_CURE = "restore the log from a copy"


class LogRecord(Protocol):
    """A dataclass of texts and numbers, ``previous`` among them."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def previous(self) -> str: ...


R = TypeVar("R", bound=LogRecord)


def digest(record: LogRecord, later: tuple[str, ...] = ()) -> str:
    """Return the sha256 of a record, which the next record carries.

    Parameters
    ----------
    record
        the record; its own field ``previous`` is part of what is hashed.
    later
        fields that the first logs did not have. A blank one is left out of the hash, so that the
        records of those logs keep theirs.
    """
    hashed = {k: v for k, v in asdict(record).items() if v or k not in later}
    text = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _has_type(value: object, annotation: object) -> bool:
    """Return whether a value is exactly of the annotated type."""
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return type(value).__name__ == name


class HashLog(Generic[R]):
    """A log in a file, which is made when the first record is added.

    A subclass sets the attributes below and may override :meth:`sound`.

    Attributes
    ----------
    kind
        the dataclass of the records.
    noun
        what messages call a record.
    later
        fields that the first logs did not have; see :func:`digest`.
    """

    kind: type[R]
    noun = "a record"
    later: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_valid(self, record: R) -> bool:
        """Return whether the values of a record are allowed, such as its verdict or marking."""
        return True

    def digest(self, record: R) -> str:
        """Return the sha256 of a record of this log."""
        return digest(record, self.later)

    def entries(self) -> Iterator[R]:
        """Yield all records, each checked; an unfinished last line is skipped.

        Raises
        ------
        DataError
            for a line that is no record, or whose hash does not follow from the one before it.
        """
        for record, _ in self._lines():
            yield record

    def trail(self) -> list[dict[str, str]]:
        """Return every record with its hash, oldest first."""
        return [{**asdict(r), "hash": self.digest(r)} for r in self.entries()]

    def write(self, *make: Callable[[str], R]) -> list[R]:
        """Append records, durably: all of them or none.

        Parameters
        ----------
        make
            a function for each record, which makes it from the hash of the one before it.

        Raises
        ------
        DataError
            if the log is damaged or cannot be written, or a record is too long; the log is then
            as it was.
        """
        made: list[R] = []
        with writable(self.path, "free space, or name another log"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(
                self.path.with_name(self.path.name + ".lock"), self.path, cure="run this again"
            ):
                previous = GENESIS
                end = 0
                for earlier, end_of_line in self._lines():
                    previous = self.digest(earlier)
                    end = end_of_line
                lines = []
                for make_record in make:
                    record = make_record(previous)
                    previous = self.digest(record)
                    lines.append(self._line(record, previous))
                    made.append(record)
                self._fix_end(end)
                append(self.path, "".join(lines))
        return made

    def _line(self, record: R, record_hash: str) -> str:
        """Return the line of a record with its hash.

        Raises
        ------
        DataError
            for a record that is too long to be read again.
        """
        line = json.dumps({**asdict(record), "hash": record_hash}, ensure_ascii=False) + "\n"
        if len(line.encode()) > LONGEST_RECORD:
            raise DataError(
                f"{self.noun} is too long: a line may have {LONGEST_RECORD:,} bytes",
                file=self.path.name,
                cure="write it shorter",
            )
        return line

    def _lines(self) -> Iterator[tuple[R, int]]:
        """Yield each record, checked, and the number of bytes up to the end of its line."""
        if not self.path.exists():
            return
        previous = GENESIS
        end = 0
        # `writable` turns what the system says of the file into a DataError.
        with writable(self.path, _CURE), self.path.open("rb") as handle:
            lines = iter(lambda: handle.readline(LONGEST_RECORD + 1), b"")
            for n, raw in enumerate(lines, 1):
                if len(raw) > LONGEST_RECORD:
                    raise DataError(
                        f"is not {self.noun}: the line is too long",
                        file=self.path.name,
                        row=n,
                        cure=_CURE,
                    )
                if not raw.endswith(b"\n") and self._is_unfinished(raw):
                    return
                record = self._record(raw, n, previous)
                previous = self.digest(record)
                end += len(raw)
                yield record, end

    def _record(self, raw: bytes, n: int, previous: str) -> R:
        """Return the record of line ``n``, which must carry the hash of the one before it."""
        columns = fields(self.kind)
        names = {column.name for column in columns}
        try:
            read = json.loads(raw)
            record = self.kind(**{name: value for name, value in read.items() if name in names})
            # `column.type` is a type, or its name in modules whose annotations are not evaluated.
            has_types = all(_has_type(getattr(record, f.name), f.type) for f in columns)
            has_hash = read.get("hash") == self.digest(record)
            is_intact = has_types and has_hash and self.is_valid(record)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise DataError(f"is not {self.noun}", file=self.path.name, row=n, cure=_CURE) from None
        if record.previous != previous or not is_intact:
            raise DataError(
                "does not follow from the row before it: the log was altered or cut",
                file=self.path.name,
                row=n,
                cure=_CURE,
            )
        return record

    def _fix_end(self, end: int) -> None:
        """Remove an unfinished last line, and end the last record with a line end.

        Parameters
        ----------
        end
            the number of bytes up to the end of the last record.
        """
        data = self.path.read_bytes() if self.path.exists() else b""
        mended = data[:end]
        if mended and not mended.endswith(b"\n"):
            mended += b"\n"
        if mended != data:
            with atomic_write(self.path) as temporary:
                temporary.write_bytes(mended)

    def _is_unfinished(self, raw: bytes) -> bool:
        """Return whether a last line without line end is the beginning of a record."""
        beginning = f'{{"{fields(self.kind)[0].name}": '.encode()
        if not (raw.startswith(beginning) or beginning.startswith(raw)):
            return False
        try:
            json.loads(raw)
        except (ValueError, RecursionError):
            return True
        return False
