# SPDX-License-Identifier: Apache-2.0
"""A lock that two processes respect: one writer at a time, and the second is told who the first is.

The lock is the system's own (``flock``) on a small file that names its owner, so it is let go when
the owner dies, however it dies. The file is removed with the lock; one that a killed process left
is taken over.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bilat.errors import DataError

#: Seconds between two looks at a lock that another process has.
_LOOK = 0.05


class Lock:
    """A lock file. ``what`` is the thing that is written under it, as a person names it.

    Use as a context manager, or with :meth:`take` and :meth:`release`.
    """

    def __init__(self, path: Path, what: str | Path, *, wait: float, cure: str) -> None:
        self.path = path
        self.what = what
        self.wait = wait
        self.cure = cure
        self._handle: IO[str] | None = None

    def take(self) -> None:
        """Take the lock, waiting up to ``wait`` seconds.

        Raises
        ------
        DataError
            if another process still has it then.
        OSError
            if the lock file cannot be made.
        """
        deadline = time.monotonic() + self.wait
        while True:
            handle = self.path.open("a+", encoding="utf-8")
            if _try(handle):
                if not _same(handle, self.path):  # its last owner removed it between our two steps
                    handle.close()
                    continue
                handle.seek(0)
                handle.truncate()
                handle.write(f"process {os.getpid()} on {socket.gethostname()} since {_now()}\n")
                handle.flush()
                self._handle = handle
                return
            owner = self._owner(handle)
            handle.close()
            if time.monotonic() >= deadline:
                raise DataError(f"another run is writing it{owner}", file=self.what, cure=self.cure)
            time.sleep(_LOOK)

    def _owner(self, handle: IO[str]) -> str:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            handle.seek(0)
            if text := handle.read(200).strip():
                return f" ({text})"
        return ""

    def release(self) -> None:
        """Let go of the lock; nothing happens where it is not held."""
        if self._handle is None:
            return
        with contextlib.suppress(OSError):  # Windows removes no file that is open
            self.path.unlink()
        self._handle.close()
        self._handle = None

    def __enter__(self) -> Lock:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


@contextlib.contextmanager
def exclusive_lock(
    path: Path, what: str | Path, *, wait: float = 600.0, cure: str = "wait until it is done"
) -> Iterator[None]:
    """One writer at a time of ``what``, under the lock file ``path``.

    Raises
    ------
    DataError
        if another process has the lock for longer than ``wait`` seconds.
    OSError
        if the lock file cannot be made.
    """
    with Lock(path, what, wait=wait, cure=cure):
        yield


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _try(handle: IO[str]) -> bool:
    try:
        if os.name == "nt":  # pragma: no cover
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _same(handle: IO[str], path: Path) -> bool:
    """Is the file that was locked still the one at that place? Its last owner removed it when it
    was done.
    """
    try:
        there = os.stat(path)
        here = os.fstat(handle.fileno())
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
