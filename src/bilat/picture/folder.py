# SPDX-License-Identifier: Apache-2.0
"""A picture appears whole or not at all: it is built beside its place and then moved there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bilat.errors import DataError
from bilat.files.digest import sha256_of
from bilat.files.lock import Lock, exclusive_lock
from bilat.files.write import swap_folder, writable

#: Lists every file of a picture with its sha256; its presence marks a folder as one of ours.
CONTENTS = "contents.json"
MADE_BY = "bilat brief"
#: The lock of a folder that a running process builds in.
_BUILDING = ".building"
_CURE = "free some space, or name another folder with `out`"


@contextlib.contextmanager
def placed(out: Path) -> Iterator[Path]:
    """A fresh folder to build in; it takes the place of ``out`` when the block ends well.

    Raises
    ------
    DataError
        where the place cannot be written, or holds files that are no earlier picture's.
    """
    out = Path(os.path.abspath(out))
    _refuse_foreign(out)
    with writable(out, _CURE):
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            _sweep(out)
            building = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
            own = Lock(building / _BUILDING, building, wait=0, cure=_CURE)
            own.take()
        try:
            yield building
            own.release()
            _list_contents(building)
            building.chmod(0o755)
            with _alone(out):
                _refuse_foreign(out)
                swap_folder(building, out)
        finally:
            own.release()
            shutil.rmtree(building, ignore_errors=True)


def _alone(out: Path) -> Lock:
    return Lock(out.with_name(f".{out.name}.lock"), out, wait=60, cure="wait until it is done")


def _sweep(out: Path) -> None:
    """Remove what killed runs were building: their locks are nobody's now."""
    for left in [
        p
        for p in out.parent.iterdir()
        if p.name.startswith(f".{out.name}-") and (p / _BUILDING).exists()
    ]:
        with contextlib.suppress(DataError), exclusive_lock(left / _BUILDING, left, wait=0):
            shutil.rmtree(left, ignore_errors=True)


def ready(out: Path) -> None:
    """Find out at once whether a picture can be put there, before time is spent on it.

    Raises
    ------
    DataError
        as :func:`placed`.
    """
    out = Path(os.path.abspath(out))
    _refuse_foreign(out)
    with writable(out, _CURE):
        out.parent.mkdir(parents=True, exist_ok=True)
        os.rmdir(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))


def _refuse_foreign(out: Path) -> None:
    if not os.path.lexists(out):
        return
    if not out.is_dir() or out.is_symlink():
        raise DataError(f"{out}: not a folder. Name another with `out`")
    try:
        present = {p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir()}
    except OSError as e:
        raise DataError(
            f"{out}: cannot be read ({e.strerror}). Name another folder with `out`"
        ) from None
    if not present:
        return
    ours: set[str] = set()
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        state = json.loads((out / CONTENTS).read_text("utf-8"))
        if state["made_by"] == MADE_BY:
            ours = {CONTENTS, *state["files"]}
    foreign = sorted(present - ours)
    if foreign:
        raise DataError(
            f"{out}: contains {foreign[0]}, which bilat did not write. "
            "Name another folder with `out`, or move the file"
        )


def _list_contents(folder: Path) -> None:
    files = {
        p.relative_to(folder).as_posix(): sha256_of(p)
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }
    text = json.dumps({"made_by": MADE_BY, "files": files}, indent=1)
    (folder / CONTENTS).write_text(text + "\n", "utf-8")
