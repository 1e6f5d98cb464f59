# SPDX-License-Identifier: Apache-2.0
"""The printed rule, made from the fields of the test that decides and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.document import wording as words
from bilat.document.wording import few_text
from bilat.measures import known_measure
from bilat.verdicts.claim_tests import Bounds, Test
from bilat.verdicts.names import Names
from bilat.verdicts.sentences import capital, spoken
from bilat.verdicts.subjects import names_for

_STATISTIC = {
    "mean": "the average{}",
    "median": "the median{}",
    "sum": "the total{}",
    "max": "the highest figure{}",
    "last": "the latest figure{}",
    "share of periods": "the share of periods{} in which there was at least one",
}


def rule(test: Test, names: Names) -> str:
    """One test in words: the figure, the periods, the thresholds, where the figure comes from."""
    test = test.named(names.dyad.a, names.dyad.b)
    parts = [figure(test, names), _needed(test), thresholds(test)]
    parts.append(f"(Measure: {titled(test)}.)")
    return " ".join(filter(None, parts))


def _needed(test: Test) -> str:
    """Return how many full periods the figure needs; blank where one is enough."""
    if test.need <= 1:
        return ""
    sides = " on each side" if test.form == "change" else ""
    return f"We need at least {few_text(test.need, 'full periods')} of data{sides}."


def figure(test: Test, names: Names) -> str:
    """What is computed, with its periods, in whole sentences."""
    what = names_for(test, names.dyad).said(test.what) or known_measure(test.measure).title.lower()
    said = [_looked_at(what)]
    match test.form:
        case "change":
            later, earlier = _taken(test, test.after), _taken(test, test.before)
            if test.compare == "difference":
                said.append(f"We take {later} and subtract {earlier}.")
            else:
                said.append(f"We divide {later} by {earlier}.")
            if test.apart:
                said.append(f"{capital(test.apart)}.")
        case "gap":
            ours, theirs = words.group(test.group or "all"), words.group(test.minus)
            compared = (
                f"subtract that for \u201c{theirs}\u201d from that for \u201c{ours}\u201d"
                if test.compare == "difference"
                else f"divide that for \u201c{ours}\u201d by that for \u201c{theirs}\u201d"
            )
            said.append(f"For each side we take {_taken(test, test.window)}, and {compared}.")
        case _:
            said.append(f"We use {_taken(test, test.window)}.")
    return " ".join(said)


def _looked_at(what: str) -> str:
    """Return the sentence on what a test is about: ``We compare the last count with the first.``"""
    ours, is_comparison, theirs = what.partition(", compared with ")
    if is_comparison:
        return f"We compare {ours} with {theirs}."
    return f"We look at {what}."


def titled(test: Test) -> str:
    """Return the title of a test's measure, with the name under which it can be asked."""
    return f"{known_measure(test.measure).title} ({test.measure})"


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
            f"The result supports the claim if its whole interval is {at(test.supported)}, and in "
            f"part if only the figure itself is {at(partly)}. A {opposite} figure counts against it."
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
        return f"{x * (100 if share else 1):g} percentage points"
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


def _taken(test: Test, window: Bounds | None) -> str:
    """Return a test's statistic within a window: ``the average for 2018-21``."""
    if window is not None and test.statistic == "last":
        return _one_figure(*window)
    return _STATISTIC[test.statistic].format(f" {_during(*window)}" if window else "")


def _during(first: str, last: str) -> str:
    """Return a window with its preposition: ``for 2018-21``."""
    if first.startswith("now-"):
        return f"for {_counted_back(first, last)}"
    if last == "now":
        return f"from {spoken(first)} to the latest full period in our data"
    if first == last:
        return f"for {spoken(first)}"
    of_days = len(first) == len("2024-01-01")
    return f"{'from' if of_days else 'for'} {spoken(f'{first}..{last}')}"


def _one_figure(first: str, last: str) -> str:
    """Return the last figure of a window: ``the figure for 2021``."""
    if first == last and first.startswith("now-"):
        years = few_text(int(first.removeprefix("now-")), "years")
        return f"the figure dated {years} before the latest full year"
    if first == last:
        return f"the figure for {spoken(first)}"
    if last == "now":
        return f"the latest figure from {spoken(first)} or later"
    return f"the last figure between {spoken(first)} and {spoken(last)}"


def _counted_back(first: str, last: str) -> str:
    """A window that is counted from the last year held."""
    start = int(first.removeprefix("now-"))
    end = int(last.removeprefix("now").removeprefix("-") or 0)
    years = start - end + 1
    if not end:
        return f"the latest {few_text(years, 'full years')}"
    before = f"{few_text(end, 'years')} before the latest full one"
    return f"the {few_text(years, 'years')} ending {before}"


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
        f"{figure(test, names)} The explanation holds if the result is {holds_if(test)}. "
        "If the interval around it includes that value, or if we have no data, we cannot say. "
        f"(Measure: {titled(test)}.)"
    )
