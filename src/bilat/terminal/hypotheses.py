# SPDX-License-Identifier: Apache-2.0
"""Durability in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap

from bilat.forecast.hypotheses import Durability

WIDTH = 80


def _wrapped(text: str, indent: str = "  ") -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  "))


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
