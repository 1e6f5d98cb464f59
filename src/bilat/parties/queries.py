# SPDX-License-Identifier: Apache-2.0
"""The names to screen, read in batches from CSV, JSON lines or Parquet; bounded memory for any length."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.files.text import separated
from bilat.formats.parties import Identifier
from bilat.formats.parties.identifiers import canonical

COLUMNS = ("query_id", "name", "schema", "address", "country", "identifiers", "hs6", "incorporated")
_NAMES = {
    "id": "query_id",
    "q": "name",
    "query": "name",
    "ids": "identifiers",
    "hs": "hs6",
    "party_name": "name",
}
#: A cell longer than this is a broken quote or a hostile file.
LONGEST_CELL = 100_000


@dataclass(frozen=True, slots=True)
class Query:
    """One line to screen."""

    id: str
    name: str
    row: int
    schema: str | None = None
    address: str = ""
    country: str = ""
    identifiers: tuple[Identifier, ...] = field(default=())
    hs6: str = ""
    incorporated: str = ""


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Numbers written ``inn:7703…; imo:9187629`` or bare; the kind of a bare one is told by its check
    digits.
    """
    out = []
    for part in text.replace(",", ";").split(";"):
        kind, _, value = part.strip().rpartition(":")
        if any(c.isdigit() for c in value):
            out.append(Identifier(*canonical(kind.strip().lower() or "other", value.strip()[:64])))
    return tuple(dict.fromkeys(out))


def _query(path: Path, row: int, record: dict[str, Any]) -> Query:
    def cell(name: str) -> str:
        value = record.get(name)
        if value is None:
            return ""
        if isinstance(value, (list, tuple)):
            value = ";".join(map(str, value))
        return str(value).replace("\x00", "")

    return Query(
        id=cell("query_id") or str(row),
        name=cell("name"),
        row=row,
        schema=cell("schema") or None,
        address=cell("address")[:1000],
        country=cell("country"),
        identifiers=identifiers(cell("identifiers")[:1000]),
        hs6=cell("hs6"),
        incorporated=cell("incorporated"),
    )


def _columns(path: Path, found: list[str]) -> list[str]:
    lower = [c.strip().lower().lstrip("\ufeff") for c in found]
    renamed = [_NAMES.get(c, c) if _NAMES.get(c) not in lower else c for c in lower]
    if "name" not in renamed:
        raise DataError(
            f"{path.name}: row 1: no column 'name' in the header {found[:8]}; queries need a "
            f"column name and may "
            f"have {', '.join(c for c in COLUMNS if c != 'name')}"
        )
    twice = {c for c in renamed if c in COLUMNS and renamed.count(c) > 1}
    if twice:
        raise DataError(
            f"{path.name}: row 1: column {sorted(twice)[0]!r} stands twice in the header; rename one"
        )
    return renamed


def _csv(path: Path, skip: int) -> Iterator[Query]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            if not first.strip():
                raise DataError(f"{path.name}: row 1: is empty; the first line must be the header")
            delimiter = max(",;\t|", key=lambda d: (first.count(d), d == ","))
            header = next(separated(io.StringIO(first), delimiter=delimiter))
            columns = _columns(path, header)
            reader = separated((line.replace("\x00", "") for line in handle), delimiter=delimiter)
            for n, record in enumerate(reader, 1):
                if not record or n <= skip:
                    continue
                if max(map(len, record)) > LONGEST_CELL:
                    at = max(range(len(record)), key=lambda i: len(record[i]))
                    raise DataError(
                        f"{path.name}: row {n + 1}: column {(columns[at : at + 1] or ['beyond the header'])[0]!r} "
                        f"has {len(record[at]):,} characters, more than {LONGEST_CELL:,}; is a quote left open?"
                    )
                if len(record) != len(columns):
                    raise DataError(
                        f"{path.name}: row {n + 1}: {len(record)} fields where the header has {len(columns)} "
                        f"(first field {record[0][:40]!r}); quote fields that contain {delimiter!r}"
                    )
                yield _query(path, n, dict(zip(columns, record, strict=True)))
    except UnicodeDecodeError as e:
        raise DataError(
            f"{path.name}: byte {e.start} is not UTF-8 ({e.object[e.start : e.start + 4]!r}); "
            f"save the file as UTF-8"
        ) from None
    except csv.Error as e:
        raise DataError(f"{path.name}: row near {skip}: {e}; is a quote left open?") from None


def _json(path: Path, skip: int) -> Iterator[Query]:
    try:
        with path.open(encoding="utf-8-sig") as handle:
            for n, line in enumerate(handle, 1):
                if n <= skip or not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (json.JSONDecodeError, RecursionError) as e:
                    raise DataError(
                        f"{path.name}: row {n}: is no JSON ({e}); write one object per line"
                    ) from None
                if not isinstance(record, dict):
                    raise DataError(f"{path.name}: row {n}: is no JSON object; write one object per line")
                record = {_NAMES.get(k, k): v for k, v in record.items()}
                if "name" not in record:
                    raise DataError(
                        f'{path.name}: row {n}: has no "name"; write {{"query_id": …, "name": …}}'
                    )
                yield _query(path, n, record)
    except UnicodeDecodeError as e:
        raise DataError(f"{path.name}: byte {e.start} is not UTF-8; save the file as UTF-8") from None


def _parquet_file(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as e:
        raise DataError(f"{path.name}: is no Parquet file ({e})") from None


def _parquet(path: Path, skip: int) -> Iterator[Query]:
    file = _parquet_file(path)
    columns = _columns(path, file.schema_arrow.names)
    row = 0
    for batch in file.iter_batches(batch_size=10_000):
        if row + batch.num_rows <= skip:
            row += batch.num_rows
            continue
        for record in batch.rename_columns(columns).to_pylist():
            row += 1
            if row > skip:
                yield _query(path, row, record)


def read_queries(path: Path, skip: int = 0) -> Iterator[Query]:
    """The queries of a file, in order, after the first ``skip`` rows.

    Raises ------ UsageError if the file does not exist or its ending is none of .csv, .tsv, .txt, .jsonl,
    .json, .ndjson, .parquet. DataError for a header without ``name``, a broken row, or bytes that are no
    UTF-8.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file of queries")
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        return _parquet(path, skip)
    if suffix in (".jsonl", ".ndjson", ".json"):
        return _json(path, skip)
    if suffix in (".csv", ".tsv", ".txt"):
        return _csv(path, skip)
    raise UsageError(
        f"{path.name}: queries are .csv, .jsonl or .parquet, not {suffix or 'without an ending'}"
    )


def count_rows(path: Path) -> int | None:
    """Rows of a file, for a progress bar; lines for text (a line break in quotes counts twice)."""
    if path.suffix.lower() in (".parquet", ".pq"):
        return int(_parquet_file(path).metadata.num_rows)
    with path.open("rb") as handle:
        lines = sum(block.count(b"\n") for block in iter(lambda: handle.read(1 << 20), b""))
    return max(lines - (path.suffix.lower() in (".csv", ".tsv", ".txt")), 0)
