# SPDX-License-Identifier: Apache-2.0
"""Run a test: ask its measure, pick whole periods, reduce them by its form, compare with its thresholds."""

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

#: A window of which no more than this share is held is refused, not averaged.
HALF = 0.5


def run(
    test: Test,
    dyad: Dyad,
    as_of: AsOf,
    holdings: Holdings,
) -> Outcome:
    """Run one test. A window without its points gives ``not measurable`` and says what is missing."""
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
    q = PendingTest(test, m, known)
    picked = windows(q)
    return _refused(q, picked) or _judged(q, picked, names)


def _refused(test: PendingTest, picked: list[Picked]) -> Outcome | None:
    """Return why the windows cannot be judged; None where they can."""
    lacks = next(filter(None, (_lacking(test, window) for window in picked)), None)
    if lacks is None:
        return None
    return Outcome(
        "not measurable",
        lacks,
        missing="; ".join(filter(None, [lacks, test.m.note])),
        measurement=test.m,
        unit=test.test.unit_of(test.m.unit),
        shown=[point for window in picked for point in window.shown],
    )


def _lacking(q: PendingTest, window: Picked) -> str:
    """Return what a window lacks; "" where it can be judged."""
    test = q.test
    span = ""
    if window.asked:
        span = f" for {_told(window.asked, q.m)}"
    if len(window.points) < test.need:
        needed = f"the test needs at least {few_text(test.need, 'figures')}{span}"
        held = few(len(window.points), none="none")
        return f"{needed}, but as of {day(q.m.as_of.date)} we have {held}"
    if window.covered <= HALF:
        share = f"{window.covered:.0%} of the periods"
        return f"we have figures for only {share}{span}, too few for an average"
    if test.form == "change" and test.statistic == "sum" and _cut_short(window, q.m):
        return f"our data end on {day(str(q.m.data_to))}, too early for a total{span}"
    return ""


def _cut_short(picked: Picked, measurement: Measurement) -> bool:
    """Whether the record ends within a window whose end the rule fixes: its sum would be that of fewer periods."""
    end = end_of(picked.asked[1]) if picked.asked and picked.asked[1] != "now" else None
    return end is not None and measurement.data_to is not None and measurement.data_to < end


def _fixed(test: Test) -> bool:
    """Whether the window ends by the rule.

    A sum ends with its last event and a highest figure with its own, and the record goes on.
    """
    window = test.after if test.form == "change" else test.window
    return (window is not None and window[1] != "now") or test.statistic in ("sum", "max")


def _told(asked: Bounds, measurement: Measurement) -> str:
    """Return a window in words; one that is open ends on the day asked."""
    first, last = asked
    end = str(measurement.as_of) if last == "now" else last
    return spoken(first) if first == end else spoken(f"{first}..{end}")


def _judged(q: PendingTest, picked: list[Picked], names: Names) -> Outcome:
    test = q.test
    m = q.m
    arrays = [np.asarray(values(w.points), dtype=float) for w in picked]
    stats = [float(reduce(a, test.statistic)) for a in arrays]
    unit = test.unit_of(m.unit)
    if test.form != "level" and test.compare == "ratio" and stats[0] == 0:
        said = "the figure before is zero: no ratio"
        missing = "we cannot divide by the earlier figure, which is zero"
        return Outcome("not measurable", said, missing=missing, measurement=m, unit=unit)
    value = float(figure(test, tuple(arrays)))
    declared = {m.declared(p.group) for w in picked for p in w.points}
    # two groups whose intervals are of two kinds have none together
    interval = declared.pop() if len(declared) == 1 else Interval()
    band, why = band_of(test, picked, interval)
    used = [p for w in picked for p in chosen(w.points, test.statistic)]
    made = Outcome(
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
        data_to=data_to(used, m, q.reach.last),
        fixed=_fixed(test),
        direction=test.direction,
        sides=_sides(test, picked, stats),
        base=_base(q),
    )
    return replace(made, sentence=clause(names.said(test.say), made, by=aside(test, made.sources)))


def _base(q: PendingTest) -> Side | None:
    """Return the window that the clause of a level names beside its own; None without one."""
    test = q.test
    if test.base is None:
        return None
    window = q.pick("the base", q.of(test.group), test.base)
    if not window.points:
        return None
    points = chosen(window.points, test.statistic)
    mean = float(reduce(np.asarray(values(window.points), dtype=float), test.statistic))
    return Side(test.group, span(points), mean, tuple(points))


def _sides(test: Test, picked: list[Picked], stats: list[float]) -> tuple[Side, ...]:
    """Each window with its figure and the points that it rests on."""
    groups = (test.minus, test.group) if test.form == "gap" else (test.group, test.group)
    rests = [chosen(w.points, test.statistic) for w in picked]
    return tuple(
        Side(group, span(points), x, tuple(points))
        for group, points, x in zip(groups, rests, stats, strict=False)
    )
