# SPDX-License-Identifier: Apache-2.0
"""A cache of the answers of measures.

The key of an answer is the question, the code, and the rows of the measure's tables that the as-of
date sees. The date itself and all other holdings are in the key only if the measure read them
(``Ask.rests``), so that a day on which no row becomes public needs no new answer. Whether a period
is over is not stored, but decided when the answer is read.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import pyarrow as pa

from bilat.document.blocks import Point
from bilat.document.fields import text_of
from bilat.document.interval import Interval
from bilat.dyad import Dyad
from bilat.errors import DataError
from bilat.files import cache
from bilat.files.write import atomic_write
from bilat.holdings import Holdings
from bilat.measures.answer import is_open
from bilat.measures.declare import Measure
from bilat.subject import Subject, from_plain, to_plain
from bilat.units import Unit
from bilat.when import AsOf

#: The most rows of an answer that is stored.
MOST_ROWS = 300_000
#: The key of the answer in the metadata of its rows.
_ANSWER = b"answer"
#: The fields of a point, all of them plain, in the order in which one is made.
_OF_POINT = tuple(field.name for field in fields(Point))


@dataclass(frozen=True)
class Finished:
    """An answer with everything that its rows decide.

    A point is ``open`` here only if its source calls the period incomplete.
    """

    points: tuple[Point, ...]
    rows: pa.Table
    note: str
    unit: Unit
    interval: Interval
    intervals: Mapping[str, Interval]
    data_to: dt.date | None
    record_to: dt.date | None
    subject: Subject

    def points_of(self, as_of: AsOf) -> tuple[Point, ...]:
        """Return the points, with those marked ``open`` whose period is not over at a date."""
        return tuple(replace(p, open=True) if is_open(p.period, as_of) else p for p in self.points)


@dataclass(frozen=True)
class CachedAnswer:
    """The files of the answer to a question.

    ``by_rows`` is for an answer that depends only on its rows, ``by_date`` for one that depends on
    the date or on other holdings too.
    """

    by_rows: Path
    by_date: Path

    def read(self) -> Finished | None:
        """Return the answer; None if none is stored, or the file is damaged."""
        for path in (self.by_rows, self.by_date):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                return _read(path)
        return None

    def write(self, found: Finished, rests: Set[str]) -> None:
        """Store an answer, if it is not too large and the folder can be written."""
        if found.rows.num_rows > MOST_ROWS:
            return
        with contextlib.suppress(OSError, pa.ArrowException, DataError):
            _write(self.by_date if rests else self.by_rows, found)


def cached_answer(
    spec: Measure, dyad: Dyad | None, as_of: AsOf, typed: Mapping[str, object], holdings: Holdings
) -> CachedAnswer | None:
    """Return the files of an answer; None if it is not cached.

    Answers of measures in other packages are not cached, since changes of their code go unnoticed.
    """
    folder = cache.folder("answers") if spec.function.__module__.startswith("bilat.") else None
    if folder is None:
        return None
    params = {name: text_of(value) for name, value in typed.items()}
    # A user may add the same rows in another unit, which is no part of the code.
    unit = [spec.unit.kind, str(spec.unit)]
    question = json.dumps([spec.name, unit, str(dyad or ""), params])
    rows = holdings.visible(spec.tables, as_of)
    by_rows = cache.key(question, rows)
    by_date = cache.key(question, rows, str(as_of), holdings.digest)
    return CachedAnswer(folder / f"{by_rows}.arrow", folder / f"{by_date}.arrow")


def _write(path: Path, found: Finished) -> None:
    answer = {
        "points": [[getattr(p, name) for name in _OF_POINT] for p in found.points],
        "note": found.note,
        "unit": found.unit.__getnewargs__(),
        "interval": asdict(found.interval),
        "intervals": {k: asdict(v) for k, v in found.intervals.items()},
        "data_to": str(found.data_to or ""),
        "record_to": str(found.record_to or ""),
        "subject": to_plain(found.subject),
    }
    # Many rows have the same texts; a dictionary stores each text once.
    columns = {}
    for name in found.rows.column_names:
        column = found.rows[name]
        columns[name] = column.dictionary_encode() if column.type == pa.string() else column
    rows = pa.table(columns, metadata={_ANSWER: json.dumps(answer).encode()})
    rows = rows.unify_dictionaries().combine_chunks()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with (
        atomic_write(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, rows.schema, options=options) as out,
    ):
        out.write_table(rows)


def _read(path: Path) -> Finished:
    options = pa.ipc.IpcReadOptions(use_threads=False)
    with pa.OSFile(str(path), "rb") as source:
        found = pa.ipc.open_file(source, options=options).read_all()
    answer = json.loads(found.schema.metadata[_ANSWER])
    columns = {}
    for name in found.column_names:
        column = found[name]
        is_coded = pa.types.is_dictionary(column.type)
        columns[name] = column.cast(pa.string()) if is_coded else column
    return Finished(
        points=tuple(Point(*p) for p in answer["points"]),
        rows=pa.table(columns),
        note=answer["note"],
        unit=Unit(*answer["unit"]),
        interval=Interval(**answer["interval"]),
        intervals={k: Interval(**v) for k, v in answer["intervals"].items()},
        data_to=_day(answer["data_to"]),
        record_to=_day(answer["record_to"]),
        subject=from_plain(answer["subject"]),
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
