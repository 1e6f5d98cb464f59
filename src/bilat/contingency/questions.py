# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the plans. The solvers load when a question is answered, so that help stays quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Range, Written

#: Numbers of a plan set by the user.
Numbers = Annotated[
    tuple[str, ...], Written(short="p", what="K=V"), "A number: one value, or low:high; repeatable."
]
Seed = Annotated[int, Range(0, 2**31), Written(what="N"), "Seed of the draws."]


@dataclass(frozen=True)
class ExposureQuestion(Question):
    """What China's exporters would lose to secondary sanctions, by market and scope, against sales to Russia."""

    verb = ("plan", "exposure")
    coalition: Annotated[
        str, Written(what="NAMES"), "Who sanctions: G7 (with the EU), EU27, COALITION, WIDE, or ISO codes."
    ] = "G7"
    param: Numbers = ()
    draws: Annotated[int, Range(1, 1_000_000), Written(what="N"), "Draws over what is uncertain."] = 10_000
    seed: Seed = 1

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.exposure import exposure
        from bilat.contingency.exposure.document import document

        found = exposure(
            self.coalition, as_of=frame.as_of, params=self.param, draws=self.draws, seed=self.seed,
            holdings=frame.holdings,
        )  # fmt: skip
        return document(found, self)


@dataclass(frozen=True)
class BlockadeQuestion(Question):
    """What China would lack if its sea lanes were closed, how long stocks last, and what Russian pipes add."""

    verb = ("plan", "blockade")
    close: Annotated[
        str,
        Written(what="NAMES"),
        "What is closed: malacca, lombok, sunda, hormuz, australia, pacific, myanmar, sea.",
    ] = "malacca,lombok,sunda"
    param: Numbers = ()
    draws: Annotated[int, Range(100, 10_000_000), Written(what="N"), "Draws over what is uncertain."] = 10_000
    seed: Seed = 1

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.blockade import blockade
        from bilat.contingency.blockade.document import document

        found = blockade(
            self.close, as_of=frame.as_of, params=self.param, draws=self.draws, seed=self.seed,
            holdings=frame.holdings,
        )  # fmt: skip
        return document(found, self)


@dataclass(frozen=True)
class BackfillQuestion(Question):
    """What Europe would order against a crisis in the Pacific that takes American forces away, and what it covers."""

    verb = ("plan", "backfill")
    budget: Annotated[str, Written(what="MONEY"), "New dollars a year: 10bn, 800m, unlimited."] = "10bn"
    definition: Annotated[
        str, Written(what="NAME"), "Europe's tankers counted: dedicated, a330, tankers, capable, fleet."
    ] = "tankers"
    weight: Annotated[
        tuple[str, ...],
        Written(what="EFFECT=N"),
        "How much an effect counts, 1 where it is not given; repeatable.",
    ] = ()
    param: Numbers = ()
    draws: Annotated[int, Range(10, 5000), Written(what="N"), "Draws over what is uncertain."] = 200
    seed: Seed = 0

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.backfill.answer import backfill
        from bilat.contingency.backfill.crisis import Order, money, weights
        from bilat.contingency.backfill.document import document

        found = backfill(
            Order(money(self.budget), self.definition, weights(self.weight)), params=self.param, draws=self.draws,
            seed=self.seed, holdings=frame.holdings, as_of=frame.as_of, progress=step(frame),
        )  # fmt: skip
        return document(found, self)


def step(frame: Frame) -> Callable[[str], None]:
    """The frame's progress as a plain word: what is being worked on."""
    return lambda words: frame.progress(words, 0, None) if frame.progress else None
