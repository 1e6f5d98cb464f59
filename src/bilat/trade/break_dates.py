# SPDX-License-Identifier: Apache-2.0
"""The month in which exports to a destination broke: one change of level on logarithms."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Interval, States, Window, labelled, measure
from bilat.statistics import LEVEL, two_levels
from bilat.trade.books import held, reports
from bilat.trade.sanctioned import basket_rows, chosen
from bilat.units import Unit

#: Fewest months that each side of a break must have.
SIDE = 3
#: A month belongs to the set of breaks that fit nearly as well where its likelihood is within this factor.
NEARLY = math.exp(-1.92)


def break_of(values: list[float]) -> tuple[int, list[int]]:
    """(index of the first value after the break, every index that fits nearly as well).

    Optimal partition into two levels by least squares, every month tried.
    """
    series = np.log(np.asarray(values, dtype=float))
    n = len(series)
    at = two_levels(series, SIDE)

    def rest(k: int) -> float:
        return float(
            ((series[:k] - series[:k].mean()) ** 2).sum() + ((series[k:] - series[k:].mean()) ** 2).sum()
        )

    best = rest(at)
    if best == 0:
        return at, [at]
    near = [k for k in range(SIDE, n - SIDE + 1) if (best / rest(k)) ** (n / 2) >= NEARLY]
    return at, near


@measure(
    "trade.break_dates",
    title="The month in which exports broke, and by how much",
    unit=Unit("ratio", "ratio: geometric mean after the break over that before"),
    tables=("flows",),
    reference=(
        "C. Truong, L. Oudre, N. Vayatis, Selective review of offline change point detection methods, Signal "
        "Processing 167 (2020); optimal partition, least squares on logarithms"
    ),
    method=(
        "One break in the level of the logarithm of monthly exports, the split with the least squares, "
        "every month tried and at least three months on each side. The period is the first month after "
        "the break. The note names the months that fit nearly as well (likelihood ratio within the 95% "
        "point of chi-square with one degree of freedom). A series always has a best split: read it "
        "with the ratio and its interval."
    ),
    interval=Interval(
        "sampling", "95% interval of the ratio at that break (Welch, months taken as independent)", LEVEL
    ),
)
def break_dates(
    ask: Ask,
    reporter: States = ("EU27",),
    partner: States = (),
    of: Literal["sanctioned", "total"] = "sanctioned",
    period: Window = Window("2019-01"),
) -> Answer:
    """Groups: one a destination, with several reporters ``EU27>RUS``; one point, the first month after the
      break.

    reporter: the Union, or a member (of=total: any reporter held by month)
    partner: destinations; blank: all held
    of: goods under EU export sanctions, or all
    period: months: one break is a model of a few years, not of decades
    """
    if of == "sanctioned":
        if len(reporter) != 1:
            raise UsageError("reporter: of=sanctioned is of one reporter: EU27 or a member")
        partners, note = chosen(ask, reporter[0], partner)
        rows = basket_rows(ask, reporter[0], partners)
    else:
        rows, note = _totals(ask, reporter, partner)
    rows = rows.filter(pa.array([period.holds(p) for p in rows["period"].to_pylist()], pa.bool_()))
    monthly: dict[str, dict[str, float]] = {}
    for group, month, value in zip(*(rows[c].to_pylist() for c in ("grp", "period", "value")), strict=True):
        series = monthly.setdefault(group, {})
        series[month] = series.get(month, 0.0) + (value or 0.0)
    out = ask.answer()
    notes = [note] if note else []
    for group in sorted(monthly):
        months = sorted(m for m, v in monthly[group].items() if v > 0)
        if len(months) < 4 * SIDE:
            notes.append(f"{group}: {len(months)} months, too few for a break.")
            continue
        values = [monthly[group][m] for m in months]
        at, near = break_of(values)
        ratio, low, high = _ratio(values, at)
        span = f"{months[near[0]]} to {months[near[-1]]}" if len(near) > 1 else "no other month"
        note = f"nearly as good: {span}; {len(months)} months, {months[0]} to {months[-1]}"
        used = rows.filter(pc.equal(rows["grp"], group))
        out.point(months[at], ratio, low=low, high=high, kind="modelled", group=group, rows=used, note=note)
    out.note = " ".join(notes)
    return out


def _ratio(values: list[float], at: int) -> tuple[float, float, float]:
    from scipy import stats

    series = np.log(np.asarray(values))
    before, after = series[:at], series[at:]
    found = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    return math.exp(after.mean() - before.mean()), math.exp(found.low), math.exp(found.high)


def _totals(ask: Ask, reporter: States, partner: States) -> tuple[pa.Table, str]:
    """Rows of the total exports of each pair by month, with the group of each."""
    parts, notes = [], []
    for who in reporter:
        for whom in partner or ("RUS", "ARM", "GEO", "KAZ", "KGZ", "UZB"):
            monthly = [r for r in reports(ask, "X", who, whom) if r.monthly]
            if not monthly:
                notes.append(held(ask, "X", who, whom))
                continue
            group = whom if len(reporter) == 1 else f"{who}>{whom}"
            parts.append(labelled(monthly[0].rows, "", group))
    return pa.concat_tables(parts) if parts else ask.answer().rows, " ".join(notes)
