# SPDX-License-Identifier: Apache-2.0
"""The backfill as a measure: the share of the gap that money closes, and the share that no money removes."""

from __future__ import annotations

from bilat.measures import Answer, Ask, Interval, measure
from bilat.units import share

#: Draws behind the interval, and their seed.
DRAWS, SEED = 40, 0
CLOSED, STAYS = "closed by the budget", "stays at any budget"


@measure(
    "backfill.gap",
    title="The gap that an American withdrawal opens in Europe: what money closes, and what it cannot",
    unit=share("the expected gap with nothing ordered", scale=""),
    tables=("estimates", "published"),
    reference="inputs: CSIS, IISS, RUSI, Airbus and others, row by row; assumed where none holds one",
    method="Orders over 15 years under lead times and limits of production lines. Both shares are bounds of linear "
    "programs, at the budget and with money without limit: no plan closes more, and plans of whole orders come "
    "within 2% of them. All scenario weights and most limits of lines are assumed: the level carries low confidence.",
    interval=Interval(
        "model",
        f"what stays: 10% to 90% of {DRAWS} draws of what is uncertain, the horizon of the need among it",
        0.8,
        note="what is closed: none",
    ),
)
def gap(ask: Ask, budget: str = "10bn", definition: str = "tankers") -> Answer:
    """Groups: closed by the budget, and stays at any budget; one point, for the day asked; the same for every dyad.

    budget: dollars a year, 10bn, 800m or unlimited
    definition: Europe's tankers counted as dedicated, a330, tankers, capable or fleet
    """
    import numpy as np  # the solver and its kin are heavy, and --list asks for the name alone

    from bilat.contingency.backfill.assemble import Question, assemble, money
    from bilat.contingency.backfill.inputs import shipped
    from bilat.contingency.backfill.lineage import trace
    from bilat.contingency.backfill.problem import score
    from bilat.contingency.backfill.questions import floor_share, floor_shares, relaxed

    out = ask.answer()
    inputs, question = shipped(), Question(budget=money(budget), definition=definition)
    traced = trace(inputs.quantities(), ask.holdings, ask.as_of)
    wrong = [t for t in traced if t.standing in ("later", "missing", "changed")]
    if wrong:
        return out.missing(
            f"{len(wrong)} of {len(traced)} inputs rest on rows that were not public by {ask.as_of} or are not held "
            f"as they were read ({wrong[0].quantity.name} first)"
        )
    problem = assemble(inputs, question)
    idle = np.zeros((len(problem.options), problem.years))
    nothing = score(problem, idle)
    closed = 1 - relaxed(problem.with_(cost_weight=0.0)).value / nothing
    low, high = np.quantile(floor_shares(inputs, question, DRAWS, SEED), [0.1, 0.9])
    lines = sorted({int(r["key"]) for t in traced for r in t.rows if r["source"] == "enablers"})
    rows = ask.rows(
        "SELECT *, '' AS point, '' AS grp FROM estimates WHERE source = 'enablers' "
        "AND list_contains(?, CAST(split_part(locator, ' ', 2) AS INTEGER)) ORDER BY locator",
        lines,
    )
    day = str(ask.as_of)
    stays = floor_share(problem)
    out.intervals[CLOSED] = Interval()
    out.point(day, round(closed, 4), group=CLOSED, kind="modelled", rows=rows)
    out.point(
        day,
        round(stays, 4),
        group=STAYS,
        low=round(float(low), 4),
        high=round(float(high), 4),
        kind="modelled",
        rows=rows,
    )
    return out
