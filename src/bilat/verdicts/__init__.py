# SPDX-License-Identifier: Apache-2.0
"""The paper's claims, answered as of any date: evidence -> answer, sentence, how sure."""

from typing import TYPE_CHECKING

from bilat.registry import later

if TYPE_CHECKING:
    from bilat.verdicts.assessment import judge
    from bilat.verdicts.judgement import ANSWERS, Answered, Evidence, Judgement, Rival
    from bilat.verdicts.ledger import CHAPTERS

__all__ = ["ANSWERS", "CHAPTERS", "Answered", "Evidence", "Judgement", "Rival", "judge"]

if not TYPE_CHECKING:  # what judges loads when it is first asked for, so that help stays quick
    __getattr__ = later(
        __name__,
        {
            "ANSWERS": "judgement",
            "Answered": "judgement",
            "Evidence": "judgement",
            "Judgement": "judgement",
            "Rival": "judgement",
            "judge": "assessment",
            "CHAPTERS": "ledger",
        },
    )
