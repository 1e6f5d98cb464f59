# SPDX-License-Identifier: Apache-2.0
"""Foreign components found in weapons: makers' countries and classes."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, measure, states
from bilat.statistics import LEVEL, wilson
from bilat.units import share

_REFERENCE = "War and Sanctions portal, Defence Intelligence of Ukraine; interval: Wilson (1927)"
_TRAP = (
    "The parts that were found and published are not a random sample of those used, so the "
    "interval covers chance only."
)
Weapon = Annotated[
    str, "only weapons whose name holds this text (shahed-136, kh-101, t-72, …); blank for all"
]
UNKNOWN = "not identified"


def _listed(ask: Ask, grp: str, weapon: str) -> pa.Table:
    return ask.rows(
        f"SELECT period AS point, coalesce({grp}, '{UNKNOWN}') AS grp, * FROM components "
        "WHERE ? = '' OR contains(lower(weapons), lower(?)) ORDER BY component",
        weapon,
        weapon,
    )


def _shares(ask: Ask, rows: pa.Table, unknown: str, least: int, weapon: str) -> Answer:
    """Share of each group among the rows whose group is known, largest first."""
    if not rows.num_rows:
        return ask.answer().missing(
            f"no component found in {weapon!r} is listed as of {ask.as_of}"
            if weapon
            else f"we have no listing of components that was public on {ask.as_of}"
        )
    counts = Counter(rows["grp"].to_pylist())
    out = ask.answer(rows, f"{rows.num_rows} components, {unknown.format(counts.pop(UNKNOWN, 0))}")
    at = max(rows["point"].to_pylist())
    total = counts.total()
    for group, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
        if n >= least:
            out.point(at, wilson(n, total), group=group, note=f"{n} of {total}")
    return out


@measure(
    "components.by_country",
    of=states("RUS"),
    title="Home countries of the makers of components found in weapons",
    unit=share("components whose maker's country is known"),
    tables=("components",),
    reference=_REFERENCE,
    method="Each component listed counts once. The country is the maker's home. It may not be the "
    f"country where the part was made or from which it was shipped. {_TRAP}",
    interval=Interval("sampling", "95% Wilson interval", LEVEL),
)
def by_country(ask: Ask, weapon: Weapon = "", least: int = 1) -> Answer:
    """Groups: one group a country (ISO alpha-3), largest first; the point is the day of the
    listing.

    least: leave out groups with fewer components
    """
    rows = _listed(ask, "maker_country", weapon)
    return _shares(ask, rows, "the maker's country of {} is not known", least, weapon)
