# SPDX-License-Identifier: Apache-2.0
"""The backfill as a measure: the share of what leaves that money covers, and the share that no money covers."""

from __future__ import annotations

from bilat.measures import Answer, Ask, Interval, measure
from bilat.units import share

#: Draws behind the interval, and their seed.
DRAWS, SEED = 100, 0
CLOSED, STAYS = "closed by the budget", "stays at any budget"


@measure(
    "backfill.gap",
    title="What a crisis in the Pacific takes from Europe: what money replaces, and what it cannot",
    unit=share("the effects that leave, over the months of a crisis", scale=""),
    tables=("estimates",),
    reference="inputs: CSIS, IISS, RUSI, Airbus and others, row by row; assumed where none holds one",
    method="Orders under lead times and limits of production lines, for a crisis in any year from 2028 to 2036; "
    "tanking, watching, missiles stopped, brigades and nine other effects count alike. Linear programs: no plan "
    "covers more. What leaves and most limits of lines are assumed: the level carries low confidence.",
    interval=Interval("model", f"10% to 90% of {DRAWS} draws of every number that has a range", 0.8),
)
def gap(ask: Ask, budget: str = "10bn", definition: str = "tankers") -> Answer:
    """Groups: closed by the budget, and stays at any budget; one point, for the day asked; the same for every dyad.

    budget: dollars a year, 10bn, 800m or unlimited
    definition: Europe's tankers counted as dedicated, a330, tankers, capable or fleet
    """
    # the solver and its kin are heavy, and --list asks for the name alone
    from bilat.contingency.backfill.answer import shares
    from bilat.contingency.backfill.crisis import Order, money
    from bilat.contingency.backfill.inputs import shipped
    from bilat.contingency.backfill.lineage import trace

    out = ask.answer()
    inputs = shipped()
    traced = trace(inputs.numbers.values(), ask.holdings, ask.as_of)
    wrong = [t for t in traced if t.standing in ("later", "missing", "changed")]
    if wrong:
        return out.missing(
            f"{len(wrong)} of {len(traced)} inputs rest on rows that were not public by {ask.as_of} or are not held "
            f"as they were read ({wrong[0].quantity.name} first)"
        )
    closed, ceiling = shares(inputs, Order(budget=money(budget), definition=definition), DRAWS, SEED)
    lines = sorted({int(r["key"]) for t in traced for r in t.rows if r["source"] == "enablers"})
    rows = ask.rows(
        "SELECT *, '' AS point, '' AS grp FROM estimates WHERE source = 'enablers' "
        "AND list_contains(?, CAST(split_part(locator, ' ', 2) AS INTEGER)) ORDER BY locator",
        lines,
    )
    for group, mid, low, high in (
        (CLOSED, closed.median, closed.low, closed.high),
        (STAYS, 1 - ceiling.median, 1 - ceiling.high, 1 - ceiling.low),
    ):
        low, mid, high = (round(x, 4) for x in (low, mid, high))
        out.point(str(ask.as_of), mid, low=low, high=high, group=group, kind="modelled", rows=rows)
    return out
