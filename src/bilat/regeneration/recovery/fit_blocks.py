# SPDX-License-Identifier: Apache-2.0
"""The model next to published figures, and forecasts from earlier dates, as blocks."""

from __future__ import annotations

from bilat.document import Block, Column, Figure, Say, Section, Table, wording
from bilat.document.wording import period
from bilat.planning import Quantiles
from bilat.planning.blocks import ranged_quantiles
from bilat.regeneration.recovery.answer import Recovery
from bilat.regeneration.recovery.backtest import RecoveryBacktest
from bilat.regeneration.recovery.notation import BOUND, span, three_digits, vehicles
from bilat.regeneration.recovery.records import month_text


def short_backtest_line(backtest: RecoveryBacktest) -> str:
    """Return in a sentence how earlier forecasts did."""
    ours, plain = backtest.error(True), backtest.error(False)
    apart = round(ours / plain - 1, 2) if ours is not None and plain else 0.0
    erred = (
        "as much as" if not apart else f"{abs(apart):.0%} {'more' if apart > 0 else 'less'} than"
    )
    return (
        f"Tested from earlier dates, the forecasts erred {erred} a forecast of no change. "
        f"Their 80% ranges contained {backtest.held:.0%} of the outcomes. {_newest(backtest)}"
    )


def backtest_line(b: RecoveryBacktest) -> str:
    """Return how earlier forecasts did, with their errors."""
    if b.held is None or not b.compared:
        return "No later figure can be compared yet."
    last = b.last_of_each
    inside = sum(f.holds for f in last)
    return (
        f"Over {len(b.compared)} figures, the error was {b.error(True):.2f} standard deviations; "
        f"assuming no change, it would have been {b.error(False):.2f}. The 80% ranges contained "
        f"{b.held:.0%} of {len(b.forecasts)} outcomes, and the model's own {b.held_by_draws:.0%}. "
        f"For {inside} of {len(last)} figures, the outcome lay within the latest forecast's range. "
        f"{_newest(b)} The first dates had few published figures and wide ranges."
    )


def _newest(backtest: RecoveryBacktest) -> str:
    """Return how often the model's own ranges held from the newest dates, as today's are made."""
    newest = backtest.newest
    since = min(f.origin for f in newest)
    inside = sum(f.reach <= 1 for f in newest)
    return (
        f"From {wording.period(since[:7])} on, {inside} of {len(newest)} outcomes fell within the "
        "model's own ranges, made like those below."
    )


def last_count_lines(recovery: Recovery) -> list[str]:
    """Return the last published count of the active stock, beside the model's."""
    counts = [r for r in recovery.residuals if r.point.quantity == "active"]
    if not counts:
        return [f"No count of active {vehicles(recovery)} had been published."]
    newest = max(counts, key=lambda r: (r.point.last, r.point.known_on))
    ours = Quantiles(newest.median, newest.low, newest.high)
    last = newest.point
    who = last.originators[0].split(" via ")[0].split(" (")[0]
    who = who.split(",")[0]
    part = BOUND[last.bound]
    when = period(month_text(last.last))
    counted = f"{part}{last.value:,.0f} {vehicles(recovery)}"
    count = f"The last count, by {who} for {when}, was {counted}"
    below = last.bound == "least" and ours.high < last.value
    short = " That is fewer than were counted." if below else ""
    return [f"{count}. For the same month, our model gives {ours.about()}.{short}"]


def count_blocks(recovery: Recovery) -> tuple[Block, ...]:
    """Return every published count of the active stock beside the model's of the same month."""
    rows = tuple(
        (
            r.point.name,
            f"{BOUND[r.point.bound]}{r.point.value:,.0f}",
            ranged_quantiles(Quantiles(r.median, r.low, r.high)),
            "; ".join(r.point.originators),
        )
        for r in recovery.residuals
        if r.point.quantity == "active"
    )
    if not rows:
        return ()
    heads = (
        Column("count"),
        Column("published", number=True),
        Column("our model", number=True),
        Column("publisher"),
    )
    return (Section("Counts of the active stock", (Table(heads, rows),)),)


def fit_blocks(a: Recovery) -> tuple[Block, ...]:
    """Return published figures next to those of the fitted model, and the model's stocks."""
    rows = tuple(
        (
            r.point.name,
            Figure(r.point.value, text=f"{BOUND[r.point.bound]}{r.point.value:,.4g}"),
            r.median,
            f"{three_digits(r.low)} to {three_digits(r.high)}",
            "far apart" if r.conflict else "",
            "; ".join(r.point.originators),
        )
        for r in a.residuals
    )
    blocks: list[Block] = [
        Table(
            (
                Column("figure"),
                Column("published", ",.4g", True),
                Column("our model", ",.4g", True),
                Column("80% range", number=True),
                Column("figures of publishers and of our model"),
                Column("publisher"),
            ),
            rows,
            listing=False,
        )
    ]
    if a.left_out:
        blocks.append(
            Say(
                f"If we leave out each of the {len(a.left_out)} figures in turn, "
                f"{sum(a.left_out.values())} are within the range that the others predict."
            )
        )
    states = tuple((q, text, f"{s.median:,.0f}", span(s.low, s.high)) for q, text, s in a.states)
    blocks.append(
        Table(
            (
                Column("stock in our model"),
                Column("month"),
                Column("vehicles", number=True),
                Column("80% range", number=True),
            ),
            states,
        )
    )
    return tuple(blocks)


def forecasts_table(backtest: RecoveryBacktest) -> Table:
    """Return each forecast from an earlier date next to what came."""
    rows = tuple(
        (
            f.origin,
            f.name,
            f.published,
            f.median,
            span(*f.range),
            f.same_pace,
            f.holds,
        )
        for f in backtest.forecasts
    )
    heads = (
        Column("forecast of"),
        Column("what"),
        Column("actual", ",.0f", True),
        Column("forecast", ",.0f", True),
        Column("80% range", number=True),
        Column("if nothing had changed", ",.0f", True),
        Column("within our range"),
    )
    return Table(heads, rows)
