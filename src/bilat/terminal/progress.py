# SPDX-License-Identifier: Apache-2.0
"""What is being done, how far it is and for how long, on the error stream so that output can be
piped.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bilat.terminal.output import console


class ProgressCallback(Protocol):
    """Called with what is being done, how much of it is done, and out of how much where that is
    known.
    """

    def __call__(self, what: str, done: int = 0, total: int | None = None, /) -> None: ...


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[ProgressCallback | None]:
    """A line from the first that is told on; None where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(20),
        TextColumn("{task.fields[far]}"),
        TimeElapsedColumn(),
        console=console(sys.stderr),
        transient=True,
    )
    task = bars.add_task("", far="")

    def tell(what: str, done: int = 0, total: int | None = None, /) -> None:
        far = f"{done:,} of {total:,}" if total else ""
        bars.update(task, description=what, completed=done, total=total, far=far)
        bars.start()

    try:
        yield tell
    finally:
        bars.stop()


def announce_long_work() -> None:
    """Print what is logged of long work, such as an index that is made, where somebody looks."""
    if not sys.stderr.isatty():
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("bilat")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
