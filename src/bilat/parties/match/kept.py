# SPDX-License-Identifier: Apache-2.0
"""An index kept in an Arrow file: texts, arrays and sparse matrices, mapped into memory when it is opened again.

One row; each array is a cell of bytes. Nothing in it is code. A file that is cut or altered is told by its checksum
and is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import sparse

from bilat.errors import DataError
from bilat.files.write import written

#: Indexes kept beside one folder of holdings; the oldest go.
MOST_KEPT = 6
_PARTS = ("data", "indices", "indptr")


def _arrays(values: dict[str, Any]) -> Iterator[tuple[str, str, np.ndarray, list[int]]]:
    """(name, kind, array, shape) of everything that is kept."""
    for name, value in values.items():
        if isinstance(value, list):
            text = "\n".join(v.replace("\n", " ") for v in value).encode("utf-8", "replace")
            yield name, "texts", np.frombuffer(text, dtype=np.uint8), [len(value)]
        elif sparse.issparse(value):
            for part in _PARTS:
                yield f"{name}.{part}", "matrix", getattr(value, part), list(value.shape)
        else:
            yield name, "array", np.ascontiguousarray(value), list(value.shape)


def write(path: Path, values: dict[str, Any]) -> None:
    """Write an index; it takes its place whole. A folder that cannot be written is left as it is."""
    digest, head, cells = hashlib.blake2b(), {}, {}
    for name, kind, array, shape in _arrays(values):
        flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        digest.update(flat.data)
        head[name] = [kind, array.dtype.str, shape]
        offsets = np.asarray([0, flat.nbytes], dtype=np.int64)
        cells[name] = pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(flat)]
        )
    meta = {"parts": json.dumps(head), "sum": digest.hexdigest()}
    table = pa.table(cells).replace_schema_metadata(meta)
    with contextlib.suppress(OSError, DataError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            written(path) as temporary,
            pa.OSFile(str(temporary), "wb") as out,
            pa.ipc.new_file(out, table.schema) as writer,
        ):
            writer.write_table(table)
        old = sorted(path.parent.glob("*.index"), key=lambda p: (p.stat().st_mtime, p.name))
        for gone in old[:-MOST_KEPT]:
            gone.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any] | None:
    """What an index file keeps, mapped; None where there is none, or where it is not whole."""
    try:
        with path.open("rb") as handle:
            mapped = mmap.mmap(
                handle.fileno(), 0, access=mmap.ACCESS_COPY
            )  # the products want arrays of their own
        whole = pa.py_buffer(mapped)
        table = pa.ipc.open_file(pa.BufferReader(whole)).read_all()
        head = json.loads(table.schema.metadata[b"parts"])
        digest, raw = hashlib.blake2b(), {}
        for name in head:
            cell = table.column(name).chunk(0).buffers()[2]
            at, size = (cell.address - whole.address, cell.size) if cell else (0, 0)
            raw[name] = memoryview(mapped)[at : at + size]
            digest.update(raw[name])
        if digest.hexdigest() != table.schema.metadata[b"sum"].decode():
            return None
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
    out: dict[str, Any] = {}
    for name, (kind, dtype, shape) in head.items():
        if kind == "texts":
            out[name] = bytes(raw[name]).decode().split("\n") if shape[0] else []
        else:
            array = np.frombuffer(raw[name], dtype=dtype)
            out[name] = array.reshape(shape) if kind == "array" else array
    for name in [
        n.removesuffix(".data") for n, (kind, *_) in head.items() if kind == "matrix" and n.endswith(".data")
    ]:
        shape = tuple(head[f"{name}.data"][2])
        parts = tuple(out.pop(f"{name}.{part}") for part in _PARTS)
        out[name] = sparse.csr_matrix(parts, shape=shape, copy=False)
    return out
