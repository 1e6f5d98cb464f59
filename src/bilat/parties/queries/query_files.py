# SPDX-License-Identifier: Apache-2.0
"""The names to screen, read in batches from CSV, JSON lines, Parquet or Excel; bounded memory for
any length.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, takewhile, zip_longest
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.files.text import as_utf8
from bilat.files.validation import refuse_damaged
from bilat.formats.json_text import parse_json
from bilat.formats.table import Place, fields, lines
from bilat.formats.workbook import sheet_rows, workbook
from bilat.parties.queries.encodings import code_page
from bilat.parties.queries.headers import OWNER, VESSEL, Columns, Pairs, columns_of, meaning_of
from bilat.parties.queries.query import Query, identifiers

#: A party of a row, by field.
Record = dict[str, Any]
#: A cell longer than this is a broken quote or a hostile file.
LONGEST_CELL = 100_000


#: Roles of a consignment that a ship cannot have. A carrier may stand for its ship.
_OF_PERSONS_AND_FIRMS = (
    "bank", "owner", "end_user", "manufacturer", "notify", "forwarder", "consignee", "shipper",
    "buyer", "seller",
)  # fmt: skip
_SCHEMAS = {"vessel": "Vessel", **dict.fromkeys(_OF_PERSONS_AND_FIRMS, "PersonOrFirm")}
#: A header, a row of cells under it, and the number that a spreadsheet shows beside the row.
Row = tuple[tuple[str, ...], Sequence[Any], int]


@dataclass
class FileTraits:
    """What is said of a file, and what reading it has shown: its code page and columns."""

    said: Pairs = ()  # by the user of the columns: field, header
    encoding: str = ""
    columns: Columns | None = None
    more: list[str] = field(default_factory=list)

    def notes(self, name: str) -> list[str]:
        """In words."""
        out = (
            [f"{name}: code page {self.encoding}"] if self.encoding not in ("", "utf-8-sig") else []
        )
        return out + self.more + (self.columns.notes() if self.columns else [])


def _delimited(path: Path, seen: FileTraits) -> Iterator[Row]:
    seen.encoding = code_page(path)
    with tempfile.TemporaryDirectory(prefix="bilat-") as work:
        at = path
        encoding = seen.encoding.removesuffix("-sig")
        if encoding == "utf-16":
            at = as_utf8(path, Path(work), encoding, Path(path.name))
            encoding = "utf-8"
        place = Place(at, path.name, most=None, after="")
        _, first = next(lines(place, encoding), (1, ""))
        if not first.strip():
            raise DataError(
                "is empty", file=path.name, row=1, cure="the first line must be the header"
            )
        delimiter = max(",;\t|", key=lambda d: (first.count(d), d == ","))
        alone = None if seen.said else _names_alone(path, first, delimiter)
        if alone is not None:
            for n, text in lines(place, encoding):
                name = text.strip().strip('"').replace('""', '"').strip()
                if name and (n > 1 or alone != first.strip()):
                    yield (alone,), (name,), n
            return
        rows = fields(place, delimiter=delimiter, encoding=encoding)
        line, head = next(rows)
        header = tuple(head)
        broken = _line_breaks(head)
        yield header, (), line
        for line, record in rows:
            broken += _line_breaks(record)
            if len(record) != len(header):
                raise place.refuse(
                    line,
                    None,
                    record[0][:40],
                    f"begins a row of {len(record)} fields where the header has {len(header)}",
                    f"quote fields that contain {delimiter!r}",
                )
            if max(map(len, record)) > LONGEST_CELL:
                size, column = max(
                    (len(cell), label) for cell, label in zip(record, header, strict=True)
                )
                raise DataError(
                    f"has {size:,} characters, more than {LONGEST_CELL:,}",
                    file=path.name,
                    row=line,
                    column=repr(column),
                    cure="is a quote left open?",
                )
            yield header, record, line - broken


def _line_breaks(record: Sequence[str]) -> int:
    """Return the lines that a record fills beyond its first."""
    return sum(cell.count("\n") for cell in record)


def _names_alone(path: Path, first: str, delimiter: str) -> str | None:
    """The header of a file of names alone: its first line, or ``name`` where that is a name; None
    for a table.
    """
    text = path.suffix.lower() == ".txt"
    if delimiter in first and not text:
        return None
    try:
        labels = columns_of(path.name, first.split(delimiter)).labels
    except DataError:
        # A name and no header: it has capitals beyond its first letter, or no header of that kind is known.
        a_name = any(c.isupper() for c in first.strip()[1:]) or not first.isascii()
        if not text and len(first.split()) < 2 and not a_name:
            raise
        return "name"
    return first.strip() if len(labels) == 1 else None


def _json(path: Path) -> Iterator[Row]:
    for n, line in lines(Place(path, path.name, most=None, after="")):
        if not line.strip():
            continue
        try:
            record = parse_json(line)
        except ValueError as e:
            raise DataError(
                f"is not JSON ({e})", file=path.name, row=n, cure="write one object per line"
            ) from None
        if not isinstance(record, dict):
            raise DataError(
                "is not a JSON object", file=path.name, row=n, cure="write one object per line"
            )
        yield tuple(record), list(record.values()), n


def _parquet_file(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    refuse_damaged(path, path.name, "arrow")
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as e:
        raise DataError(f"{path.name}: is not a Parquet file ({e})") from None


def _parquet(path: Path) -> Iterator[Row]:
    file = _parquet_file(path)
    header = tuple(file.schema_arrow.names)
    yield header, (), 0
    batches = file.iter_batches(batch_size=10_000)
    rows = (row for b in batches for row in zip(*(c.to_pylist() for c in b.columns), strict=True))
    for n, row in enumerate(rows, 1):
        yield header, row, n


#: Rows at the head of a sheet among which the header is looked for.
_HEAD_ROWS = 15


def _sheet(path: Path, seen: FileTraits) -> Iterator[Row]:
    """Rows of the first worksheet that are not empty, each as wide as the header."""
    with workbook(path, path.name) as book:
        first = book.worksheets[0]
        if more := len(book.worksheets) - 1:
            seen.more.append(f"sheet {first.title!r} is read; {more} other sheets are not")
        filled = (
            (number, cells)
            for sheet, number, cells in takewhile(
                lambda row: row[0] is first, sheet_rows(book, path.name)
            )
            if any(c not in (None, "") for c in cells)
        )
        head = [*islice(filled, _HEAD_ROWS)]
        if not head:
            raise DataError(
                f"{path.name}: sheet {first.title!r} is empty; the first row must be the header"
            )
        header, begin = _header_of([cells for _, cells in head], [h for _, h in seen.said])
        if begin > 1:
            seen.more.append(f"the header is read from {begin} rows at the head of the sheet")
        yield header, (), head[begin - 1][0]
        for number, cells in chain(head[begin:], filled):
            row = [_excel_cell(c) for c in (*cells, *[None] * len(header))]
            yield header, row[: len(header)], number


def _header_of(head: Sequence[Sequence[Any]], said: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Return the header of a sheet and the number of rows above its first record.

    The header is the first row with a name of a party. A row above it whose cells are merged over
    several columns gives its words to each of them: ``Consignee`` over ``Name`` and ``Country``.
    Titles above are left out.
    """
    rows = [tuple("" if c is None else str(c).strip() for c in cells) for cells in head]
    if said:
        told = {s.strip().casefold() for s in said}
        at = next((n for n, r in enumerate(rows) if told & {c.casefold() for c in r}), 0)
        return rows[at], at + 1
    for n, row in enumerate(rows):
        if sum(map(bool, row)) < 2:
            continue
        below = rows[n + 1] if n + 1 < len(rows) else ()
        if _is_group_row(row, below):
            return _joined(row, below), n + 2
        if any(meaning_of(c).field == "name" for c in row):
            return row, n + 1
    return rows[0], 1


