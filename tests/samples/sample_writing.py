# SPDX-License-Identifier: Apache-2.0
"""How samples are written: quoting, line ends and packing as the publisher has them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib
import io
import json
import random
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from bilat.catalog import File, Source, read, source

HERE = Path(__file__).parent
BOM = "\ufeff"
CRLF = "\r\n"
#: (source, name of the file) -> what makes its bytes, before packing.
SAMPLES: dict[tuple[str, str], Callable[[random.Random], bytes]] = {}
HEADERS: dict[str, str] = tomllib.loads((HERE / "headers.toml").read_text("utf-8"))

Make = Callable[[random.Random], bytes]


def sample(source: str, name: str) -> Callable[[Make], Make]:
    """Declare what makes the sample of one file of a source; the number drawn from is seeded by its name."""

    def keep(make: Make) -> Make:
        SAMPLES[source, name] = make
        return make

    return keep


def packed(name: str, plain: bytes) -> bytes:
    """The bytes as the publisher packs them: the same for the same input, whatever the day."""
    return gzip.compress(plain, 9, mtime=0) if name.endswith(".gz") else plain


def lines(
    rows: Iterable[Sequence[Any]],
    *,
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
    delimiter: str = ",",
) -> str:
    """Rows as delimited lines."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def table(
    key: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
    delimiter: str = ",",
    above: str = "",
    rest: Any = "",
) -> bytes:
    """The file ``source/name``: its header, and a line a row; columns that a row does not name are ``rest``."""
    header = HEADERS[key]
    names = next(csv.reader([header], delimiter=delimiter))
    full = []
    for row in rows:
        assert set(row) <= set(names), sorted(set(row) - set(names))
        full.append([row.get(n, rest) for n in names])
    return (
        above + header + end + lines(full, end=end, quoting=quoting, delimiter=delimiter)
    ).encode()


def file_of(name: str, path: Path) -> tuple[Source, File]:
    """The source, and its file of that name as the catalog describes it."""
    origin = source(name)
    return origin, next(f for f in origin.files if Path(f.path).name == path.name)


def written() -> dict[Path, bytes]:
    """Place and bytes of each sample."""
    for module in sorted({p.stem for p in HERE.glob("sample_*.py")} - {Path(__file__).stem}):
        importlib.import_module(module)
    return {
        HERE / name / file: packed(file, make(random.Random(f"{name}/{file}")))
        for (name, file), make in sorted(SAMPLES.items())
    }


def digest(rows: pa.Table) -> str:
    """sha256 over the rows, in their order."""
    text = json.dumps(rows.to_pylist(), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def as_read(path: Path) -> dict[str, dict[str, object]]:
    """{table: rows and hash} of one sample; its own rows too where the catalog has a floor of them."""
    origin, file = file_of(path.parent.name, path)
    made: dict[str, list[pa.Table]] = {}
    for name, rows in read(origin, file.model_copy(update={"min_rows": 1, "min_lines": 0}), path):
        made.setdefault(name, []).append(rows)
    joined = {t: pa.concat_tables(parts) for t, parts in made.items()}
    own = {"lines": lines_of(path)} if file.min_lines else {}
    return {
        t: {"rows": rows.num_rows, **own, "sha256": digest(rows)}
        for t, rows in sorted(joined.items())
    }


def lines_of(path: Path) -> int:
    """The rows of a CSV file below its header, counted without a reader of the catalog's."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return sum(1 for row in csv.reader(handle) if row) - 1
