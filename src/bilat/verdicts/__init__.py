# SPDX-License-Identifier: Apache-2.0
"""The paper's claims, answered as of any date: evidence -> answer, sentence, how sure."""

from bilat.verdicts.judgement import ANSWERS, Answered, Evidence, Judgement, Rival
from bilat.verdicts.judging import judge
from bilat.verdicts.ledger import CHAPTERS, ledger

__all__ = ["ANSWERS", "CHAPTERS", "Answered", "Evidence", "Judgement", "Rival", "judge", "ledger"]
