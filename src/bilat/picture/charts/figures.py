# SPDX-License-Identifier: Apache-2.0
"""The charts of a site: each drawn once for wide and once for narrow columns, and kept with its words."""

from __future__ import annotations

import json
from dataclasses import dataclass

from markupsafe import Markup

from bilat.document import palette
from bilat.picture.charts import render
from bilat.picture.charts.charts import Chart
from bilat.picture.charts.inline import inline


@dataclass(frozen=True)
class Figure:
    """A chart ready to stand in a page."""

    name: str
    chart: Chart
    wide: Markup
    narrow: Markup  #: blank where the wide form serves all columns
    csv: str = ""  #: place of its figures, from the root of the site

    @property
    def title(self) -> str:
        return self.chart.title

    @property
    def subtitle(self) -> str:
        return self.chart.subtitle

    @property
    def foot(self) -> str:
        return self.chart.foot

    @property
    def notes(self) -> tuple[str, ...]:
        return self.chart.notes

    @property
    def alt(self) -> str:
        return self.chart.alt


class Figures:
    """Charts by name; :meth:`begin` and :meth:`draw` draw all that were asked for, each specification once."""

    def __init__(self, studio: render.Studio) -> None:
        self._studio = studio
        self._asked: dict[str, tuple[Chart, Chart | None]] = {}
        self._texts: dict[tuple[str, int], str] = {}
        self._drawn: dict[str, Figure] = {}
        self._csv: dict[str, str] = {}

    def ask(self, name: str, wide: Chart | None, narrow: Chart | None = None, csv: str = "") -> None:
        """Ask for a chart; one that has no figure is left out, one without a narrow form only shrinks."""
        if wide is not None:
            self._asked.setdefault(name, (wide, narrow))
            self._csv.setdefault(name, csv)

    def begin(self) -> None:
        """Let drawing begin beside other work; :meth:`draw` waits for it."""
        self._texts = {
            (name, i): json.dumps(c.whole(), sort_keys=True)
            for name, pair in self._asked.items()
            for i, c in enumerate(pair)
            if c is not None
        }
        self._studio.begin(dict.fromkeys(self._texts.values()))

    def draw(self) -> None:
        distinct = list(dict.fromkeys(self._texts.values()))
        svgs = dict(zip(distinct, self._studio.draw(distinct), strict=True))
        for name, (wide, narrow) in self._asked.items():
            self._drawn[name] = Figure(
                name=name,
                chart=wide,
                wide=_page(svgs[self._texts[name, 0]], f"{name}-w", wide.alt),
                narrow=_page(svgs[self._texts[name, 1]], f"{name}-n", wide.alt) if narrow else Markup(),
                csv=self._csv.get(name, ""),
            )

    def get(self, name: str) -> Figure | None:
        return self._drawn.get(name)

    def __len__(self) -> int:
        return len(self._drawn)


def _page(svg: str, name: str, alt: str) -> Markup:
    return Markup(palette.themed(inline(svg, name, alt)))
