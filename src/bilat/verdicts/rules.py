# SPDX-License-Identifier: Apache-2.0
"""Run a test of a claim.

Its measure is asked, whole periods are picked from the answer, and the figure that the test's form
makes of them is compared with its thresholds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bilat.document.wording import day, few, few_text
from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.measures import Interval, Measurement, ask_for
from bilat.verdicts.bands import band_of
from bilat.verdicts.claim_tests import Bounds, Test
from bilat.verdicts.forms import PendingTest, figure, period, windows
from bilat.verdicts.makers import aside
from bilat.verdicts.names import Names
from bilat.verdicts.outcome import Outcome, Side
from bilat.verdicts.periods import Picked, data_to, end_of, span
from bilat.verdicts.sentences import clause, spoken
from bilat.verdicts.statistic import chosen, reduce, values
from bilat.verdicts.subjects import names_for
from bilat.verdicts.thresholds import verdict
from bilat.when import AsOf

#: A window is averaged only if we have figures for more than this share of its periods.
HALF = 0.5


def run(
    test: Test,
    dyad: Dyad,
    as_of: AsOf,
    holdings: Holdings,
) -> Outcome:
    """Return the outcome of a test; ``not measurable`` with what is missing if figures are missing.

    Raises
    ------
    DataError
        for a test that names no group of a measure with several.
    """
    names = names_for(test, dyad)
    test = test.named(dyad.a, dyad.b)
    pair = Dyad(*test.dyad) if test.dyad else dyad
    try:
        m = ask_for(test.measure, pair, as_of=as_of, holdings=holdings, **test.params)
    except Damaged as e:
        return Outcome("not measurable", f"{test.measure} cannot be asked: {e}", missing=str(e))
    known = [p for p in m.points if p.value is not None]
    if not test.group and len({p.group for p in known}) > 1:
        raise DataError(
            f"a rule asks {test.measure} without naming a group, and it has several: {', '.join(m.groups()[:6])}"
        )
    pending = PendingTest(test, m, known)
    picked = windows(pending)
    return _not_measurable(pending, picked) or _measured(pending, picked, names)


def _not_measurable(pending: PendingTest, picked: list[Picked]) -> Outcome | None:
    """Return the outcome if a window cannot be judged; None if all can."""
    problems = [problem for window in picked if (problem := _problem(pending, window))]
    if not problems:
        return None
    return Outcome(
        "not measurable",
        problems[0],
        missing="; ".join(filter(None, [problems[0], pending.m.note])),
        measurement=pending.m,
        unit=pending.test.unit_of(pending.m.unit),
        shown=[point for window in picked for point in window.shown],
    )


def _problem(pending: PendingTest, window: Picked) -> str:
    """Return why a window cannot be judged; "" if it can."""
    test = pending.test
    m = pending.m
    for_window = f" for {_bounds_in_words(window.asked, m)}" if window.asked else ""
    if len(window.points) < test.need:
        needed = f"the test needs at least {few_text(test.need, 'figures')}{for_window}"
        number = few(len(window.points), none="none")
        return f"{needed}, but as of {day(m.as_of.date)} we have {number}"
    if window.covered <= HALF:
        share = f"{window.covered:.0%} of the periods"
        return f"we have figures for only {share}{for_window}, too few for an average"
    if test.form == "change" and test.statistic == "sum" and _is_cut_short(window, m):
        return f"our data end on {day(str(m.data_to))}, too early for a total{for_window}"
    return ""


def _is_cut_short(window: Picked, m: Measurement) -> bool:
    """Return whether the data end before a window whose end the test fixes.

    The sum over such a window would be that of fewer periods.
    """
    if not window.asked or window.asked[1] == "now" or m.data_to is None:
        return False
    end = end_of(window.asked[1])
    return end is not None and m.data_to < end


def _has_fixed_end(test: Test) -> bool:
    """Return whether later data cannot move the end of the window that is judged.

    The test fixes that end if its window does not run to "now". The period of a sum ends with its
    last event, and that of a highest figure with the figure, however far the data go.
    """
    window = test.after if test.form == "change" else test.window
    if test.statistic in ("sum", "max"):
        return True
    return window is not None and window[1] != "now"


def _bounds_in_words(bounds: Bounds, m: Measurement) -> str:
    """Return a window in words; one that runs to "now" ends on the as-of date."""
    first, last = bounds
    end = str(m.as_of) if last == "now" else last
    return spoken(first) if first == end else spoken(f"{first}..{end}")


def _measured(pending: PendingTest, picked: list[Picked], names: Names) -> Outcome:
    """Return the outcome of a test whose windows can all be judged."""
    test = pending.test
    m = pending.m
    arrays = [np.asarray(values(w.points), dtype=float) for w in picked]
    stats = [float(reduce(a, test.statistic)) for a in arrays]
    unit = test.unit_of(m.unit)
    if test.form != "level" and test.compare == "ratio" and stats[0] == 0:
        sentence = "the figure before is zero: no ratio"
        missing = "we cannot divide by the earlier figure, which is zero"
        return Outcome("not measurable", sentence, missing=missing, measurement=m, unit=unit)
    value = float(figure(test, tuple(arrays)))
    declared = {m.declared(p.group) for w in picked for p in w.points}
    # If the intervals of two groups are of different kinds, their difference has no interval.
    interval = declared.pop() if len(declared) == 1 else Interval()
    band, why = band_of(test, picked, interval)
    used = [p for w in picked for p in chosen(w.points, test.statistic)]
    outcome = Outcome(
        verdict=verdict(test, value, band),
        sentence="",
        value=value,
        band=band,
        no_band="" if band else why,
        unit=unit,
        period=period(test, picked),
        measurement=m,
        used=used,
        shown=[p for w in picked for p in w.shown],
        data_to=data_to(used, m, pending.reach.last),
        fixed=_has_fixed_end(test),
        direction=test.direction,
        sides=_sides(test, picked, stats),
        base=_base(pending),
    )
    by = aside(test, outcome.sources)
    return replace(outcome, sentence=clause(names.said(test.say), outcome, by=by))


def _base(pending: PendingTest) -> Side | None:
    """Return the earlier window that the clause of a level mentions; None without one."""
    test = pending.test
    if test.base is None:
        return None
    window = pending.pick("the base", pending.of(test.group), test.base)
    if not window.points:
        return None
    points = chosen(window.points, test.statistic)
    mean = float(reduce(np.asarray(values(window.points), dtype=float), test.statistic))
    return Side(test.group, span(points), mean, tuple(points))


def _sides(test: Test, picked: list[Picked], stats: list[float]) -> tuple[Side, ...]:
    """Return each window with its figure and the points that it rests on.

    A gap has a window of each of two groups; a change has two windows of one group, a level one.
    """
    first_group = test.minus if test.form == "gap" else test.group
    groups = [first_group, test.group][: len(picked)]
    sides = []
    for group, window, figure_of_window in zip(groups, picked, stats, strict=True):
        points = chosen(window.points, test.statistic)
        sides.append(Side(group, span(points), figure_of_window, tuple(points)))
    return tuple(sides)
