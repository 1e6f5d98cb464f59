# SPDX-License-Identifier: Apache-2.0
"""A deed in a child process of its own: bounded, killed where wanted, and what became of it."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Bounds of every child: bytes of private memory, and seconds of processor time.
MEMORY = 1_500 << 20
SECONDS = 20


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (negative: the signal), and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def one_line(self) -> bool:
        """One line of ours on standard error, and exit code 1 or 2."""
        lines = [x for x in self.err.splitlines() if not x.startswith(("note:", " "))]
        return self.code in (1, 2) and len(lines) == 1 and lines[0].startswith("bilat: ")


def started(
    deed: Callable[[], Any],
    folder: Path,
    *,
    file_size: int = 0,
    plain: bool = False,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> int:
    """Fork a child that does the deed; its output goes to files in ``folder``. Returns its process id.

    ``file_size`` bounds what a file may grow to, as a full disk does; ``plain`` takes away root's right to pass over
    permissions; ``seconds`` of processor time it may take, and bytes of private ``memory``.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        for number, name in ((1, "out"), (2, "err")):
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            os.dup2(handle, number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        most = _private() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        if file_size:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        if plain and os.geteuid() == 0:
            _heed_permissions()
        found = deed()
        code = found if isinstance(found, int) else 0
    except SystemExit as e:
        code = e.code if isinstance(e.code, int) else 0
    except BaseException:
        with contextlib.suppress(OSError):
            traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _private() -> int:
    """Bytes of private memory that this process has from its parent."""
    told = Path("/proc/self/status").read_text().partition("VmData:")[2].split()
    return int(told[0]) << 10


def _heed_permissions() -> None:
    """Give up CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (Linux, capset(2))."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    if libc.capget(header, data) == 0:
        for n in range(3):
            data[n] &= ~0b110
        if libc.capset(header, data) == 0:
            return
    raise OSError(ctypes.get_errno(), "capset")


def ended(child: int, folder: Path) -> Ended:
    """Wait for a child."""
    _, status = os.waitpid(child, 0)
    return Ended(os.waitstatus_to_exitcode(status), _text(folder / "out"), _text(folder / "err"))


def done(
    deed: Callable[[], Any],
    folder: Path,
    *,
    file_size: int = 0,
    plain: bool = False,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> Ended:
    """Do a deed in a child and wait for it."""
    return ended(
        started(deed, folder, file_size=file_size, plain=plain, seconds=seconds, memory=memory),
        folder,
    )


def killed(deed: Callable[[], Any], folder: Path, after: float, *, seconds: int = SECONDS) -> Ended:
    """Do a deed in a child and kill it (SIGKILL) after so many seconds, if it is not done by then."""
    child = started(deed, folder, seconds=seconds)
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return ended(child, folder)


def preload(deed: Callable[[], Any], folder: Path, *, seconds: int = SECONDS) -> None:
    """Import here what the deed imports, so that a child spends its time, and is killed, in what it does."""

    def modules() -> int:
        with contextlib.suppress(SystemExit):
            deed()
        print("modules", *sorted(sys.modules), flush=True)
        return 0

    how = done(modules, folder, seconds=seconds)
    named = [
        x for line in how.out.splitlines() if line.startswith("modules ") for x in line.split()[1:]
    ]
    if how.code or not named:
        raise RuntimeError(f"the deed itself does not end: {how.err[-500:]}")
    for name in named:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def command(*argv: object) -> Callable[[], None]:
    """The command line with these words, as a deed."""

    def deed() -> None:
        from bilat.cli import main

        main([str(a) for a in argv])

    return deed


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
