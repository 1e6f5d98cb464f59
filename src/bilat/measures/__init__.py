# SPDX-License-Identifier: Apache-2.0
'''The contract of a measure: asked for a dyad as of a date, it answers with points and the rows behind them.

A measure is one decorated function::

    @measure("arms.tiv", title="…", unit=quantity("million TIV"), tables=["transfers"], reference="…", method="…")
    def tiv(ask: Ask, years: Years = Years()) -> Answer:
        """Groups: the recipients; one point a year.

        years: years of delivery
        """
        out = ask.answer()
        rows = ask.rows(f"SELECT *, period AS point, recipient AS grp FROM transfers WHERE {years.sql()}")
        out.each(rows, "sum(tiv)", kind="reported")
        return out if out.points else out.missing("no delivery in the register")

``point`` is the period and ``grp`` the group of the point that a row is behind; ``out.point(…, rows=…)``
names them for a single point. The builder owns the rest: see :mod:`bilat.measures.answer`.
'''

from bilat.measures.answer import Answer, Ask, Point, labelled
from bilat.measures.declare import (
    Choice,
    Day,
    Measure,
    Month,
    Parse,
    Pattern,
    State,
    States,
    Year,
    measure,
)
from bilat.measures.interval import Interval
from bilat.measures.measurement import Measurement, ask, default_holdings
from bilat.measures.registry import measure_named, measures
from bilat.when import Window, Years

__all__ = [
    "Answer", "Ask", "Choice", "Day", "Interval", "Measure", "Measurement", "Month", "Parse", "Pattern", "Point",
    "State", "States", "Window", "Year", "Years", "ask",
    "default_holdings", "labelled", "measure", "measure_named", "measures",
]  # fmt: skip
