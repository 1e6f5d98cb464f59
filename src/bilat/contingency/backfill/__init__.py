# SPDX-License-Identifier: Apache-2.0
"""The backfill of Europe: what to order when the United States takes its part away."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time the solver loads when it is first asked for
    from bilat.contingency.backfill.answer import Backfill, backfill
    from bilat.contingency.backfill.assemble import Question, money
    from bilat.contingency.backfill.problem import Tail
    from bilat.contingency.backfill.program import Effort

__all__ = ["Backfill", "Effort", "Question", "Tail", "backfill", "money"]

_PLACES = {
    "Backfill": "answer", "backfill": "answer", "Question": "assemble", "money": "assemble", "Tail": "problem",
    "Effort": "program",
}  # fmt: skip


if not TYPE_CHECKING:  # hidden from type checkers, so that a misspelt name is an error there

    def __getattr__(name: str) -> object:
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
