# SPDX-License-Identifier: Apache-2.0
"""An index kept in an .npz file: texts, arrays and sparse matrices, nothing of it code. A file that is cut or altered
is found out by its checksums and is made again.
"""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bilat.errors import DataError
from bilat.files.lock import Lock
from bilat.files.write import atomic_write
from bilat.parties.match.packed_texts import PackedTexts

#: Indexes kept beside one folder of holdings; the oldest go.
MOST_KEPT = 6
#: Seconds to wait for another process that makes the same index.
_LONGEST = 300.0
_PARTS = ("data", "indices", "indptr", "shape")
#: What an index file keeps under a name.
IndexValue = list[str] | PackedTexts | np.ndarray | sparse.csr_matrix


def _arrays(values: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    """Each array with its name: ``text.NAME`` for a list of texts, ``packed.NAME.PART``
    for packed ones, ``matrix.NAME.PART`` for a sparse matrix.
    """
    for name, value in values.items():
        if isinstance(value, list):
            lines = "".join(v.replace("\n", " ") + "\n" for v in value)
            yield f"text.{name}", np.frombuffer(lines.encode("utf-8", "replace"), dtype=np.uint8)
        elif isinstance(value, PackedTexts):
            yield f"packed.{name}.text", value.packed
            yield f"packed.{name}.ends", value.ends
        elif sparse.issparse(value):
            yield from (
                (f"matrix.{name}.{part}", np.asarray(getattr(value, part))) for part in _PARTS
            )
        else:
            yield name, value


def write(path: Path, values: dict[str, Any], *, packed: bool = False) -> None:
    """Write an index; it takes its place whole. A folder that cannot be written is left as it is."""
    with contextlib.suppress(OSError, DataError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary, temporary.open("wb") as out:
            (np.savez_compressed if packed else np.savez)(out, **dict(_arrays(values)))  # type: ignore[arg-type]
        old = sorted(path.parent.glob("*.index"), key=lambda p: (p.stat().st_mtime, p.name))
        for gone in old[:-MOST_KEPT]:
            gone.unlink(missing_ok=True)


@contextlib.contextmanager
def making(path: Path) -> Iterator[None]:
    """Let one process alone make an index: another that needs it waits and finds it made.

    A folder that cannot be written has no lock, and a process that waited too long makes its own.
    """
    lock = Lock(path.with_suffix(".lock"), path, wait=_LONGEST, cure="wait until it is made")
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, DataError):
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock)
        yield


def read_texts(path: Path, name: str) -> list[str]:
    """Return one list of texts of an index, without the rest; none where the file is not whole."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return stored[f"text.{name}"].tobytes().decode().split("\n")[:-1]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return []


def read(path: Path) -> dict[str, Any] | None:
    """What an index file keeps; None where there is none, or where it is not whole."""
    out: dict[str, Any] = {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            for name in stored.files:
                kind, _, rest = name.partition(".")
                if kind == "text":
                    out[rest] = stored[name].tobytes().decode().split("\n")[:-1]
                elif kind == "matrix" and name.endswith(".shape"):
                    of = rest.removesuffix(".shape")
                    parts = tuple(stored[f"matrix.{of}.{part}"] for part in _PARTS[:3])
                    out[of] = sparse.csr_matrix(
                        parts, shape=tuple(stored[name].tolist()), copy=False
                    )
                elif kind == "packed" and name.endswith(".ends"):
                    of = rest.removesuffix(".ends")
                    out[of] = PackedTexts(stored[f"packed.{of}.text"], stored[name])
                elif kind not in ("matrix", "packed"):
                    out[name] = stored[name]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    return out
