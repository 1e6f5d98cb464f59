# SPDX-License-Identifier: Apache-2.0
"""Where the words of lines stand in a plot: each at its line, inside the plot, and none on another.

Widths are reckoned from the number of letters, since a specification is drawn with the reader's own font; a little
more is reckoned than common fonts take.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: Points of a letter at a size of 11, of one in bold, of a line of text, and of what the last line needs more.
LETTER, HEAVY, LINE, MORE = 6.4, 7.3, 13.0, 2.5
#: Between a line and its words.
GAP = 2.0
#: A line under words counts as so many figures.
CROSSED = 3


@dataclass(frozen=True)
class Box:
    """A rectangle in points, from the top left corner of the plot."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def grown(self, across: float, down: float) -> Box:
        """With a margin to the left and right, and above and below."""
        return Box(self.left - across, self.top - down, self.right + across, self.bottom + down)


@dataclass(frozen=True)
class Worded:
    """A level line with its words: its two ends, its height, and where the words would best stand."""

    left: float
    right: float
    y: float
    words: str
    below: bool = False
    at_right: bool = False
    heavy: bool = False  #: in bold, which is wider


@dataclass(frozen=True)
class Standing:
    """Words with their place: lines of text whose block begins at the box's top left corner."""

    lines: tuple[str, ...]
    box: Box


def width_of(lines: Iterable[str], *, heavy: bool = False) -> float:
    """Points that the longest of some lines takes."""
    return (HEAVY if heavy else LETTER) * max((len(line) for line in lines), default=0)


def placed(
    worded: Sequence[Worded],
    width: float,
    height: float,
    *,
    taken: Sequence[Box] = (),
    marks: Sequence[tuple[float, float]] = (),
) -> list[Standing | None]:
    """A place for the words of each line, in their order; None where there is none.

    Parameters
    ----------
    taken
        where something else is written.
    marks
        figures that are drawn: of the places that are free the one is taken that covers the fewest of them and of
        the lines.
    """
    full = list(taken)
    out: list[Standing | None] = []
    for one in worded:
        free = [s for s in _places(one, width, height) if not any(s.box.meets(b) for b in full)]
        best = min(
            free,
            key=lambda s: sum(_in(s.box, m) for m in marks) + CROSSED * sum(_on(s.box, x) for x in worded),
            default=None,
        )
        if best is not None:
            full.append(best.box.grown(4.0, 3.0))
        out.append(best)
    return out


def _in(box: Box, mark: tuple[float, float]) -> bool:
    return box.left <= mark[0] <= box.right and box.top <= mark[1] <= box.bottom


def _on(box: Box, line: Worded) -> bool:
    return box.top < line.y < box.bottom and line.left < box.right and box.left < line.right


def _places(one: Worded, width: float, height: float) -> Iterable[Standing]:
    """Places inside the plot, the best first: at the wanted end and side, then the others, then on two lines."""
    whole = (one.words,)
    halves = tuple(textwrap.wrap(one.words, max(12, len(one.words) // 2 + 4)))
    for lines in dict.fromkeys((whole, halves)):
        w, h = width_of(lines, heavy=one.heavy), LINE * len(lines) + MORE
        if w > width or len(lines) > 2:
            continue
        for below in (one.below, not one.below):
            top = one.y + GAP if below else one.y - GAP - h
            if top < 0 or top + h > height:
                continue
            for at_right in (one.at_right, not one.at_right):
                left = one.right - w if at_right else one.left
                left = min(max(left, 0.0), width - w)
                yield Standing(lines, Box(left, top, left + w, top + h))


def stacked(worded: Sequence[Worded], width: float) -> list[Standing]:
    """Words of upright lines above a plot, the first row nearest to it: who would lie on another goes a row up.

    ``left`` of each is where its line stands; ``at_right`` where the words stand left of it. Tops are negative.
    """
    rows: list[list[Box]] = []
    out = []
    for one in worded:
        w = width_of([one.words])
        left = one.left - GAP - w if one.at_right else one.left + GAP
        left = min(max(left, 0.0), max(width - w, 0.0))
        flat = Box(left, 0.0, left + w, 1.0)
        row = next(
            (n for n, r in enumerate(rows) if not any(flat.grown(4.0, 0.0).meets(b) for b in r)), len(rows)
        )
        if row == len(rows):
            rows.append([])
        rows[row].append(flat)
        out.append(
            Standing((one.words,), replace(flat, top=-(LINE + MORE) * (row + 1), bottom=-(LINE + MORE) * row))
        )
    return out
