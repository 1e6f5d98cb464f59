# SPDX-License-Identifier: Apache-2.0
"""Measures of the recovery model and of missiles fired against produced, with the rows behind each point."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated, Literal

import pyarrow as pa

from bilat.errors import DataError, UsageError
from bilat.measures import Answer, Ask, Interval, measure
from bilat.regeneration.recovery.answer import HORIZON, Gain, Help, first_month_of_peace, outlook_of
from bilat.regeneration.recovery.class_fit import ClassFit, fit_class
from bilat.regeneration.recovery.outlook import HELP
from bilat.regeneration.recovery.parameters import parameter_names
from bilat.regeneration.recovery.records import RecoveryRecords, month_text
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
    taken = [r for r in records.lineage() if not str(r["item"] or "").startswith("listed losses")]
    places = [f"{r['source']} {r['snapshot']} {r['locator']}" for r in taken]
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


def _only_russia(ask: Ask) -> str:
    """Why there is no answer for a pair; blank where there is one."""
    if "RUS" in tuple(ask.dyad):
        return ""
    return f"recovery is modelled for Russia; no such record of {ask.dyad.name} is held"


def _outlook(
    ask: Ask, name: str, ceasefire: str, param: tuple[str, ...]
) -> tuple[tuple[Help, ...], tuple[Gain, ...], str, ClassFit, pa.Table]:
    records = RecoveryRecords(ask.holdings, ask.as_of)
    fitted = fit_class(name, records, changes=_changes(param))
    # not the as-of date: a month that passes without a row must move no figure
    asked = ceasefire or month_text(fitted.months + 1)
    month, text = first_month_of_peace(asked, ask.as_of)
    *_, helps, gains, _ = outlook_of(fitted, month, DRAWS, 1, HELP)
    return helps, gains, text, fitted, _rows(ask, fitted, records)


def _standing(fitted: ClassFit) -> str:
    return "" if fitted.klass.standing == "published" else f"{fitted.klass.standing}: {fitted.klass.why}"


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
    out = ask.answer(note=_only_russia(ask))
    if out.note:
        return out
    try:
        helps, _, text, fitted, rows = _outlook(ask, class_, ceasefire, param)
    except DataError as e:
        return out.missing(str(e))
    for s in helps:
        low, mid, high = (
            None if math.isinf(m) else m for m in (s.months.low, s.months.median, s.months.high)
        )
        note = f"ceasefire {text}; {s.never:.0%} of draws not within {HORIZON} months"
        out.point(
            month_text(fitted.months),
            mid,
            low=low,
            high=high,
            kind="modelled",
            group=s.china,
            rows=rows,
            note=note,
        )
    out.note = _standing(fitted)
    return out


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
    out = ask.answer(note=_only_russia(ask))
    if out.note:
        return out
    try:
        _, gains, text, fitted, rows = _outlook(ask, class_, ceasefire, param)
    except DataError as e:
        return out.missing(str(e))
    for g in gains:
        note = f"ceasefire {text}; over the {g.both:.0%} of draws that recover with both"
        out.point(
            month_text(fitted.months),
            g.months.median,
            low=g.months.low,
            high=g.months.high,
            kind="modelled",
            group=g.more,
            rows=rows,
            note=note,
        )
    out.note = _standing(fitted)
    return out if out.points else out.missing(f"no draw recovers within {HORIZON} months")
