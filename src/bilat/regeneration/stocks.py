# SPDX-License-Identifier: Apache-2.0
"""Published stocks of equipment; figures that conflict are all kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from bilat.measures import Answer, Ask, Interval, measure, states
from bilat.units import count


@dataclass(frozen=True)
class Stock:
    """A pre-war stock: the median of what was published, with its extremes and rows."""

    value: float
    low: float
    high: float
    table: pa.Table

    def share(self, count: float) -> tuple[float, float | None, float | None]:
        """A count over the stock, and over its extremes where they differ."""
        if self.low == self.high:
            return count / self.value, None, None
        return count / self.value, count / self.high, count / self.low


_BEFORE = """
SELECT *, '' AS point, '' AS grp
FROM estimates
WHERE metric = 'stock' AND substr(period, 1, 4) <= '2022'
ORDER BY item, locator
"""


def stocks_before(ask: Ask, classes: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Stock]:
    """Return the active stock before the war of each class, under any of its names.

    A class of which no stock is published yet is left out.
    """
    published = ask.rows(_BEFORE)
    found = {}
    for names in classes:
        rows = published.filter(pc.is_in(published["item"], pa.array(names, pa.string())))
        values = [v for v in rows["value"].to_pylist() if v]
        if values:
            bounds = [v for c in ("low", "high") for v in rows[c].to_pylist() if v]
            found[names] = Stock(median(values), min(values + bounds), max(values + bounds), rows)
    return found


#: Kinds of tank stock -> the names under which they are published.
KINDS = {
    "active": ("Tanks active", "Tanks active before the war", "Tanks held at the start of the war"),
    "stored": ("Tanks in storage",),
}


@measure(
    "stocks.tanks",
    of=states(),
    title="Published estimates of Russian tank stocks",
    unit=count("tanks"),
    tables=("estimates",),
    sources={"estimates": ["production_estimates", "armour_points"]},
    reference="IISS, CSIS, Re:Russia, University of Tokyo RCAST and others; each row cites its "
    "page",
    method="The groups 'active' and 'stored' give the median of the figures published for a "
    "period, with their range. Each figure also appears in a group named after its "
    "publisher, so that conflicting figures remain visible. “Stored” covers all tanks in "
    "storage; those fit to be restored form separate groups.",
    interval=Interval(
        "sources",
        "lowest and highest figure published for the period",
        note="in a single figure's group its own bounds",
    ),
)
def tanks(ask: Ask) -> Answer:
    """Groups: active, stored, and one group per figure and originator; only about Russia."""
    labels = [(item, kind) for kind, items in KINDS.items() for item in items]
    values = ", ".join(["(?, ?)"] * len(labels))
    kinds = ask.rows(
        f"SELECT e.*, e.period AS point, k.kind AS grp FROM estimates AS e "
        f"JOIN (VALUES {values}) AS k(item, kind) ON e.item = k.item "
        "WHERE e.metric = 'stock' AND e.unit = 'tanks' AND e.entity IN (?, ?) ORDER BY grp, "
        "point, e.locator",
        *(text for pair in labels for text in pair),
        *ask.dyad,
    )
    each = ask.rows(
        "SELECT *, period AS point, item || ' (' || coalesce(originator, 'no originator') || ')' "
        "AS grp "
        "FROM estimates WHERE metric = 'stock' AND unit = 'tanks' AND entity IN (?, ?) ORDER BY "
        "grp, point",
        *ask.dyad,
    )
    out = ask.answer()
    for rows in (kinds, each):
        out.each(
            rows,
            "median(value)",
            low="min(low)",
            high="max(high)",
            kind="estimated",
            skip_flat=True,
        )
    out.about(*each["entity"].to_pylist())
    return out.or_missing(f"we have no stocks of {ask.dyad.name}")
