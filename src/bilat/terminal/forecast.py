# SPDX-License-Identifier: Apache-2.0
"""Questions in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from bilat.forecast import Forecast, Scores
from bilat.forecast.durability import Durability
from bilat.forecast.fitting import resolves_as

WIDTH = 80


def _wrapped(text: str, indent: str = "") -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


def show_list(asked: Sequence[Forecast]) -> None:
    """One line a question: id, claim, closing date, base rate, probability, outcome."""
    print(f"{'question':18} {'claim':5} {'opened':10} {'closes':10} {'base':>5} {'p':>5}  outcome")
    for f in asked:
        q = f.question
        print(
            f"{q.id[:18]:18} {q.claim[:5]:5} {q.opened} {q.closes} {f.rate.probability:5.2f} {f.probability:5.2f}"
            f"  {f.outcome.status}"
        )
    late = sum(f.question.written > f.question.opened for f in asked)
    if late:
        _wrapped(
            f"{late} of {len(asked)} questions were written after they opened: their choice is made with "
            "hindsight, their base rates are counted without it."
        )


def show_question(f: Forecast) -> None:
    """Everything about one question."""
    q = f.question
    print(f"{q.id}  claim {q.claim}  opened {q.opened}  closes {q.closes}")
    _wrapped(q.asks)
    _wrapped(f"The paper: {q.statement}.")
    _wrapped(resolves_as(q))
    print()
    _wrapped(f"base rate {f.rate.probability:.2f}: {f.rate.words}")
    if f.revised:
        _wrapped("Rows of an edition later than the opening stand in.", "  ")
    for says, ratio, row in f.evidence:
        _wrapped(f"x{ratio:.2f} {says} ({row.where}, known {row.known_on})", "  ")
    print(f"with the evidence {f.probability:.2f}")
    print()
    _wrapped(f"outcome: {f.outcome.status}: {f.outcome.why}")
    for s in f.outcome.rows[:6]:
        _wrapped(f"{s.period}  {s.where}", "  ")
    if len(f.outcome.rows) > 6:
        print(f"  and {len(f.outcome.rows) - 6} more")
    for text in q.near_misses:
        _wrapped(f"does not count: {text}", "  ")
    if f.movers():
        print("\nwhat would move it (ratios are judgements)")
        for event, ratio, p in f.movers():
            _wrapped(f"{f.probability:.2f} -> {p:.2f}  {event} (x{ratio:g})", "  ")


def show_outcomes(asked: Sequence[Forecast]) -> None:
    """What came, with the reason."""
    for f in asked:
        print(f"{f.question.id}: {f.outcome.status}")
        _wrapped(f.outcome.why, "  ")
        if f.outcome.rows:
            shown = "; ".join(s.where for s in f.outcome.rows[:4])
            _wrapped(f"rows: {shown}" + (" …" if len(f.outcome.rows) > 4 else ""), "  ")


def show_scores(s: Scores) -> None:
    """What the scores are worth, then the scores."""
    yes = sum(f.outcome.yes for f in s.forecasts)
    bare = f", {s.undecided} not decidable" if s.undecided else ""
    print(f"{len(s.forecasts)} resolved ({yes} yes), {s.waiting} not yet observable{bare}")
    if s.hindsight:
        _wrapped(
            f"{s.hindsight} of them were written after they opened. Base rates are counted by rule from what was "
            "known then; which questions are asked, and the evidence, were chosen by people who knew what came. "
            "So a gain of the evidence is no proof of skill, whatever its interval."
        )
    print(f"\n{'':28} {'Brier':>7} {'log':>7}")
    for who, (b, log) in s.rows.items():
        print(f"{who:28} {b:7.3f} {log:7.3f}")
    print("\nlargest miss first")
    for f in sorted(s.forecasts, key=lambda f: -abs(f.probability - f.outcome.yes)):
        print(f"{f.question.id:18} {f.probability:5.2f}  {f.outcome.status}")


def show_durability(d: Durability) -> None:
    """The pillars with their chances of falling, and the joint chances with bounds."""
    print(f"What would have to fall, as of {d.as_of}")
    for f in d.pillars:
        print()
        _wrapped(f"{f.says}: {f.probability:.0%} that it falls ({f.status}; closes {f.closes})")
        _wrapped(f.asks, "    ")
        for event, p in f.movers:
            _wrapped(f"if {event}: {p:.0%}", "    ")
    n = len(d.pillars)
    print()
    _wrapped(
        f"At least one of {n} falls: {d.any_independent:.0%} if they were independent; {d.any_low:.0%} to "
        f"{d.any_high:.0%} whatever joins them.", ""
    )  # fmt: skip
    _wrapped(
        f"At least {n // 2 + 1} of {n} fall, which would be the tie: {d.most_independent:.0%} if independent; "
        f"{d.most_low:.0%} to {d.most_high:.0%} whatever joins them. They share causes: expect more than the "
        "independent figure.", ""
    )  # fmt: skip
