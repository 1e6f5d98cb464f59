# SPDX-License-Identifier: Apache-2.0
"""The paper's claims, judged as of any date: ledger -> test -> verdict, likelihood, confidence."""

from bilat.verdicts.judgement import VERDICTS, Judgement, Rival
from bilat.verdicts.judging import judge, moved
from bilat.verdicts.ledger import CHAPTERS, ledger

__all__ = ["CHAPTERS", "VERDICTS", "Judgement", "Rival", "judge", "ledger", "moved"]
