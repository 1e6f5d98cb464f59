# SPDX-License-Identifier: Apache-2.0
"""The picture in a terminal: what stands out and the claims a line each, in 80 columns."""

from __future__ import annotations

import re
import sys
import textwrap
from typing import IO, TYPE_CHECKING

from bilat.document import wording as words
from bilat.picture.story import by_chapter, chapter_title

if TYPE_CHECKING:
    from bilat.picture.compose import Picture

WIDTH = 80


def show(picture: Picture, file: IO[str] | None = None, *, full: bool = False) -> None:
    """Print the picture; ``full`` adds the sentence of every claim."""
    (file or sys.stdout).write(plain(picture, full=full))


def visible(text: str) -> str:
    """The text without the terminal's control sequences."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def plain(picture: Picture, width: int = WIDTH, *, full: bool = False) -> str:
    """What stands out and how the claims stand, no line longer than ``width``."""
    lines = [picture.title, f"As of {words.day(picture.as_of.date)}.", ""]
    lines += textwrap.wrap(picture.headline, width)
    lines += ["", "WHAT STANDS OUT"] if picture.findings else []
    for n, e in enumerate(picture.findings, 1):
        said = f"{n}. {e.now.claim} {e.answered.sentence} ({e.id}, {e.answered.sure})"
        lines += textwrap.wrap(said, width, subsequent_indent="   ", break_long_words=True)
    for chapter, entries in by_chapter(picture.entries):
        lines += ["", chapter_title(chapter).upper()]
        for e in entries:
            before = f"{e.then.answer} when written, " if e.then else ""
            head = (
                f"{e.id}  {e.now.claim} [{before}{e.answered.answer} now]"
                if full
                else (f"{e.id}  {e.answered.answer}: {e.now.claim}")
            )
            lines += textwrap.wrap(head, width, subsequent_indent="    ", break_long_words=True)
            if full:
                said = (
                    f"{e.answered.sentence} How sure: {e.answered.sure}; evidence {e.reach or 'not dated'}."
                )
                lines += textwrap.wrap(said, width, initial_indent="    ", subsequent_indent="    ")
            for d in e.now.dissents:
                lines += textwrap.wrap(
                    words.sentence(f"dissent by {d.who} as of {d.as_of} ({d.marking}): {d.verdict}; {d.why}"),
                    width, initial_indent="    ", subsequent_indent="    ", break_long_words=True,
                )  # fmt: skip
    if not full:
        lines += ["", "Sentences of all claims: --full"]
    if picture.out is not None:
        lines += ["", f"The picture lies in {picture.out / 'index.html'}"]
    return "\n".join(lines) + "\n"
