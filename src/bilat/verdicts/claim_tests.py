# SPDX-License-Identifier: Apache-2.0
"""What a test asks: data in the ledger, from which both the judgement and the printed rule are made.

A test asks one measure, reduces its points to one figure, and compares that with thresholds:

``level``   a statistic of one group within a window;
``change``  the statistic after over (or minus) the statistic before;
``gap``     the statistic of one group over (or minus) that of another in the same window.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from bilat.units import Kind, Unit

Statistic = Literal["mean", "median", "sum", "max", "last", "share of periods"]
Bounds = tuple[str, str]

#: A number that stands alone in words: a threshold or a year. ``S-400`` and ``Su-27`` are names.
FREE_NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*%?(?![\w-])")


#: Years before the last one held: ``now-4``.
YEARS_BACK = re.compile(r"now(?:-(\d+))?")


def _leaves_out_years(before: Bounds | None, after: Bounds | None) -> bool:
    """Return whether years lie between two windows of a change."""
    if not before or not after:
        return False
    end = _place(before[1])
    start = _place(after[0])
    return end is not None and start is not None and start > end + 1


def _is_mixed(before: Bounds | None, after: Bounds | None) -> bool:
    """Return whether one window ends at a year and the other begins years back from the last.

    Whether such windows meet depends on the year in which they are asked.
    """
    if not before or not after:
        return False
    kinds = {bool(YEARS_BACK.fullmatch(bound)) for bound in (before[1], after[0])}
    return len(kinds) == 2


def _place(bound: str) -> int | None:
    """Return a year, or the place of a year counted from the last; None for other periods."""
    back = YEARS_BACK.fullmatch(bound)
    if back:
        return -int(back[1] or 0)
    return int(bound) if len(bound) == 4 else None


class Test(BaseModel):
    """One test, as the ledger writes it. ``{A}``, ``{B}`` are the states' names, ``{a}``, ``{b}`` their codes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    __test__ = False  # not a test class of pytest

    what: str = ""  #: the quantity as a noun phrase, without a number: those are fields
    measure: str
    params: dict[str, Any] = {}
    dyad: tuple[str, str] | None = (
        None  #: another pair than the one judged, where a claim speaks of it
    )
    of: str = ""  #: the answer's subject where that is not the pair judged: ``WLD>RUS chips``
    form: Literal["level", "change", "gap"]
    group: str = ""  #: one group; "*" for all; may be blank only where the measure has one
    minus: str = ""  #: for gap: the other group
    compare: Literal["ratio", "difference"] = "ratio"
    window: Bounds | None = (
        None  #: for level and gap: first and last period, "now" for the last one held, "now-4"
    )
    base: Bounds | None = None  #: of a level: a window whose figure the clause names beside its own
    before: Bounds | None = None
    after: Bounds | None = None
    statistic: Statistic = "mean"
    need: int = 1  #: whole periods that each window must have, else not measurable
    apart: str = ""  #: of a change: why years lie between its windows
    moment: bool = (
        False  #: a figure of a moment (a stock, a running count): its period need not be over
    )
    sparse: bool = False  #: a period without a figure had no event, and is not a gap in the record
    direction: Literal["up", "down"] = "up"
    supported: float
    partly: float | None = None
    contradicted: float | None = None
    decide: Literal["figure", "interval"] = "figure"
    say: str = ""  #: sentence with {value}, {low}, {high}, {before}, {after}, {period}, {before_period}, {by}
    unit: str = ""  #: unit of the figure, where it is not the measure's
    counted: Literal["count", "score of size and kinds", "figures", "measure of military worth"] = (
        "count"  #: what {by} calls the figure: "by our count", "by SIPRI's count"
    )
    ours: bool = False  #: the figure is ours: no maker of the records states it
    kind: Kind | None = (
        None  #: its kind; blank for a ratio where two figures are divided, else the measure's
    )

    @model_validator(mode="after")
    def _whole(self) -> Test:
        if self.form == "change" and not (self.before and self.after):
            raise ValueError("a change needs before and after")
        if not self.apart and _is_mixed(self.before, self.after):
            raise ValueError(
                f"one of {self.before} and {self.after} is counted back from the last year: "
                "give both as years or both as years back"
            )
        if not self.apart and _leaves_out_years(self.before, self.after):
            raise ValueError(
                f"years lie between {self.before} and {self.after}: let the windows meet, or say "
                "in apart why the years between count on neither side"
            )
        if self.form == "gap" and not self.minus:
            raise ValueError("a gap needs minus: the other group")
        if found := FREE_NUMBER.search(self.what):
            raise ValueError(
                f"what says {found[0]}: a number is a field of the test, never a word of it"
            )
        return self

    def unit_of(self, measured: str) -> Unit:
        """The unit of the figure, given the measure's."""
        kind: Kind = measured.kind if isinstance(measured, Unit) else "quantity"
        quotient = self.form in ("change", "gap") and self.compare == "ratio"
        if not self.unit:
            if not quotient:
                return measured if isinstance(measured, Unit) else Unit(kind, measured)
            return Unit(
                "ratio", "ratio, after over before" if self.form == "change" else "ratio", ""
            )
        return Unit(self.kind or ("ratio" if quotient else kind), self.unit)

    def named(self, a: str, b: str) -> Test:
        """The test with the codes of two states in its groups and parameters."""

        def put(value: Any) -> Any:
            return value.replace("{a}", a).replace("{b}", b) if isinstance(value, str) else value

        return self.model_copy(
            update={
                "group": put(self.group),
                "minus": put(self.minus),
                "params": {k: put(v) for k, v in self.params.items()},
                "dyad": (put(self.dyad[0]), put(self.dyad[1])) if self.dyad else None,
            }
        )
