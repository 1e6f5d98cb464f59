# SPDX-License-Identifier: Apache-2.0
"""Files are written whole or not at all: beside their place, flushed to the disk, then moved there.

A reader sees the old file or the new one. A full disk, a lost permission or a kill leaves what was
there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bilat.errors import DataError

#: How the name ends of a file that is not finished; a sweep may remove such a file under the
#: folder's lock.
UNFINISHED = ".part"
#: What to do about a file that is there and may not be replaced: Excel locks an open workbook.
OPEN_ELSEWHERE = "close it if it is open in another program, or name another file"


@contextlib.contextmanager
def writable(place: str | Path, cure: str = "free space, or name another place") -> Iterator[None]:
    """Turn what the system says of a place that cannot be written into one line.

    Raises
    ------
    DataError
        for any OSError in the block.
    """
    try:
        yield
    except OSError as e:
        if isinstance(e, PermissionError) and Path(place).is_file():
            cure = OPEN_ELSEWHERE
        raise DataError(f"cannot be written ({e.strerror or e})", file=place, cure=cure) from None


@contextlib.contextmanager
def atomic_write(path: Path, *, cure: str = "free space, or name another place") -> Iterator[Path]:
    """A place beside ``path`` to write to; it becomes ``path`` when the block ends well, and is
    removed if not.

    Raises
    ------
    DataError
        if it cannot be written; ``path`` is then as it was.
    """
    with writable(path, cure):
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:80]}-", suffix=UNFINISHED
        )
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            move_into_place(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str, *, cure: str = "free space, or name another place") -> None:
    """Write a text file (UTF-8, line ends as given), whole or not at all.

    Raises
    ------
    DataError
        as :func:`atomic_write`.
    """
    with atomic_write(path, cure=cure) as temporary:
        temporary.write_text(text, "utf-8", newline="")


def move_into_place(temporary: Path, final: Path) -> None:
    """Put a finished file in its place, durably.

    Raises
    ------
    OSError
        if the disk or the folder does not take it; ``final`` is then as it was.
    """
    umask = os.umask(0)
    os.umask(umask)
    # Temporary files are private; what is written is for whoever may read the folder.
    temporary.chmod(0o666 & ~umask)
    with temporary.open("rb+") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, final)
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def swap_folder(fresh: Path, place: Path) -> None:
    """Put a finished folder in the place of another, which goes; if that fails the other is put
    back.

    Raises
    ------
    OSError
        if neither can be moved.
    """
    if not place.exists():
        os.replace(fresh, place)
        sync_folder(place.parent)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}-old-", dir=place.parent))
    earlier = aside / place.name
    os.replace(place, earlier)
    try:
        os.replace(fresh, place)
    except OSError:
        os.replace(earlier, place)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    sync_folder(place.parent)


def append(path: Path, text: str, *, cure: str = "free space, or name another place") -> None:
    """Append to a log, durably; where the disk does not take all of it, the log is cut back to what
    it was.

    The caller has the log's lock.

    Raises
    ------
    DataError
        if the log cannot be written; it is then as it was.
    """
    with writable(path, cure):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            before = os.fstat(handle).st_size
            data = text.encode("utf-8")
            try:
                done = 0
                while done < len(data):
                    done += os.write(handle, data[done:])
                os.fsync(handle)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(handle, before)
                raise
        finally:
            os.close(handle)
