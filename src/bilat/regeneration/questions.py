# SPDX-License-Identifier: Apache-2.0
"""What may be asked of recovery. The fit loads when a question is answered, so that help stays quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bilat.document import Document, Frame, Question
from bilat.document.fields import Range, Written


@dataclass(frozen=True)
class RecoveryQuestion(Question):
    """How long Russia's forces need after a ceasefire, on each publisher's figures side by side."""

    verb = ("plan", "recovery")
    force: Annotated[str, Written(first=True, what="FORCE"), "tank, ifv_apc, or tube_artillery."] = "tank"
    ceasefire: Annotated[
        str,
        Written(what="MONTH"),
        "First month of peace, YYYY-MM; the month after the as-of date where blank.",
    ] = ""
    beliefs: Annotated[
        tuple[str, ...],
        Written(what="NAMES"),
        "Whose figures, by name: iiss, janes, cit; all where none is given.",
    ] = ()
    china: Annotated[
        Literal["", "none", "components", "systems"], "One kind of Chinese help; all where blank."
    ] = ""
    checks: Annotated[bool, "With forecasts from earlier dates and points left out one by one."] = False
    param: Annotated[
        tuple[str, ...], Written(short="p", what="K=V"), "A number: one value, or low:high; repeatable."
    ] = ()
    draws: Annotated[int, Range(200, 1_000_000), Written(what="N"), "Draws of the years to come."] = 10_000
    seed: Annotated[int, Range(0, 2**31), Written(what="N"), "Seed of the draws."] = 1

    def answer(self, frame: Frame) -> Document:
        from bilat.regeneration.recovery.answer import recovery
        from bilat.regeneration.recovery.document import document

        found = recovery(
            self.force, ceasefire=self.ceasefire, beliefs=self.beliefs or None, china=self.china or None,
            draws=self.draws, seed=self.seed, changes=self.param, as_of=frame.as_of, holdings=frame.holdings,
            checks=self.checks,
            progress=lambda words: frame.progress(words, 0, None) if frame.progress else None,
        )  # fmt: skip
        return document(found, self)