def _is_group_row(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row names roles over the columns of the row below.

    Merged cells leave blanks beside their text.
    """
    gaps = any(not cell and n and row[n - 1] for n, cell in enumerate(row))
    roles = any(meaning_of(cell).role for cell in row)
    fields = sum(meaning_of(cell).field != "" for cell in below)
    return gaps and roles and fields >= 2


def _joined(row: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """Return headers of two rows as one, each merged cell over the columns it covers.

    A merged cell that is no role and only hides what the cell below says, such as ``Parties`` over
    ``Shipper``, is left out. A cell with nothing below is the header of its own column.
    """
    out = []
    group = ""
    for above, cell in zip_longest(row, below, fillvalue=""):
        group = above or group
        whole = f"{group} {cell}".strip() if cell else above
        hidden = not meaning_of(whole).field and meaning_of(cell).field
        out.append(cell if hidden else whole)
    return tuple(out)


def _excel_cell(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value


_READERS: dict[str, Callable[[Path, FileTraits], Iterator[Row]]] = {
    **dict.fromkeys((".parquet", ".pq"), lambda path, _: _parquet(path)),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), lambda path, _: _json(path)),
    **dict.fromkeys((".csv", ".tsv", ".txt"), _delimited),
    **dict.fromkeys((".xlsx", ".xlsm"), _sheet),
}


def read_queries(path: Path, seen: FileTraits | None = None) -> Iterator[Query]:
    """The queries of a file, in order: every name that each row has.

    ``seen`` has what the user says of the columns, and is filled with what was found.

    Raises
    ------
    UsageError
        if the file does not exist or its ending is none of .csv, .tsv, .txt, .jsonl, .json, .ndjson, .parquet, .xlsx.
    DataError
        for a header without a name, a column that cannot be used, a broken row, or bytes that are not text.

    """
    if not path.is_file():
        raise UsageError(f"{path}: file not found")
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UsageError(
            f"{path.name}: queries are .csv, .jsonl, .parquet or .xlsx, not {suffix or 'without an ending'}"
        )
    seen = seen or FileTraits()
    return _queries(path, seen, _READERS[suffix](path, seen))


def table_queries(table: Any, seen: FileTraits) -> list[Query]:
    """Return the queries of a table in memory: a data frame, or a list of mappings from header to
    cell.

    Raises
    ------
    DataError
        for a header without a name, or a column that cannot be used.

    """
    if hasattr(table, "columns"):
        header = tuple(map(str, table.columns))
        records = (
            table.itertuples(index=False, name=None)
            if hasattr(table, "itertuples")
            else table.rows()
        )
        rows = ((header, [*map(_cell_text, record)], n) for n, record in enumerate(records, 1))
    else:
        labels = dict.fromkeys(str(key) for record in table for key in record)
        header = tuple(labels)
        rows = (
            (header, [_cell_text(record.get(k)) for k in header], n)
            for n, record in enumerate(table, 1)
        )
    return [*_queries(Path("rows"), seen, rows)]


def is_file_name(text: str) -> bool:
    """Return whether a text is the name of a file of queries, by its ending."""
    return "\n" not in text and Path(text).suffix.lower() in _READERS


def is_table(of: object) -> bool:
    """Whether something is a table in memory, and not names."""
    if hasattr(of, "columns") and (hasattr(of, "itertuples") or hasattr(of, "rows")):
        return True
    return isinstance(of, Sequence) and bool(of) and all(isinstance(x, Mapping) for x in of)


def _cell_text(value: Any) -> Any:
    """Return a cell as a file would have it; a missing value of a data frame is blank."""
    if value is None or value != value:
        return ""
    return _excel_cell(value)


def _queries(path: Path, seen: FileTraits, rows: Iterator[Row]) -> Iterator[Query]:
    known: dict[tuple[str, ...], tuple[Columns, tuple[str, ...]]] = {}
    for header, cells, n in rows:
        if header not in known:
            columns = columns_of(path.name, header, seen.said, max(n, 1))
            known[header] = columns, columns.names
            seen.columns = seen.columns or columns
        if not cells:  # the header alone
            continue
        columns, names = known[header]
        texts = tuple(["" if c is None else str(c) for c in cells])
        roles = columns.roles or ("",) * len(names)
        records = [*zip(names, roles, columns.records(cells), strict=True)]
        present = [x for x in records if _is_present(x[2]) or _has_flag_alone(x[2], x[1])]
        for column, role, record in present or records[:1]:
            several = column if len(names) > 1 else ""
            for one in _owners(record) if role == OWNER else (record,):
                yield _query(path.name, n, one, texts, several, columns, role)


#: An owner with its share as people write them in one cell: ``Alfa Holding 51%; Beta (49 %)``.
_WITH_SHARE = re.compile(r"\s*(?P<name>.+?)[\s,:(–-]*(?P<share>\d{1,3}(?:[.,]\d+)?)\s*%\)?\s*")


def _owners(record: Record) -> list[Record]:
    """Return the owners of a cell, each with its share, where every one has it there; else the cell
    as it is.
    """
    pieces = [piece for piece in str(record.get("name") or "").split(";") if piece.strip()]
    found = [_WITH_SHARE.fullmatch(piece) for piece in pieces]
    if not found or not all(found):
        return [record]
    return [{**record, **match.groupdict()} for match in found if match is not None]


def _is_present(record: Any) -> bool:
    """Whether a row has a name or a number of a party."""
    return any(str(record.get(key) or "").strip() for key in ("name", "identifiers"))


def _has_flag_alone(record: Record, role: str) -> bool:
    """Return whether a row has a ship of which it says the flag, and neither name nor number."""
    return role == VESSEL and bool(str(record.get("country") or "").strip())


def _query(
    file: str,
    row: int,
    record: Record,
    cells: tuple[str, ...],
    column: str,
    columns: Columns,
    role: str,
) -> Query:
    said = {}
    for name, value in record.items():
        if isinstance(value, (list, tuple)):
            value = ";".join(map(str, value))
        said[name] = text = "" if value is None else str(value)
        if "\x00" in text:
            raise DataError(
                "has a NUL, which no name has",
                file=file,
                row=row,
                column=name,
                value=text,
                cure="take it out",
            )
    numbers = identifiers(said.get("identifiers", "")[:1000])
    name = said.get("name", "")
    first = next(iter(numbers), None)
    title = f"{first.kind.upper()} {first.value}" if first and not name.strip() else ""
    return Query(
        id=said.get("query_id") or str(row),
        name=name,
        row=row,
        schema=said.get("schema") or _SCHEMAS.get(role),
        address=said.get("address", "")[:1000],
        country=said.get("country", ""),
        identifiers=numbers,
        born=said.get("birth_date", "")[:100],
        nationality=said.get("nationality", ""),
        place=said.get("place", "")[:200],
        cells=cells,
        column=column,
        columns=columns,
        role=role,
        title=title,
        share=said.get("share", "")[:20],
    )


def count_rows(path: Path) -> int | None:
    """Rows of a file, for a progress bar; lines for text (a line break in quotes counts twice)."""
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        return int(_parquet_file(path).metadata.num_rows)
    if suffix in (".xlsx", ".xlsm"):
        return None
    with path.open("rb") as handle:
        lines = sum(block.count(b"\n") for block in iter(lambda: handle.read(1 << 20), b""))
    return max(lines - (suffix in (".csv", ".tsv", ".txt")), 0)
