# SPDX-License-Identifier: Apache-2.0
"""A drawn series that a notebook shows and that can be saved."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from bilat.document.blocks import Series
from bilat.document.chart import SIZES, description, standalone
from bilat.errors import DataError, UsageError
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
        """The chart as SVG on white, with title, unit and source.

        Raises
        ------
        UsageError
            where there is no figure to draw, or no such size.
        """
        if self.size not in SIZES:
            raise UsageError(f"no size {self.size!r}. Choose from: {', '.join(SIZES)}")
        if not any(p.value is not None for p in self.series.points):
            raise UsageError(f"nothing to draw: {self.series.title} has no figure")
        return standalone(self.series, SIZES[self.size])

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
            drawn = _as_png(self.svg(), place)
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


def _as_png(svg: str, place: Path) -> bytes:
    """A drawing as PNG.

    Raises
    ------
    DataError
        where this machine has no font: the words of the drawing would be missing without a word.
    """
    import resvg_py

    blank = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{}</svg>'
    letter = blank.format('<text x="4" y="30" font-size="30" font-family="sans-serif">M</text>')
    if resvg_py.svg_to_bytes(svg_string=letter) == resvg_py.svg_to_bytes(
        svg_string=blank.format("")
    ):
        cure = "install one, e.g. fonts-dejavu or fonts-liberation, or save as .svg"
        raise DataError("this machine has no font to draw text with", file=place, cure=cure)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))
