# SPDX-License-Identifier: Apache-2.0
"""A progress bar for downloads, on the error stream so that output can be piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bilat.catalog import File, Source
from bilat.holdings.pull import Watch
from bilat.terminal.shown import console


@contextmanager
def watching(*, quiet: bool = False) -> Iterator[Watch | None]:
    """A watcher for :func:`bilat.holdings.pull.pull`; None where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    with Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
        console=console(sys.stderr), transient=True,
    ) as bars:  # fmt: skip
        tasks: dict[str, object] = {}

        def watch(source: Source, file: File, have: int, total: int | None) -> None:
            if file.path not in tasks:
                tasks[file.path] = bars.add_task(f"{source.name} {file.path}", total=total)
            bars.update(tasks[file.path], completed=have, total=total)  # type: ignore[arg-type]

        yield watch


@contextmanager
def counting(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int | None], None] | None]:
    """A counter for a run over many: called with (done, in all or None); None where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console(sys.stderr), transient=True,
    ) as bars:  # fmt: skip
        task = bars.add_task(what, total=None)

        def watch(done: int, total: int | None) -> None:
            bars.update(task, completed=done, total=total)

        yield watch


@contextmanager
def steps(*, quiet: bool = False) -> Iterator[Callable[[str], None] | None]:
    """A line on the error stream from the first step on: what is being done, for how long; None where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bars = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        console=console(sys.stderr), transient=True,
    )  # fmt: skip
    task = bars.add_task("")

    def say(step: str) -> None:
        bars.update(task, description=step)
        bars.start()

    try:
        yield say
    finally:
        bars.stop()
