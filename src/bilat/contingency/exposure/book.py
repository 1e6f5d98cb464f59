# SPDX-License-Identifier: Apache-2.0
"""Exposure as it stands in a book: its headlines, and its arithmetic."""

from __future__ import annotations

from bilat.catalog.sources import sources
from bilat.contingency.exposure.answer import Exposure
from bilat.planning import Quantiles
from bilat.planning.plans import PlanHeadline, Sum


def headlines(exposure: Exposure) -> tuple[PlanHeadline, ...]:
    """The share of sales that equals the gain, and loss over gain at the scope asked for."""
    scope = exposure.parameters("scope")
    even = Quantiles(*[exposure.break_even] * 3)
    times = PlanHeadline(
        f"loss over gain, {scope:.0%} of sales touched", "times", exposure.spread[scope], ".2g"
    )
    first = PlanHeadline("share of sales whose loss equals the gain", "", even, ".1%")
    return (first, times) if scope in exposure.spread else (first,)


def _producer(source: str) -> str:
    return sources()[source].producer


def sums(exposure: Exposure) -> tuple[Sum, ...]:
    """Gain against loss for one elasticity, with nothing and with a published share sold
    elsewhere.
    """
    known = sorted(e.value for e in exposure.sales.evidence.values() if e.metric == "elasticity")
    lost = "[sales]*{scope}*[cut]*(1-%s*(1-{price_cut}))"
    return (
        Sum(
            "gain",
            f"gained in Russia, {exposure.base} to {exposure.newest}",
            exposure.gain,
            "USD",
            _producer(exposure.gain_source),
        ),
        Sum(
            "sales",
            f"sold to {exposure.coalition.name} in {exposure.sales.market_year}",
            exposure.to_coalition,
            "USD",
            _producer("comtrade_world_2021"),
        ),
        Sum(
            "even",
            "share of the sales whose loss equals the gain",
            "[gain]*{margin_ratio}/[sales]",
            "share",
        ),
        *(
            (
                Sum(
                    "elasticity",
                    "elasticity, the middle one published",
                    float(known[len(known) // 2]),
                    "",
                    _producer("blockade_facts"),
                ),
                Sum(
                    "away",
                    "share of a cut that is sold elsewhere, as published",
                    float(exposure.deflected),
                    "share",
                    _producer("blockade_facts"),
                ),
                Sum(
                    "cut",
                    "share no longer sold at the added cost",
                    "1-(1+{added_cost})^-[elasticity]",
                    "share",
                ),
                Sum("most", "loss, nothing sold elsewhere", lost % "0", "USD"),
                Sum("least", "loss, the published share sold elsewhere", lost % "[away]", "USD"),
                Sum("times", "loss over gain, at most", "[most]/([gain]*{margin_ratio})", "times"),
            )
            if known
            else ()
        ),
    )
