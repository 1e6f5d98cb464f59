# SPDX-License-Identifier: Apache-2.0
"""The blockade as it stands in a book: its headlines, and everything by sea stopped as plain
arithmetic.
"""

from __future__ import annotations

from bilat.contingency.blockade.answer import Blockade
from bilat.contingency.blockade.document import days
from bilat.contingency.blockade.draws import RUSSIAN
from bilat.contingency.blockade.routes import sources
from bilat.planning.plans import PlanHeadline, Sum


def headlines(a: Blockade) -> tuple[PlanHeadline, ...]:
    """What the closure takes, what is lacking and for how long stocks last, and what Russian pipes
    add.
    """
    pipes = next(r for r in a.relief_all if r.state == "as it is")
    return (
        PlanHeadline(f"imports lost, {a.spoken} closed", "", a.spread.lost, ".0%"),
        PlanHeadline(f"refineries lack, {a.spoken} closed", "mb/d", a.spread.short, ".1f"),
        PlanHeadline(
            f"stocks last, {a.spoken} closed", "days", a.spread.days, said=days(a.spread.days)
        ),
        PlanHeadline(
            "Russian pipelines add, with all seaborne imports stopped", "days", pipes.gained
        ),
    )


def sums(blockade: Blockade) -> tuple[Sum, ...]:
    """Everything by sea stopped: what lacks, how long stocks last, and what Russian lines are
    worth in days.
    """
    i = blockade.inputs
    russian = sum(i.flows.get(n, 0.0) for n in RUSSIAN)
    land = sum(v for n, v in i.flows.items() if sources()[n].overland and n not in RUSSIAN)
    lacks = "MAX(0,{intake}-{rationing}*({imports}-%s)-{output}-%s)"
    days = 'IF([%s]>0,[left]*{usable_stock}/[%s],"no end")'
    return (
        Sum("left", "crude in stock today", "MAX(0,{stock}-{stock_drawn})", "million barrels"),
        Sum("russian", "Russian crude overland", float(russian), "mb/d", "the record"),
        Sum("land", "other crude overland", float(land), "mb/d", "the record"),
        Sum(
            "lacks",
            "lacking, all by sea stopped",
            lacks % ("[russian]-[land]", "[russian]-[land]"),
            "mb/d",
        ),
        Sum("bare", "lacking without Russian pipelines too", lacks % ("[land]", "[land]"), "mb/d"),
        Sum("days", "stocks last", days % ("lacks", "lacks"), "days"),
        Sum("without", "stocks last without Russian pipelines", days % ("bare", "bare"), "days"),
        Sum("gained", "Russian lines add", 'IF([lacks]>0,[days]-[without],"no end")', "days"),
    )
