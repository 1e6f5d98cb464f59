# SPDX-License-Identifier: Apache-2.0
"""The printed rule, made from the fields of the test that decides and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.measures import known_measure
from bilat.verdicts.claim_tests import Bounds, Test
from bilat.verdicts.names import Names
from bilat.verdicts.sentences import capital
from bilat.verdicts.subjects import names_for

_STATISTIC = {
    "mean": "the mean",
    "median": "the median",
    "sum": "the total",
    "max": "the highest figure",
    "last": "the latest figure",
    "share of periods": "the share of periods with any",
}


def rule(test: Test, names: Names) -> str:
    """One test in words: the figure, the periods, the thresholds, where the figure comes from."""
    test = test.named(names.dyad.a, names.dyad.b)
    in_each = " in each" if test.form == "change" else ""
    need = f" (at least {test.need} full periods{in_each})" if test.need > 1 else ""
    return f"{figure(test, names)}{need}. {thresholds(test)} ({capital(origin(test))}.)"


def figure(test: Test, names: Names) -> str:
    """What is computed, with its periods."""
    what = names_for(test, names.dyad).said(test.what) or known_measure(test.measure).title.lower()
    statistic = _STATISTIC[test.statistic]
    joint = "minus" if test.compare == "difference" else "divided by"
    match test.form:
        case "change":
            apart = f" ({test.apart})" if test.apart else ""
            later = f"{statistic}{_during(test.after)}"
            return f"{what}: {later}, {joint} {statistic}{_during(test.before)}{apart}"
        case "gap":
            compared = f"{test.group or 'all'} {joint} {test.minus}"
            return f"{what}: {statistic}{_during(test.window)}, {compared}"
        case _:
            return f"{what}: {statistic}{_during(test.window)}"


def thresholds(test: Test) -> str:
    """The figures at which a test begins to speak for the claim, and in part for it."""
    up = test.direction == "up"
    bound = "at least" if up else "at most"

    def at(x: float) -> str:
        return f"{bound} {amount(test, x)}"

    what = "the whole interval is" if test.decide == "interval" else "the figure is"
    partly = test.supported if test.partly is None and test.decide == "interval" else test.partly
    first = f"This supports the claim if {what} {at(test.supported)}"
    if partly is None:
        return f"{first}; otherwise it counts against the claim."
    second = f"supports it in part if the figure is {at(partly)}"
    return f"{first}, and {second}; otherwise it counts against the claim."


def amount(test: Test, x: float) -> str:
    """A threshold in the unit of the test's figure."""
    unit = test.unit_of(known_measure(test.measure).unit)
    if unit.kind == "ratio" and test.form in ("change", "gap"):
        return "1.0" if x == 1 else f"{x:g}"
    percent = unit.kind == "percent"
    share = unit.kind == "share"
    if test.compare == "difference" and test.form != "level" and (percent or share):
        return f"{x * (100 if share else 1):g} points"
    if percent or share:
        return f"{x * (100 if share else 1):g}%"
    return f"{x:g}"


def origin(test: Test) -> str:
    """Measure, group and parameters, as they would be typed."""
    parts = [f"measure {test.measure}"]
    if test.dyad:
        parts.append("pair " + "-".join(test.dyad))
    if test.of:
        parts.append(f"about {test.of}")
    if test.group not in ("", "*"):
        parts.append(f"group {test.group}")
    parts += [f"{k}={v}" for k, v in test.params.items() if v != ""]
    return ", ".join(parts)


def _during(window: Bounds | None) -> str:
    if window is None:
        return ""
    first, last = window
    if first.startswith("now-"):
        return _counted_back(first, last)
    if last == "now":
        return f" from {first} to the last full period"
    return f" in {first}" if first == last else f" from {first} to {last}"


def _counted_back(first: str, last: str) -> str:
    """A window that is counted from the last year held."""
    _, _, start = first.partition("-")
    _, _, end = last.partition("-")
    years = int(start) - int(end or 0) + 1
    if not end:
        return f" in the last {years} full years"
    return f" in the {years} years that end {end} before the last full one"


def whole_rule(tests: Sequence[Test], names: Names, why: str, set_after: str) -> str:
    """What each indicator speaks for and against, why these, and what was set late."""
    several = len(tests) > 1
    said = [
        f"({n}) {capital(rule(t, names))}" if several else capital(rule(t, names))
        for n, t in enumerate(tests, 1)
    ]
    said.append(names.said(why))
    if set_after:
        said.append(names.said(set_after))
    return " ".join(s for s in said if s)


def rival_rule(test: Test, names: Names) -> str:
    """When a rival reading holds, does not hold, or cannot be told."""
    test = test.named(names.dyad.a, names.dyad.b)
    bound = "at least" if test.direction == "up" else "at most"
    mark = f"{bound} {amount(test, test.supported)}"
    return (
        f"{capital(figure(test, names))}. The explanation holds if that is {mark}. If the interval spans "
        f"that value, or we have no data, we cannot tell. ({capital(origin(test))}.)"
    )
