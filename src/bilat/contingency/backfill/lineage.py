# SPDX-License-Identifier: Apache-2.0
"""Each number of the model against the rows that are held: source, snapshot, locator, and whether it still says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bilat.catalog.sources import sources
from bilat.holdings import Holdings
from bilat.planning import Assumption
from bilat.when import AsOf


@dataclass(frozen=True)
class Traced:
    """A number with its rows; ``states`` has one word a row: held, later (not public yet), changed or missing."""

    quantity: Assumption
    rows: tuple[dict[str, Any], ...]
    states: tuple[str, ...]

    @property
    def standing(self) -> str:
        """``row`` (every row held), ``part`` (a row, and a part assumed), ``assumed``, or what is wrong."""
        wrong = [s for s in self.states if s != "held"]
        if wrong:
            return wrong[0]
        if self.quantity.assumed:
            return "part" if self.rows else "assumed"
        return "row"


def trace(quantities: Iterable[Assumption], holdings: Holdings, as_of: AsOf) -> list[Traced]:
    """Look up every row that a number names, as of a date."""
    now, ever = _rows(holdings, as_of), _rows(holdings, AsOf(None))
    made = []
    for q in quantities:
        rows, states = [], []
        for key, figure in q.rows:
            row = now.get(key)
            if row is None:
                states.append("later" if key in ever else "missing")
                continue
            states.append("held" if row["figure"] == figure else "changed")
            rows.append({**row, "expected": figure})
        made.append(Traced(q, tuple(rows), tuple(states)))
    return made


def _rows(holdings: Holdings, as_of: AsOf) -> dict[str, dict[str, Any]]:
    """By line of the enablers, or by id of a published figure."""
    cursor = holdings.connect(as_of).connection.cursor()
    try:
        enablers = cursor.sql(
            "SELECT split_part(locator, ' ', 2) AS key, "
            "coalesce(entity, '') || ': ' || item || ', ' || metric AS what, "
            "figure, unit, originator, url, source, snapshot, locator, known_on, known_basis "
            "FROM estimates WHERE source = 'enablers'"
        ).to_arrow_table()
        published = cursor.sql(
            "SELECT figure_id AS key, figure AS what, value_text AS figure, NULL AS unit, NULL AS originator, url, "
            "source, snapshot, locator, known_on, known_basis FROM published"
        ).to_arrow_table()
    finally:
        cursor.close()
    rows = [*enablers.to_pylist(), *published.to_pylist()]
    grade = {name: s.grade for name, s in sources().items()}
    return {r["key"]: {**r, "known_on": str(r["known_on"]), "grade": grade[r["source"]]} for r in rows}
