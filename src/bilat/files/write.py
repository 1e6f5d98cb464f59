# SPDX-License-Identifier: Apache-2.0
"""Write a file whole or not at all: to a temporary file next to it that then takes its place.

A reader sees the old file or the new one. If the disk is full, a permission is missing or the
process is killed, the old file stays as it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bilat.errors import DataError

#: The ending of unfinished files. Whoever has the folder's lock may delete those it finds.
UNFINISHED = ".part"
#: The advice for a file that cannot be replaced. Excel, for one, locks a workbook that is open.
OPEN_ELSEWHERE = "close it if it is open in another program, or name another file"


@contextlib.contextmanager
def writable(place: str | Path, cure: str = "free space, or name another place") -> Iterator[None]:
    """Turn an OSError of writing to a place into a DataError of one line.

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
    """Yield a temporary file that replaces ``path`` when the block ends.

    If the block raises an error, the temporary file is deleted.

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
    # A temporary file is readable by its owner only. The finished one gets the usual permissions.
    temporary.chmod(0o666 & ~_umask())
    with temporary.open("rb+") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, final)
    sync_folder(final.parent)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    umask = os.umask(0)
    os.umask(umask)
    return umask


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def swap_folder(fresh: Path, place: Path) -> None:
    """Move a finished folder to a place, and delete the folder that was there.

    Raises
    ------
    OSError
        if the new folder cannot be moved. The earlier one is then put back; if that fails too, the
        message says where it is.
    """
    if not place.exists():
        os.replace(fresh, place)
        sync_folder(place.parent)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}-old-", dir=place.parent))
    earlier = aside / place.name
    try:
        os.replace(place, earlier)
        _replace_or_put_back(fresh, place, earlier)
    except OSError:
        with contextlib.suppress(OSError):
            aside.rmdir()  # unless it still contains the earlier folder
        raise
    shutil.rmtree(aside, ignore_errors=True)
    sync_folder(place.parent)


def _replace_or_put_back(fresh: Path, place: Path, earlier: Path) -> None:
    """Move a folder to a place that ``earlier`` was moved away from, or put that one back."""
    try:
        os.replace(fresh, place)
    except OSError as e:
        try:
            os.replace(earlier, place)
        except OSError:
            where = f"{e.strerror or e}; the earlier folder is now {earlier}"
            raise OSError(e.errno, where) from None
        raise


def append(path: Path, text: str, *, cure: str = "free space, or name another place") -> None:
    """Append to a log and flush it to the disk. The caller has the log's lock.

    Raises
    ------
    DataError
        if the log cannot be written; it is then as it was.
    """
    with writable(path, cure):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        size = os.fstat(handle).st_size
        try:
            _write_all(handle, text.encode("utf-8"))
        except OSError:
            # A part may have been written: cut it off.
            with contextlib.suppress(OSError):
                os.ftruncate(handle, size)
            raise
        finally:
            os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    """Write all bytes, since ``os.write`` may take only some, and flush them to the disk."""
    done = 0
    while done < len(data):
        done += os.write(handle, data[done:])
    os.fsync(handle)
