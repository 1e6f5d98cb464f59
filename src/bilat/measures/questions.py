# SPDX-License-Identifier: Apache-2.0
"""The question on measures: the figures of one, the data rows behind them, or the list of all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

from bilat.document import Document, Frame, Question
from bilat.document.blocks import Tool
from bilat.document.fields import Suggest, Written
from bilat.errors import DataError, UsageError, command

if TYPE_CHECKING:
    from bilat.measures.measurement import Measurement

#: The name of a measure: a family, a dot, and what is measured (``votes.agreement``).
_MEASURE = re.compile(r"[a-z_]+\.[a-z_0-9]+")


def _names() -> list[str]:
    from bilat.measures.registry import measure_names

    return measure_names()


@dataclass(frozen=True)
class MeasureQuestion(Question):
    """Show one measure of two states, with unit, interval, method and sources, or the data rows behind it."""

    verb = ("ask",)
    title = "Measures"
    examples = (
        command("ask", "transfers.tiv", "RUS", "CHN"),
        command("ask", "transfers.tiv", rows=True, period=2018),
        command("ask"),
    )
    pair = True
    tools = (Tool("ask"), Tool("trace", {"rows": True}, needs=("name",)))
    name: Annotated[
        str,
        Suggest(_names),
        Written(first=True, what="NAME"),
        "Which measure; without one, bilat lists them all.",
    ] = ""
    param: Annotated[
        tuple[str, ...],
        Written(short="p", what="K=V"),
        "A parameter of the measure. May be given more than once.",
    ] = ()
    rows: Annotated[bool, "Show the data rows behind the figures, as published."] = False
    period: Annotated[
        str, Written(what="P"), "With `rows`: one period only, e.g. 2018 or 2022-03."
    ] = ""
    group: Annotated[str, Written(what="G"), "With `rows`: one group of the measure only."] = ""

    @property
    def takes_pair(self) -> bool:
        """Whether the measure is about the two states that are asked."""
        from bilat.measures.registry import measure_named

        spec = measure_named(self.name) if self.name else None
        return spec is not None and spec.binding.from_pair

    def take_words(self, words: Sequence[str]) -> tuple[Self, list[str]]:
        """Find the name of the measure among the words that follow it on the command line.

        In ``ask RUS CHN votes.agreement`` the first word, which the command took for the name, is
        a state.
        """
        names = [word for word in words if _MEASURE.fullmatch(word)]
        has_name = _MEASURE.fullmatch(self.name) is not None
        if has_name or len(names) != 1:
            return self, [*words]
        states = [word for word in (self.name, *words) if word and word != names[0]]
        return self.but(name=names[0]), states

    def answer(self, frame: Frame) -> Document:
        """Return the catalogue, a measurement, or the rows behind its points.

        Raises
        ------
        UsageError
            for an unknown measure, or a parameter that it refuses.
        """
        from bilat.measures.document import catalogue, of_measurement, of_rows
        from bilat.measures.evaluation import ask

        if not self.name:
            return catalogue(self)
        found = ask(
            self.name, frame.pair, as_of=frame.as_of, holdings=frame.holdings, **self._params()
        )
        if not self.rows:
            return of_measurement(found, self)
        rows = found.rows(self.period or None, self.group or None)
        if not rows and self.period:
            raise DataError(
                f"{self.name} has no rows for period {self.period} as of {found.as_of}; it has "
                f"{_periods_of(found)}"
            )
        return of_rows(found, rows, self)

    def _params(self) -> dict[str, str]:
        given = {}
        for text in self.param:
            key, equals, value = text.partition("=")
            if not equals or not key:
                raise UsageError(f"param: {text!r} is not of the form name=value")
            given[key] = value
        return given


def _periods_of(found: Measurement) -> str:
    """Return ``2014 to 2021``, or why there is no point."""
    periods = sorted({point.period for point in found.points})
    if not periods:
        return f"no points ({found.note or 'no record'})"
    return f"{periods[0]} to {periods[-1]}"
