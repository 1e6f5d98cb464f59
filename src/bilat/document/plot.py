# SPDX-License-Identifier: Apache-2.0
"""A drawn series that a notebook shows and that can be saved."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from bilat.document import typeface
from bilat.document.blocks import Series
from bilat.document.chart import SIZES, description, standalone
from bilat.errors import UsageError
from bilat.files.write import atomic_write, write_text


def points_csv(series: Series) -> str:
    """The points of a series as CSV: period, group, value, low, high, kind."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("period", "group", "value", "low", "high", "kind"))
    rows.writerows((p.period, p.group, p.value, p.low, p.high, p.kind) for p in series.points)
    return text.getvalue()


@dataclass(frozen=True)
class Plot:
    """A chart: it shows itself in a notebook and saves itself as .svg, .png or .csv."""

    series: Series
    size: str = "slide"

    def svg(self) -> str:
        """The chart as SVG on white, with title, unit, source and typeface.

        Raises
        ------
        UsageError
            where there is no figure to draw, or no such size.
        """
        return self._drawing(carries_typeface=True)

    def _drawing(self, *, carries_typeface: bool) -> str:
        """Return the chart as SVG; a renderer that is given the typeface needs none within it."""
        if self.size not in SIZES:
            raise UsageError(f"no size {self.size!r}. Choose from: {', '.join(SIZES)}")
        if not any(p.value is not None for p in self.series.points):
            raise UsageError(f"nothing to draw: {self.series.title} has no figure")
        return standalone(self.series, SIZES[self.size], carries_typeface=carries_typeface)

    def save(self, path: Path | str) -> Path:
        """Write the chart: .svg, .png, or .csv (its points), whole or not at all.

        Raises
        ------
        UsageError
            for another ending, or where there is no figure to draw.
        DataError
            if it cannot be written; what was there is then as it was.
        """
        place = Path(path)
        ending = place.suffix.lower()
        if ending == ".svg":
            write_text(place, self.svg() + "\n")
        elif ending == ".png":
            drawn = _as_png(self._drawing(carries_typeface=False))
            with atomic_write(place) as temporary:
                temporary.write_bytes(drawn)
        elif ending == ".csv":
            write_text(place, points_csv(self.series))
        else:
            raise UsageError(f"{place.name}: save to .svg, .png or .csv")
        return place

    def __repr__(self) -> str:
        return f"<chart {self.series.title}: {len(self.series.points)} points, {self.size}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        drawn = any(p.value is not None for p in self.series.points)
        says = description(self.series) if drawn else f"{self.series.title}: no figure"
        return {"text/plain": says, **({"image/svg+xml": self.svg()} if drawn else {})}


def _as_png(svg: str) -> bytes:
    """Return a drawing as PNG, with the shipped typeface.

    Fonts of the machine are read only for letters that it lacks, such as those of Chinese.
    """
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=typeface.has_all(svg),
        font_files=typeface.files(),
        font_family="Inter",
        sans_serif_family="Inter",
    )
    return bytes(drawn)
