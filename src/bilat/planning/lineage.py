# SPDX-License-Identifier: Apache-2.0
"""One record an input of a plan: the figure as it is used, and the row that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.catalog.sources import sources
from bilat.document import Rows
from bilat.places import country_name
from bilat.places.coalitions import is_country
from bilat.units.notation import count_text

#: What the rows of a page show of each.
COLUMNS = ("input", "value", "unit", "period", "originator", "source", "locator", "known_on")
MOST_ROWS = 60


@dataclass(frozen=True)
class InputRow:
    """An input with its row."""

    input: str
    value: float | str  #: as it is used, or as it was published
    unit: str
    period: str
    source: str
    grade: str
    snapshot: str
    locator: str
    known_on: str
    url: str | None
    note: str | None
    originator: str | None


def record(name: str, value: float | str, unit: str, row: Mapping[str, Any]) -> InputRow:
    """An input with the row of a view that it comes from."""
    return InputRow(
        name,
        value if isinstance(value, str) else float(value),
        unit,
        row.get("when_text") or row["period"],
        row["source"],
        sources()[row["source"]].grade,
        row["snapshot"],
        row["locator"],
        str(row["known_on"]),
        row.get("url"),
        row.get("note"),
        row.get("originator"),
    )


#: Publishers that the source of a modelled chart names; the others are counted.
MOST_NAMED = 3


def model_source(used: Iterable[InputRow]) -> str:
    """Return the source of a modelled figure: our model, and who published its inputs."""
    makers = [sources()[row.source].producer for row in used if row.source in sources()]
    names = list(dict.fromkeys(makers))
    if not names:
        return "bilat's model"
    rest = len(names) - MOST_NAMED
    more = f" and {count_text(rest, 'others')}" if rest > 0 else ""
    return f"bilat's model, on figures of {'; '.join(names[:MOST_NAMED])}{more}"


#: A code of a state in the name of an input.
_CODE = re.compile(r"\b[A-Z]{3}\b")


def first_inputs(used: Sequence[InputRow]) -> Rows:
    """The first inputs of a plan with their rows."""
    rows = tuple(
        (_CODE.sub(_state, u.input.replace("_", " ")), *(getattr(u, c) for c in COLUMNS[1:]))
        for u in used[:MOST_ROWS]
    )
    return Rows(COLUMNS, rows, len(used))


def _state(code: re.Match[str]) -> str:
    """Return the name of the state with a code; other words in capitals stay."""
    return country_name(code[0]) if is_country(code[0]) else code[0]
