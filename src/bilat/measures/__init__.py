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

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from bilat.document.blocks import Point
from bilat.document.fields import Choice, Day, Month, Parse, Pattern, State, States, Year
from bilat.document.interval import Interval
from bilat.measures.declare import Measure, measure
from bilat.measures.subjects import flow, states
from bilat.subject import Pair, World
from bilat.when import Window, Years

if TYPE_CHECKING:
    from bilat.measures.answer import Answer, Ask, labelled
    from bilat.measures.document import of_measurement
    from bilat.measures.evaluation import ask, ask_for, default_holdings
    from bilat.measures.measurement import Measurement
    from bilat.measures.questions import MeasureQuestion
    from bilat.measures.registry import known_measure, measure_named, measure_names, measures

__all__ = [
    "Answer",
    "Ask",
    "Choice",
    "Day",
    "Interval",
    "Measure",
    "MeasureQuestion",
    "Measurement",
    "Month",
    "Pair",
    "Parse",
    "Pattern",
    "Point",
    "State",
    "States",
    "Window",
    "World",
    "Year",
    "Years",
    "ask",
    "ask_for",
    "default_holdings",
    "flow",
    "known_measure",
    "labelled",
    "measure",
    "measure_named",
    "measure_names",
    "measures",
    "of_measurement",
    "states",
]

#: What needs the records' engine loads when it is first asked for, so that help stays quick.
_LATER = {
    "answer": ("Answer", "Ask", "labelled"),
    "document": ("of_measurement",),
    "evaluation": ("ask", "ask_for", "default_holdings"),
    "measurement": ("Measurement",),
    "questions": ("MeasureQuestion",),
    "registry": ("known_measure", "measure_named", "measure_names", "measures"),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for module, names in _LATER.items():
            if name in names:
                return getattr(import_module(f"bilat.measures.{module}"), name)
        if not name.startswith("_"):
            namespaces = import_module("bilat.measures.namespaces")
            if name in namespaces.families():
                return namespaces.MeasureNamespace(name)
        raise AttributeError(f"module 'bilat.measures' has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted([*__all__, *import_module("bilat.measures.namespaces").families()])
