# SPDX-License-Identifier: Apache-2.0
"""A measurement's chart for a notebook: live where Vega-Lite is shown, an SVG elsewhere."""

from __future__ import annotations

import json
from typing import Any

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
