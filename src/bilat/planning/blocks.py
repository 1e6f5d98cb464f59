# SPDX-License-Identifier: Apache-2.0
"""Blocks that every plan shows: its numbers, a median with its range."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bilat.document import Column, RangedFigure, Table
from bilat.document import wording as words
from bilat.planning.assumptions import Assumption, Assumptions
from bilat.planning.draws import Driver, Quantiles
from bilat.planning.figures import Figures

#: What a range in brackets says, in the summary of every plan.
RANGES = "A range in brackets covers 80% of the model runs."


def numbers_table(numbers: Assumptions) -> Table:
    """Return every number of a plan with range, unit, standing, and whose it is, of what and since
    when.
    """
    order = ("set by the user", "assumed", "derived", "published", "set by the question")
    rows = tuple(
        (
            a.name,
            a.value,
            f"{a.low:g} to {a.high:g}" if a.low < a.high else "",
            a.unit,
            a.standing,
            _whose(a),
        )
        for a in sorted(numbers.values(), key=lambda a: order.index(a.standing))
    )
    heads = (
        "number",
        "value",
        "range",
        "unit",
        "published or assumed",
        "who says so, or why we assume it",
    )
    return Table(tuple(Column(h) for h in heads), rows)


def _whose(assumption: Assumption) -> str:
    """Return whose a number is, of what and since when; of an assumed one why, and what it would
    take to know.
    """
    if assumption.set_by_user:
        return ""
    if assumption.known:
        of = f", {words.period(assumption.period)}" if assumption.period else ""
        remark = f" {words.sentence(assumption.remark)}" if assumption.remark else ""
        return f"{assumption.who}{of}; published by {words.day(assumption.known)}.{remark}"
    why = words.sentence(assumption.source)
    if not assumption.wanted:
        return why
    return f"{why} To replace this assumption we would need data on {assumption.wanted}."


def assumed_line(numbers: Assumptions, decides: Sequence[Driver]) -> str:
    """Return how many numbers nobody published, and which of them moves the answer most."""
    assumed = {a.name: a for a in numbers.assumed()}
    world = len(numbers.about_the_world())
    if not assumed:
        return f"None of the plan's {world} numbers is assumed."
    line = f"Of the plan's {world} numbers, {len(assumed)} {'is' if len(assumed) == 1 else 'are'} assumed"
    if not decides:
        return f"{line}."
    strongest = next((d for d in decides if d.name in assumed and d.share >= 0.01), None)
    if strongest is None:
        return f"{line}. None of these moves the answer much."
    meaning = assumed[strongest.name].meaning
    part = f"{strongest.share:.0%} of the variance"
    return f"{line}. The one that matters most is “{meaning}” ({part})."


def yours_line(numbers: Assumptions) -> list[str]:
    """Return the sentence that names the numbers which the user set; none without any."""
    own = [
        f"{a.meaning} ({a.name}): {a.shown} {a.unit}".rstrip() + _beyond(a)
        for a in numbers.values()
        if a.set_by_user
    ]
    if not own:
        return []
    more = f" and {len(own) - MOST_OF_YOURS} more" if len(own) > MOST_OF_YOURS else ""
    return [f"Set by you: {'; '.join(own[:MOST_OF_YOURS])}{more}."]


def _beyond(number: Assumption) -> str:
    """Say that a user's number lies beyond the plan's own range."""
    if not number.is_outside_plan_range or number.plan_range is None:
        return ""
    low, high = number.plan_range
    return f", outside the plan’s {low:g} to {high:g}"


#: Numbers of the user's that the summary names.
MOST_OF_YOURS = 6


def written_figure(figure: str) -> str:
    """Write a published figure with commas between thousands; a range or a word as it is."""
    try:
        value = float(figure)
    except ValueError:
        return figure
    return f"{value:,.15g}"


def rivals_table(known: Figures, keys: Sequence[str]) -> Table:
    """Return figures of others that were public, each with who said it and when."""
    rows = tuple(
        (
            r.item,
            written_figure(r.figure),
            r.unit,
            r.originator,
            r.known_on.isoformat(),
            r.url,
        )
        for r in (known.rows[k] for k in keys if k in known.rows)
    )
    heads = ("figure", "value", "unit", "publisher", "public by", "page")
    return Table(tuple(Column(h) for h in heads), rows)


def drivers_table(decides: Sequence[Driver], numbers: Assumptions, of: str) -> Table:
    """Return which numbers decide an outcome, with the share of its variance."""
    rows = tuple(
        (
            numbers[d.name].meaning if d.name in numbers else d.name.replace("_", " "),
            d.share,
            d.rank,
            numbers[d.name].standing if d.name in numbers else "",
        )
        for d in decides
    )
    heads = (
        Column("number in the plan"),
        Column("share of the variance", ".0%", True),
        Column("correlation with the result (+1: always more; −1: always less)", "+.2f", True),
        Column("published or assumed"),
    )
    return Table(heads, rows, title=f"What decides {of}")


def quantile_text(quantiles: Quantiles, form: str = ",.0f") -> str:
    """``1,110 [659 to 1,564]``: the median with 10% and 90% of the draws."""
    return f"{quantiles.median:{form}} [{quantiles.low:{form}} to {quantiles.high:{form}}]"


def ranged(quantiles: Quantiles, text: str, endless: str = "no end") -> RangedFigure:
    """Return a median with its range as a cell, printed as a text; the ends stay numbers."""
    ends = (quantiles.median, quantiles.low, quantiles.high)
    middle, low, high = (end if math.isfinite(end) else None for end in ends)
    return RangedFigure(middle, low=low, high=high, text=text, endless=endless)


def ranged_quantiles(quantiles: Quantiles, form: str = ",.0f") -> RangedFigure:
    """Return a cell ``1,110 [659 to 1,564]``: the median with 10% and 90% of the draws."""
    return ranged(quantiles, quantile_text(quantiles, form))


#: Steps in which a chance is printed, and how near to 0 or 1 it is printed to the point: of several
#: thousand runs, two seeds give chances in the middle that differ by a point or two.
STEP = 0.05
NEAR_AN_END = 0.05


def chance(p: float, step: float = STEP) -> float:
    """Return a chance from model runs as it is printed: in steps, but to the point near 0 and 1."""
    if min(p, 1 - p) < NEAR_AN_END:
        return round(p, 2)
    return round(round(p / step) * step, 2)


def ranged_share(quantiles: Quantiles) -> RangedFigure:
    """Return a cell ``36% [32% to 40%]``."""
    return ranged_quantiles(quantiles, ".0%")
