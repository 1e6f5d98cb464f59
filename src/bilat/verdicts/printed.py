# SPDX-License-Identifier: Apache-2.0
"""The printed rule, made from the fields of the test that decides and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.measures import measures
from bilat.verdicts.asked import Bounds, Test
from bilat.verdicts.names import Names

_STATISTIC = {
    "mean": "the mean of",
    "median": "the median of",
    "sum": "the sum of",
    "max": "the greatest of",
    "min": "the least of",
    "last": "the last figure of",
    "first": "the first figure of",
    "only": "the figure of",
}


def rule(test: Test, names: Names) -> str:
    """One test in words: the figure, the periods, the thresholds, where the figure comes from."""
    test = test.named(names.dyad.a, names.dyad.b)
    need = f", at least {test.need} whole periods in each window" if test.need > 1 else ""
    return f"{figure(test, names)}{need}: {thresholds(test)} ({origin(test)})"


def figure(test: Test, names: Names) -> str:
    """What is computed, with its periods."""
    what = names.said(test.what) or measures()[test.measure].title.lower()
    if test.form == "trend":
        return f"Sen's slope of {what}{_during(test.window)}"
    said = f"{_STATISTIC[test.statistic]} {what}"
    joint = "less" if test.compare == "difference" else "over"
    match test.form:
        case "change":
            return f"{said}{_during(test.after)}, {joint} that{_during(test.before)}"
        case "gap":
            return f"{said}: {test.group or 'all'} {joint} {test.minus}{_during(test.window)}"
        case _:
            return f"{said}{_during(test.window)}"


def thresholds(test: Test) -> str:
    """The verdicts with the figures at which each begins."""
    up = test.direction == "up"
    beyond, short = ("or more", "or less") if up else ("or less", "or more")
    past, before = ("above", "below") if up else ("below", "above")

    def at(x: float) -> str:
        return amount(test, x)

    if test.form == "trend":
        zero = at(test.supported)
        return (
            f"supported with the whole interval {past} {zero}, contradicted with the whole interval {before} {zero}, "
            f"partly supported {past} {zero} with p at most {test.significance:g}, else not supported"
        )
    whole = "the whole interval " if test.decide == "interval" else ""
    partly = test.supported if test.partly is None and test.decide == "interval" else test.partly
    parts: list[str] = []
    if test.upper is not None:
        floor = test.supported if test.partly is None else test.partly
        ceiling = test.upper if test.upper_partly is None else test.upper_partly
        parts = [
            f"supported with {whole or 'the figure '}from {at(test.supported)} to {at(test.upper)}",
            f"partly supported with the figure from {at(floor)} to {at(ceiling)}",
        ]
        if test.decide == "interval":
            parts.append(
                f"contradicted with the whole interval above {at(ceiling)} or all of it below {at(floor)}"
            )
    else:
        parts.append(f"supported with {whole or 'the figure '}at {at(test.supported)} {beyond}")
        if partly is not None:
            parts.append(f"partly supported with the figure at {at(partly)} {beyond}")
        if test.contradicted is not None and test.decide == "interval":
            parts.append(f"contradicted with the whole interval {before} {at(test.contradicted)}")
        elif test.contradicted is not None:
            parts.append(f"contradicted with the figure at {at(test.contradicted)} {short}")
    return ", ".join([*parts, "else not supported"])


def amount(test: Test, x: float) -> str:
    """A threshold in the unit of the test's figure."""
    unit = test.unit_of(measures()[test.measure].unit)
    if unit.kind == "ratio" and test.form in ("change", "gap"):
        return "1.0 times" if x == 1 else f"{x:g} times"  # one times is no English
    percent, share = unit.kind == "percent", unit.kind == "share"
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
    if test.group not in ("", "*"):
        parts.append(f"group {test.group}")
    parts += [f"{k}={v}" for k, v in test.params.items() if v != ""]
    return ", ".join(parts)


def _during(window: Bounds | None) -> str:
    if window is None:
        return ""
    first, last = window
    if last == "now":
        return f" from {first} to the last whole period held"
    return f" in {first}" if first == last else f" in {first} to {last}"


def combination(tests: Sequence[Test], how: str) -> str:
    """How several tests make one verdict; blank for one."""
    if len(tests) < 2:
        return ""
    match how:
        case "lead":
            return (
                "The first test leads: where it is not supported or contradicted, so is the claim. A further "
                "test that is not supported lowers supported to partly, one that is contradicted makes the claim "
                "mixed, and one that cannot be measured lowers supported to partly; none raises it."
            )
        case "any":
            return "Any of the tests suffices: the best of their verdicts is the claim's."
        case _:
            return (
                "All tests must pass: supported if each is, partly if each passes at least in part, mixed if some "
                "pass and some do not, contradicted if none passes and one is contradicted. One that cannot be "
                "measured keeps the claim from more than partly supported."
            )


def whole_rule(tests: Sequence[Test], how: str, names: Names, why: str, set_after: str, cap: str) -> str:
    """Every test and how they combine, with why, what was set late, and the best verdict allowed."""
    several = len(tests) > 1
    said = [f"({n}) {_capital(rule(t, names))}." if several else f"{_capital(rule(t, names))}."
            for n, t in enumerate(tests, 1)]  # fmt: skip
    said.append(combination(tests, how) if tests else "No test: the record held cannot decide it.")
    if cap:
        said.append(f"The best verdict that this evidence can give is {cap}.")
    said.append(names.said(why))
    if set_after:
        said.append(f"Set after the figures were seen: {names.said(set_after)}")
    return " ".join(s for s in said if s)


def shown_figure(test: Test, names: Names) -> str:
    """A figure that is shown and judges nothing: what it is and where it comes from, without thresholds."""
    test = test.named(names.dyad.a, names.dyad.b)
    return f"{_capital(figure(test, names))} ({origin(test)})"


def shown_rule(tests: Sequence[Test], names: Names, how: str, why: str, set_after: str) -> str:
    """What stands in place of a rule where no figure can decide."""
    said = [f"Shown and not judged: no {how} figure can decide it."]
    said += [f"{shown_figure(t, names)}." for t in tests]
    said.append(names.said(why))
    if set_after:
        said.append(f"Set after the figures were seen: {names.said(set_after)}")
    return " ".join(s for s in said if s)


def rival_rule(test: Test, names: Names, *, holds_if: str) -> str:
    """When a rival reading holds, does not hold, or cannot be told."""
    test = test.named(names.dyad.a, names.dyad.b)
    mark = f"{amount(test, test.supported)} {'or more' if test.direction == 'up' else 'or less'}"
    outcome = "holds" if holds_if == "supported" else "does not hold"
    if test.form == "trend":
        past = "above" if test.direction == "up" else "below"
        mark = f"with the whole interval {past} {amount(test, test.supported)}"
        other = "does not hold" if holds_if == "supported" else "holds"
        return (
            f"{_capital(figure(test, names))}: {outcome} {mark}, {other} with all of it on the other side; where it "
            f"spans that, it cannot be told ({origin(test)})"
        )
    return (
        f"{_capital(figure(test, names))}: {outcome} at {mark}; where the interval spans that, or nothing is held, "
        f"it cannot be told ({origin(test)})"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
