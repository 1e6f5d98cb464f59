# SPDX-License-Identifier: Apache-2.0
"""Answers of measures that were worked out before, kept by what they rest on.

An answer is kept under the rows of the measure's tables that its date sees, the code and the question. The date counts
only where the measure asked for it, and what else is held where it asked for the holdings (``Ask.rests``): a day on
which no row becomes public needs no new answer. Whether a period is over is seen anew.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, astuple, dataclass, replace
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

#: Rows above which an answer is not written to the disk: they would fill it.
MOST_ROWS = 300_000
#: The key of the answer in the metadata of its rows.
_ANSWER = b"answer"


@dataclass(frozen=True)
class Finished:
    """An answer with what follows from its rows; ``open`` of its points is what their source says."""

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
        """The points, with what is not over at a date marked."""
        return tuple(replace(p, open=True) if is_open(p.period, as_of) else p for p in self.points)


@dataclass(frozen=True)
class CachedAnswer:
    """Where the answer to a question is kept: by its rows alone, or by its date and all that is held too."""

    by_rows: Path
    by_date: Path

    def read(self) -> Finished | None:
        """The answer; None where none is kept, or what is kept is damaged."""
        for path in (self.by_rows, self.by_date):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                return _read(path)
        return None

    def write(self, found: Finished, rests: Set[str]) -> None:
        """Keep an answer; what cannot be kept is asked again."""
        if found.rows.num_rows > MOST_ROWS:
            return
        with contextlib.suppress(OSError, pa.ArrowException, DataError):
            _write(self.by_date if rests else self.by_rows, found)


def cached_answer(
    spec: Measure, dyad: Dyad | None, as_of: AsOf, typed: Mapping[str, object], holdings: Holdings
) -> CachedAnswer | None:
    """Where an answer is kept; None where none is: for measures of one's own, whose code is not ours to follow."""
    folder = cache.folder("answers") if spec.function.__module__.startswith("bilat.") else None
    if folder is None:
        return None
    question = json.dumps([spec.name, str(dyad or ""), {k: text_of(v) for k, v in typed.items()}])
    rows = holdings.visible(spec.tables, as_of)
    by_rows = cache.key(question, rows)
    by_date = cache.key(question, rows, str(as_of), holdings.digest)
    return CachedAnswer(folder / f"{by_rows}.arrow", folder / f"{by_date}.arrow")


def _write(path: Path, found: Finished) -> None:
    answer = {
        "points": [astuple(p) for p in found.points],
        "note": found.note,
        "unit": found.unit.__getnewargs__(),
        "interval": asdict(found.interval),
        "intervals": {k: asdict(v) for k, v in found.intervals.items()},
        "data_to": str(found.data_to or ""),
        "record_to": str(found.record_to or ""),
        "subject": to_plain(found.subject),
    }
    # the same texts stand in many rows: each is written once
    texts = {c: found.rows[c] for c in found.rows.column_names}
    texts = {c: v.dictionary_encode() if v.type == pa.string() else v for c, v in texts.items()}
    rows = (
        pa.table(texts, metadata={_ANSWER: json.dumps(answer).encode()})
        .unify_dictionaries()
        .combine_chunks()
    )
    with (
        atomic_write(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(
            sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
        ) as out,
    ):
        out.write_table(rows)


def _read(path: Path) -> Finished:
    with pa.OSFile(str(path), "rb") as source:
        found = pa.ipc.open_file(
            source, options=pa.ipc.IpcReadOptions(use_threads=False)
        ).read_all()
    answer = json.loads(found.schema.metadata[_ANSWER])
    columns = {c: found[c] for c in found.column_names}
    columns = {
        c: v.cast(pa.string()) if pa.types.is_dictionary(v.type) else v for c, v in columns.items()
    }
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
