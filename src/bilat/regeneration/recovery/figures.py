# SPDX-License-Identifier: Apache-2.0
"""What China's help is worth to Russia's recovery, as a measure: the figure of `bilat plan
recovery` with its rows.
"""

from __future__ import annotations

import pyarrow as pa

from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, measure, states
from bilat.regeneration.recovery.answer import Recovery, recovery
from bilat.regeneration.recovery.peace import HORIZON
from bilat.regeneration.recovery.records import LOSSES
from bilat.units import quantity

REFERENCE = (
    "Oryx (losses); IISS, RUSI, CSIS, CIT, Re:Russia, Kiel Institute and others (points and "
    "ranges, row by row); "
    "method: docs/recovery.md"
)


@measure(
    "recovery.help_gain",
    of=states(),
    title="Months that Chinese help saves Russia's recovery",
    unit=quantity("months"),
    tables=("estimates", "flows", "losses"),
    sources={"losses": ("oryx_*",), "flows": ("energy_facts",)},
    reference=REFERENCE,
    method="The figure is for tanks, after a ceasefire in the month after the as-of date, as in "
    "`bilat plan recovery` without options. In the model, plants with limited capacity restore "
    "stored vehicles of three grades, and new production follows a logistic curve. Losses are "
    "those that Oryx lists, divided by the changing share that it sees. The model is fitted to the "
    "figures published by the as-of date; what happens in peace rests on assumed ranges. The "
    "figure is the difference between two levels of help, in the model runs in which Russia "
    f"recovers within {HORIZON} months at both. Runs in which it recovers only with more help are "
    "left out, so the true gain is at least this large.",
    interval=Interval("model", "10% to 90% of the calibrated model runs", 0.8),
)
def help_gain(ask: Ask) -> Answer:
    """Groups: components (today's components against none) and systems (finished vehicles against
    components), of the
    last month of the record.
    """
    out = ask.answer()
    if "RUS" not in tuple(ask.dyad):
        out.note = f"recovery is modelled for Russia; we have no such record of {ask.dyad.name}"
        return out
    out.about("RUS")
    try:
        found = recovery(beliefs=(), explained=False, as_of=ask.as_of, holdings=ask.holdings)
    except DataError as e:
        return out.missing(str(e))
    rows = _rows(ask, found)
    for g in found.gains:
        out.point(
            found.record_to,
            g.months.median,
            low=g.months.low,
            high=g.months.high,
            kind="modelled",
            group=g.more,
            rows=rows,
            note=f"ceasefire {found.ceasefire}; in the {g.both:.0%} of model runs "
            "in which Russia recovers either way",
        )
    return out if out.points else out.missing(f"no model run recovers within {HORIZON} months")


def _rows(ask: Ask, found: Recovery) -> pa.Table:
    """Every published figure and every listed count that the fit used."""
    taken = [r for r in found.lineage if not r.input.startswith(LOSSES)]
    places = [f"{r.source} {r.snapshot} {r.locator}" for r in taken]
    wanted = ", ".join("?" for _ in places)
    classes = ", ".join("?" for _ in found.klass.oryx)
    parts = [
        ask.rows(
            "SELECT *, '' AS point, '' AS grp FROM estimates "
            f"WHERE source || ' ' || snapshot || ' ' || locator IN ({wanted}) ORDER BY source, "
            "locator",
            *places,
        ),
        ask.rows(
            "SELECT *, '' AS point, '' AS grp FROM losses WHERE side = 'RUS' AND claimant = "
            "'oryx' AND "
            f"status = 'total' AND class IN ({classes}) ORDER BY period, class",
            *found.klass.oryx,
        ),
    ]
    return pa.concat_tables(parts, promote_options="default")
