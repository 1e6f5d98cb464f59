# SPDX-License-Identifier: Apache-2.0
"""The paper's claims, answered as of any date: evidence -> answer, sentence, how sure."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bilat.verdicts.judgement import ANSWERS, Answered, Evidence, Judgement, Rival
    from bilat.verdicts.judging import judge
    from bilat.verdicts.ledger import CHAPTERS

__all__ = ["ANSWERS", "CHAPTERS", "Answered", "Evidence", "Judgement", "Rival", "judge"]

#: What judges loads when it is first asked for, so that help stays quick.
_LATER = {
    "judgement": ("ANSWERS", "Answered", "Evidence", "Judgement", "Rival"),
    "judging": ("judge",),
    "ledger": ("CHAPTERS",),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for module, names in _LATER.items():
            if name in names:
                return getattr(import_module(f"bilat.verdicts.{module}"), name)
        raise AttributeError(f"module 'bilat.verdicts' has no attribute {name!r}")
