# SPDX-License-Identifier: Apache-2.0
"""The printed rule, made from the fields of the test that decides and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document.wording import few_text
from bilat.measures import known_measure
from bilat.verdicts.claim_tests import Bounds, Test
from bilat.verdicts.names import Names
from bilat.verdicts.sentences import capital, spoken
from bilat.verdicts.subjects import names_for

_STATISTIC = {
    "mean": "the average",
    "median": "the median",
    "sum": "the total",
    "max": "the highest figure",
    "last": "the latest figure",
    "share of periods": "the share of periods with any",
}


def rule(test: Test, names: Names) -> str:
    """One test in words: the figure, the periods, the thresholds, where the figure comes from."""
    test = test.named(names.dyad.a, names.dyad.b)
    parts = [f"{figure(test, names)}.", _needed(test), thresholds(test)]
    parts.append(f"(Measure: {origin(test)}.)")
    return " ".join(filter(None, parts))


def _needed(test: Test) -> str:
    """Return how many full periods the figure needs; blank where one is enough."""
    if test.need <= 1:
        return ""
    each = "Each needs" if test.form == "change" else "It needs"
    return f"{each} at least {few_text(test.need, 'full periods')}."


def figure(test: Test, names: Names) -> str:
    """What is computed, with its periods."""
    what = names_for(test, names.dyad).said(test.what) or known_measure(test.measure).title.lower()
    statistic = _STATISTIC[test.statistic]
    match test.form:
        case "change":
            later = f"{statistic}{_during(test.after)}"
            compared = _compared(test, later, f"{statistic}{_during(test.before)}")
            said = f"{what}. {capital(compared)}"
            return f"{said}. {capital(test.apart)}" if test.apart else said
        case "gap":
            compared = _compared(test, f"that of {test.group or 'all'}", f"that of {test.minus}")
            return f"{what}. We take {statistic}{_during(test.window)}; {compared}"
        case _:
            return f"{what}. We take {statistic}{_during(test.window)}"


def _compared(test: Test, first: str, second: str) -> str:
    """Return how two figures are compared, with a verb."""
    if test.compare == "difference":
        return f"we subtract {second} from {first}"
    return f"we divide {first} by {second}"


def thresholds(test: Test) -> str:
    """The figures at which a test begins to speak for the claim, and in part for it."""
    up = test.direction == "up"
    bound = "at least" if up else "at most"
    opposite = "lower" if up else "higher"

    def at(x: float) -> str:
        return f"{bound} {amount(test, x)}"

    if test.decide == "interval":
        partly = test.supported if test.partly is None else test.partly
        return (
            f"If the whole interval is {at(test.supported)}, it supports the claim; if only the "
            f"figure is {at(partly)}, it does so in part. A {opposite} figure counts against it."
        )
    first = f"A figure of {at(test.supported)} supports the claim"
    against = f"a {opposite} figure counts against it"
    if test.partly is None:
        return f"{first}; {against}."
    return f"{first}; {at(test.partly)} supports it in part; {against}."


def holds_if(test: Test) -> str:
    """Return the figure at which another explanation holds: ``at least 1.1``."""
    bound = "at least" if test.direction == "up" else "at most"
    return f"{bound} {amount(test, test.supported)}"


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
    return f"{x:,g}"


def origin(test: Test) -> str:
    """Measure, group and parameters, as they would be typed."""
    parts = [test.measure]
    if test.dyad:
        parts.append("of the pair " + "-".join(test.dyad))
    if test.of:
        parts.append(f"of {test.of}")
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
        return f" from {spoken(first)} to the last full period"
    if first == last:
        return f" in {spoken(first)}"
    span = spoken(f"{first}..{last}")
    of_years = len(first) == len(last) == len("2024")
    return f" in {span}" if of_years and first[:2] == last[:2] else f" from {span}"


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
    return (
        f"{capital(figure(test, names))}. The explanation holds if that is {holds_if(test)}. "
        "If the interval spans that value, or we have no data, we cannot tell. "
        f"(Measure: {origin(test)}.)"
    )
