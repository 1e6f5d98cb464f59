# SPDX-License-Identifier: Apache-2.0
"""An index kept in a file: texts, arrays and sparse matrices, mapped into memory when it is opened again.

The file begins with a line of JSON that says what lies where; arrays are aligned to 64 bytes. Nothing in it
is code. A file that is cut or altered is told by its length and its checksum and is made again.
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
from scipy import sparse

from bilat.errors import DataError
from bilat.files.write import written

_MAGIC = "bilat index 1"
_ALIGN = 64
#: Indexes kept beside one folder of holdings; the oldest go.
MOST_KEPT = 6


def _parts(values: dict[str, Any]) -> Iterator[tuple[str, str, np.ndarray, list[int]]]:
    for name, value in values.items():
        if isinstance(value, list):
            text = "\n".join(v.replace("\n", " ") for v in value).encode("utf-8", "replace")
            yield name, "texts", np.frombuffer(text, dtype=np.uint8), [len(value)]
        elif sparse.issparse(value):
            for part in ("data", "indices", "indptr"):
                yield f"{name}.{part}", "matrix", getattr(value, part), list(value.shape)
        else:
            yield name, "array", np.ascontiguousarray(value), list(value.shape)


def _block(array: np.ndarray) -> tuple[memoryview, bytes]:
    """The bytes of an array, not copied, and those that fill up to the next beginning."""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return flat.data, b"\0" * (-flat.nbytes % _ALIGN)


def write(path: Path, values: dict[str, Any]) -> None:
    """Write an index; it takes its place whole. A folder that cannot be written is left as it is."""
    head, at, digest = [], 0, hashlib.blake2b()
    for name, kind, array, shape in _parts(values):
        size = array.nbytes
        head.append([name, kind, array.dtype.str, shape, at, size])
        for block in _block(array):
            digest.update(block)
        at += size + (-size) % _ALIGN
    first = json.dumps({"is": _MAGIC, "parts": head, "bytes": at, "sum": digest.hexdigest()}).encode()
    first += b" " * ((-len(first) - 1) % _ALIGN) + b"\n"
    with contextlib.suppress(OSError, DataError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with written(path) as temporary, temporary.open("wb") as out:
            out.write(first)
            for *_, array, _ in _parts(values):
                for block in _block(array):
                    out.write(block)
        old = sorted(path.parent.glob("*.index"), key=lambda p: (p.stat().st_mtime, p.name))
        for gone in old[:-MOST_KEPT]:
            gone.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any] | None:
    """What an index file keeps, mapped; None where there is none, or where it is not whole."""
    try:
        with path.open("rb") as handle:
            first = handle.readline(1 << 20)
            head = json.loads(first)
            if head.get("is") != _MAGIC or path.stat().st_size != len(first) + head["bytes"]:
                return None
            mapped = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_COPY)
    except (OSError, ValueError, KeyError):
        return None
    body = memoryview(mapped)[len(first) :]
    if hashlib.blake2b(body).hexdigest() != head["sum"]:
        return None
    out: dict[str, Any] = {}
    matrices: dict[str, dict[str, Any]] = {}
    for name, kind, dtype, shape, at, size in head["parts"]:
        raw = body[at : at + size]
        if kind == "texts":
            out[name] = bytes(raw).decode().split("\n") if shape[0] else []
        elif kind == "matrix":
            of, _, part = name.rpartition(".")
            matrices.setdefault(of, {"shape": tuple(shape)})[part] = np.frombuffer(raw, dtype=dtype)
        else:
            out[name] = np.frombuffer(raw, dtype=dtype).reshape(shape)
    for name, m in matrices.items():
        out[name] = sparse.csr_matrix((m["data"], m["indices"], m["indptr"]), shape=m["shape"], copy=False)
    return out
