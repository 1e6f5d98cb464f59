# SPDX-License-Identifier: Apache-2.0
"""The backfill of Europe: what to order when the United States takes its part away."""

from bilat.contingency.backfill.answer import Backfill, backfill
from bilat.contingency.backfill.assemble import Question, money
from bilat.contingency.backfill.problem import Tail
from bilat.contingency.backfill.program import Effort

__all__ = ["Backfill", "Effort", "Question", "Tail", "backfill", "money"]
