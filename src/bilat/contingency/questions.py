# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the plans. The solvers load when a question is answered, so that help stays quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bilat.document import Document, Frame, Question
from bilat.document.fields import Range, Written


@dataclass(frozen=True)
class ExposureQuestion(Question):
    """What China's exporters would lose to secondary sanctions, by market and scope, against sales to Russia."""

    verb = ("plan", "exposure")
    coalition: Annotated[
        str, Written(what="NAMES"), "Who sanctions: G7 (with the EU), EU27, COALITION, WIDE, or ISO codes."
    ] = "G7"
    param: Annotated[
        tuple[str, ...], Written(short="p", what="K=V"), "A parameter: one value, or low:high; repeatable."
    ] = ()
    draws: Annotated[int, Range(1, 1_000_000), Written(what="N"), "Draws over what is uncertain."] = 10_000
    seed: Annotated[int, "Seed of the draws."] = 1

    def answer(self, frame: Frame) -> Document:
        from bilat.contingency.exposure import exposure
        from bilat.contingency.exposure.document import document

        found = exposure(
            self.coalition, as_of=frame.as_of, params=self.param, draws=self.draws, seed=self.seed,
            holdings=frame.holdings,
        )  # fmt: skip
        return document(found, self)
