# SPDX-License-Identifier: Apache-2.0
"""Measures of the recovery model and of missiles fired against produced, with the rows behind each point."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Literal

import pyarrow as pa

from bilat.errors import DataError, UsageError
from bilat.measures import Answer, Ask, Interval, measure
from bilat.planning import Quantiles
from bilat.regeneration.recovery.answer import HORIZON, Gain, Help, first_month_of_peace, outlook_of
from bilat.regeneration.recovery.class_fit import ClassFit, fit_class
from bilat.regeneration.recovery.outlook import HELP
from bilat.regeneration.recovery.parameters import parameter_names
from bilat.regeneration.recovery.records import LOSSES, RecoveryRecords, month_text
from bilat.units import quantity

REFERENCE = (
    "Oryx (losses); IISS, RUSI, CSIS, CIT, Re:Russia, Kiel Institute and others (points and ranges, row by row); "
    "method: docs/recovery.md"
)
METHOD = (
    "Stored vehicles in three grades restored under a budget of effort, new vehicles on a logistic rise, losses = "
    "those that Oryx lists over a drifting share that it sees; calibrated by tempered sequential Monte Carlo to "
    "the figures published by the as-of date. Parameters of the peace rest on assumed ranges."
)
BAND = Interval("model", "10% to 90% of the calibrated draws", 0.8)
DRAWS = 4000
Estimable = Annotated[
    Literal["tank", "ifv_apc"], "class of equipment; tube artillery is not estimable and is left out"
]
Ceasefire = Annotated[str, "first month of peace, YYYY-MM; empty: the month after the last one of the record"]
Changes = Annotated[tuple[str, ...], "parameters of the model, name=value or name=low:high, joined by commas"]
MONTHS = quantity("months")
#: A group with its months and a note.
Drawn = tuple[str, Quantiles, str]


def _changes(texts: tuple[str, ...]) -> dict[str, str]:
    changes = {}
    for part in texts:
        name, equals, value = part.partition("=")
        if not equals:
            raise UsageError(
                f"param={part!r}: write name=value; the names are: {', '.join(parameter_names())}"
            )
        changes[name.strip()] = value.strip()
    return changes


def _rows(ask: Ask, fitted: ClassFit, records: RecoveryRecords) -> pa.Table:
    """Every published figure and every listed count that the fit used."""
    taken = [r for r in records.lineage() if not r.input.startswith(LOSSES)]
    places = [f"{r.source} {r.snapshot} {r.locator}" for r in taken]
    wanted = ", ".join("?" for _ in places)
    classes = ", ".join("?" for _ in fitted.klass.oryx)
    parts = [
        ask.rows(
            "SELECT *, '' AS point, '' AS grp FROM estimates "
            f"WHERE source || ' ' || snapshot || ' ' || locator IN ({wanted}) ORDER BY source, locator",
            *places,
        ),
        ask.rows(
            "SELECT *, '' AS point, '' AS grp FROM losses WHERE side = 'RUS' AND claimant = 'oryx' AND "
            f"status = 'total' AND class IN ({classes}) ORDER BY period, class",
            *fitted.klass.oryx,
        ),
    ]
    return pa.concat_tables(parts, promote_options="default")


def _answer(
    ask: Ask, name: str, ceasefire: str, param: tuple[str, ...],
    points: Callable[[tuple[Help, ...], tuple[Gain, ...]], Iterator[Drawn]],
) -> Answer:  # fmt: skip
    """A point of the last month of the record for each group, with every row that the fit used."""
    out = ask.answer()
    if "RUS" not in tuple(ask.dyad):
        out.note = f"recovery is modelled for Russia; no such record of {ask.dyad.name} is held"
        return out
    records = RecoveryRecords(ask.holdings, ask.as_of)
    try:
        fitted = fit_class(name, records, changes=_changes(param))
        # not the as-of date: a month that passes without a row must move no figure
        month, text = first_month_of_peace(ceasefire or month_text(fitted.months + 1), ask.as_of)
        *_, helps, gains, _ = outlook_of(fitted, month, DRAWS, 1, HELP)
    except DataError as e:
        return out.missing(str(e))
    rows = _rows(ask, fitted, records)
    for group, of, note in points(helps, gains):
        low, mid, high = (None if math.isinf(m) else m for m in (of.low, of.median, of.high))
        out.point(month_text(fitted.months), mid, low=low, high=high, kind="modelled", group=group, rows=rows,
                  note=f"ceasefire {text}; {note}")  # fmt: skip
    if not out.points:
        return out.missing(f"no draw recovers within {HORIZON} months")
    if fitted.klass.standing != "published":
        out.note = f"{fitted.klass.standing}: {fitted.klass.why}"
    return out


@measure(
    "recovery.months",
    title="Months from a ceasefire until a force is back",
    unit=MONTHS,
    tables=("estimates", "losses"),
    reference=REFERENCE,
    method=f"{METHOD} Recovered: 90% of the active stock of February 2022, for six months running. "
    f"No value: not within {HORIZON} months.",
    interval=replace(BAND, note=f"high is blank where it lies beyond {HORIZON} months"),
)
def months(ask: Ask, class_: Estimable = "tank", ceasefire: Ceasefire = "", param: Changes = ()) -> Answer:
    """Groups: the kind of Chinese help (none, components as today, systems: finished vehicles too); one point each, of
    the last month of the record.
    """

    def points(helps: tuple[Help, ...], _: tuple[Gain, ...]) -> Iterator[Drawn]:
        for s in helps:
            yield s.china, s.months, f"{s.never:.0%} of draws not within {HORIZON} months"

    return _answer(ask, class_, ceasefire, param, points)


@measure(
    "recovery.help_gain",
    title="Months that Chinese help saves Russia's recovery",
    unit=MONTHS,
    tables=("estimates", "losses"),
    reference=REFERENCE,
    method=f"{METHOD} The difference of two kinds of help in the draws that recover with both within {HORIZON} "
    "months: draws that recover only with more help are left out, so the gain is a floor.",
    interval=BAND,
)
def help_gain(ask: Ask, class_: Estimable = "tank", ceasefire: Ceasefire = "", param: Changes = ()) -> Answer:
    """Groups: components (today's components against none) and systems (finished vehicles against components), of the
    last month of the record.
    """

    def points(_: tuple[Help, ...], gains: tuple[Gain, ...]) -> Iterator[Drawn]:
        for g in gains:
            yield g.more, g.months, f"over the {g.both:.0%} of draws that recover with both"

    return _answer(ask, class_, ceasefire, param, points)
