# SPDX-License-Identifier: Apache-2.0
"""The month in which exports to a destination broke: one change of level on logarithms."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.trade.books import Evidence, held, reports, several
from bilat.trade.sanctioned import basket_rows, chosen

#: Fewest months that each side of a break must have.
SIDE = 3
#: A month belongs to the set of breaks that fit nearly as well where its likelihood is within this factor.
NEARLY = math.exp(-1.92)


def break_of(values: list[float]) -> tuple[int, list[int]]:
    """(index of the first value after the break, every index that fits nearly as well).

    Optimal partition into two levels by least squares, every month tried.
    """
    import ruptures

    series = np.log(np.asarray(values, dtype=float))
    n = len(series)
    at = ruptures.Dynp(model="l2", min_size=SIDE, jump=1).fit(series.reshape(-1, 1)).predict(n_bkps=1)[0]

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
    unit="ratio: geometric mean after the break over that before",
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
    interval="95% interval of the ratio at that break (Welch, months taken as independent)",
    params={
        "reporter": ("EU27", "the Union, or a member (of=total: any reporter held by month)"),
        "partner": ("", "destinations with commas; blank: all held"),
        "of": ("sanctioned", "sanctioned (goods under EU export sanctions) or total"),
        "start": ("2019-01", "first month: one break is a model of a few years, not of decades"),
        "end": ("", "last month"),
    },
)
def break_dates(ask: Ask) -> Answer:
    what, start, end = (str(ask.params[k]) for k in ("of", "start", "end"))
    if what == "sanctioned":
        reporter, partners, note = chosen(ask)
        rows = basket_rows(ask, reporter, partners)
    elif what == "total":
        rows, note = _totals(ask)
    else:
        raise UsageError(f"of={what!r} is neither sanctioned nor total")
    keep = pc.and_(
        pc.greater_equal(rows["period"], start or "0000"),
        pc.less_equal(pc.utf8_slice_codeunits(rows["period"], 0, 7), end or "9999"),
    )
    rows = rows.filter(keep)
    monthly: dict[str, dict[str, float]] = {}
    for group, period, value in zip(*(rows[c].to_pylist() for c in ("grp", "period", "value")), strict=True):
        series = monthly.setdefault(group, {})
        series[period] = series.get(period, 0.0) + (value or 0.0)
    points: list[Point] = []
    notes = [note] if note else []
    at_of: dict[str, str] = {}
    for group in sorted(monthly):
        months = sorted(m for m, v in monthly[group].items() if v > 0)
        if len(months) < 4 * SIDE:
            notes.append(f"{group}: {len(months)} months, too few for a break.")
            continue
        values = [monthly[group][m] for m in months]
        at, near = break_of(values)
        ratio, low, high = _ratio(values, at)
        span = f"{months[near[0]]} to {months[near[-1]]}" if len(near) > 1 else "no other month"
        told = f"nearly as good: {span}; {len(months)} months, {months[0]} to {months[-1]}"
        points.append(Point(months[at], ratio, low, high, "modelled", group, told))
        at_of[group] = months[at]
    used = rows.filter(pc.is_in(rows["grp"], pa.array(list(at_of), pa.string())))
    labels = pa.array([at_of[g] for g in used["grp"].to_pylist()], pa.string())
    used = used.set_column(used.schema.get_field_index("point"), "point", labels)
    return Answer(points, used, note=" ".join(notes))


def _ratio(values: list[float], at: int) -> tuple[float, float, float]:
    from scipy import stats

    series = np.log(np.asarray(values))
    before, after = series[:at], series[at:]
    found = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    return math.exp(after.mean() - before.mean()), math.exp(found.low), math.exp(found.high)


def _totals(ask: Ask) -> tuple[pa.Table, str]:
    evidence = Evidence(ask)
    notes = []
    reporters = several(str(ask.params["reporter"]))
    partners = several(str(ask.params["partner"]) or "RUS,ARM,GEO,KAZ,KGZ,UZB")
    for reporter in reporters:
        for partner in partners:
            found = [r for r in reports(ask, "X", reporter, partner) if r.monthly]
            if not found:
                notes.append(held(ask, "X", reporter, partner))
                continue
            group = partner if len(reporters) == 1 else f"{reporter}>{partner}"
            months = [i for i, p in enumerate(found[0].periods) if len(p) == 7]
            evidence.parts.append(found[0].part(months, "", group))
    return evidence.table(), " ".join(notes)
