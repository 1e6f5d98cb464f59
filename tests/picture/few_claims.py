# SPDX-License-Identifier: Apache-2.0
"""The pair, the day and the few claims of which the tests' site is made."""

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.verdicts import Judgement
from bilat.verdicts import judge as judge_ledger
from bilat.when import AsOf

PAIR, NOW = Dyad("RUS", "CHN"), AsOf("2026-11-25")
#: Claims of several topics: some changed their answer, one is not known.
CLAIMS = ("I3", "I6", "I7", "F5", "F6", "P16")


def judge_some(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Judgement]:
    """The judgements of a few claims."""
    return [j for c in CLAIMS for j in judge_ledger(dyad, as_of, holdings, c)]
