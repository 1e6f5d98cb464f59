# SPDX-License-Identifier: Apache-2.0
"""A measurement's chart for a notebook: live where Vega-Lite is shown, an SVG elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bilat.errors import UsageError
from bilat.files.write import written
from bilat.measures import Measurement
from bilat.picture.charts import charts, render
from bilat.when import PAPER_DATE


class Plot:
    """A chart that shows itself; ``spec`` is its Vega-Lite specification, None where there is no figure."""

    def __init__(self, m: Measurement) -> None:
        rule = PAPER_DATE if m.as_of.date > PAPER_DATE else None
        self.chart = charts.chart(m, rule=rule)
        self.told = self.chart.alt if self.chart else f"{m.title}: no figure as of {m.as_of}"

    @property
    def spec(self) -> dict[str, Any] | None:
        return self.chart.titled() if self.chart else None

    def svg(self) -> str:
        """The chart as SVG, on white."""
        if self.spec is None:
            return ""
        return render.Studio().draw([json.dumps({**self.spec, "background": "white"})])[0]

    def save(self, path: Path | str) -> Path:
        """Write the chart to a file: .svg, .png (twice the size), or .json (its Vega-Lite specification).

        Raises
        ------
        UsageError
            for another ending, or where there is no figure to draw.
        DataError
            if it cannot be written; what was there is then as it was.
        """
        place = Path(path)
        if self.spec is None:
            raise UsageError(f"nothing to draw: {self.told}")
        ending = place.suffix.lower()
        if ending not in (".svg", ".png", ".json"):
            raise UsageError(f"{place.name}: save to .svg, .png or .json")
        with written(place) as temporary:
            if ending == ".svg":
                temporary.write_text(self.svg(), "utf-8")
            elif ending == ".png":
                temporary.write_bytes(render.png(json.dumps({**self.spec, "background": "white"})))
            else:
                temporary.write_text(json.dumps(self.spec, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return place

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self.spec is None:
            return {"text/plain": self.told}
        return {
            "application/vnd.vegalite.v6+json": self.spec,
            "image/svg+xml": self.svg(),
            "text/plain": self.told,
        }


def plot(m: Measurement) -> Plot:
    """A drawn measurement, as a notebook shows it."""
    return Plot(m)
