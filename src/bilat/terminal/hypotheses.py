# SPDX-License-Identifier: Apache-2.0
"""Rival readings and durability in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from bilat.forecast.hypotheses import Durability, Judged

WIDTH = 80


def _wrapped(text: str, indent: str = "  ") -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  "))


def show_hypotheses(found: Sequence[Judged]) -> None:
    """Each chapter: the readings ranked, the evidence that tells them apart, and what would turn the ranking."""
    for n, j in enumerate(found):
        if n:
            print()
        print(textwrap.fill(f"{j.asks} (chapter {j.chapter}, as of {j.as_of})", WIDTH))
        if not j.leads:
            print("  The evidence does not tell the first two apart.")
        for k, r in enumerate(j.readings):
            _wrapped(f"{'ABC'[k]}  {r.says}: inconsistency {r.against:.2f}")
        letters = "  ".join(f"{x:2}" for x in "ABC"[: len(j.readings)])
        print(f"\n  {'evidence':16}{'stands':22}{'tells apart':>12}  {letters}")
        for e in j.evidence:
            marks = [e.marks[i] if e.marks else "-" for i in j.order]
            cells = "  ".join(f"{m:2}" for m in marks)
            print(f"  {e.id:16}{e.stands[:21]:22}{e.diagnosticity:12.2f}  {cells}")
        turning = [t.id for t in j.turns if t.turns]
        rests = "The lead rests on" if j.leads else "They would be told apart by another verdict on"
        said = f"{rests} {', '.join(turning)}" if turning else "No single piece turns this"
        _wrapped(f"{said}; B is {j.margin:.2f} more inconsistent than A.")
    print()
    text = (
        "CC, C: fits (well); N: says nothing; I, II: does not fit; -: decides nothing. Marks are judged, "
        "sides are measured: bilat claims and bilat forecast show what is behind."
    )
    print(textwrap.fill(text, WIDTH))


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
