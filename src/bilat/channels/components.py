# SPDX-License-Identifier: Apache-2.0
"""Foreign components found in weapons: makers' countries and classes."""

from __future__ import annotations

import pyarrow as pa

from bilat.measures import Answer, Ask, Point, measure
from bilat.statistics import wilson

_REFERENCE = "War and Sanctions portal, Defence Intelligence of Ukraine; interval: Wilson (1927)"
_TRAP = "What was found and published is no random sample of what is used: the interval shows chance alone."
_WEAPON = ("", "only weapons whose name holds this text (shahed-136, kh-101, t-72, …); blank for all")
UNKNOWN = "not identified"


def _found(ask: Ask, grp: str) -> pa.Table:
    return ask.rows(
        f"SELECT period AS point, coalesce({grp}, '{UNKNOWN}') AS grp, * FROM components "
        "WHERE ? = '' OR contains(lower(weapons), lower(?)) ORDER BY component",
        ask.params["weapon"],
        ask.params["weapon"],
    )


def _shares(rows: pa.Table, least: int) -> list[Point]:
    """Share of each group among the rows whose group is known, largest first."""
    groups = [g for g in rows["grp"].to_pylist() if g != UNKNOWN]
    if not groups:
        return []
    at = max(rows["point"].to_pylist())
    counts = sorted(((groups.count(g), g) for g in set(groups)), key=lambda c: (-c[0], c[1]))
    points = []
    for n, group in counts:
        if n >= least:
            bounds = wilson(n, len(groups))
            note = f"{n} of {len(groups)}"
            points.append(Point(at, bounds.value, bounds.low, bounds.high, "derived", group, note))
    return points


_LEAST = (1, "leave out groups with fewer components")


@measure(
    "components.by_country",
    title="Makers' countries of the components found in weapons",
    unit="share of components whose maker's country is known (0 to 1)",
    tables=("components",),
    reference=_REFERENCE,
    method="Each component listed counts once. The country is the maker's home, which is neither where "
    f"the part was made nor who shipped it. {_TRAP}",
    interval="95% Wilson interval",
    params={"weapon": _WEAPON, "least": _LEAST},
)
def by_country(ask: Ask) -> Answer:
    """One group a country (ISO alpha-3), largest first; the point is the day of the listing."""
    rows = _found(ask, "maker_country")
    unknown = sum(g == UNKNOWN for g in rows["grp"].to_pylist())
    note = f"{rows.num_rows} components, the maker's country of {unknown} is not known"
    return Answer(_shares(rows, ask.params["least"]), rows, note=note if rows.num_rows else _nothing(ask))


@measure(
    "components.categories",
    title="Classes of the components found in weapons",
    unit="share of components whose class is given (0 to 1)",
    tables=("components",),
    reference=_REFERENCE,
    method=f"Each component listed counts once. The publisher gives a class for one in ten only. {_TRAP}",
    interval="95% Wilson interval",
    params={
        "weapon": _WEAPON,
        "country": ("", "only components of makers of this country; blank for all"),
        "least": _LEAST,
    },
)
def categories(ask: Ask) -> Answer:
    """One group a class, largest first; the point is the day of the listing."""
    from bilat.places import country

    rows = _found(ask, "category")
    if ask.params["country"]:
        code = country(ask.params["country"])
        rows = rows.filter(pa.array([c == code for c in rows["maker_country"].to_pylist()], pa.bool_()))
    unknown = sum(g == UNKNOWN for g in rows["grp"].to_pylist())
    note = f"{rows.num_rows} components, the class of {unknown} is not given"
    return Answer(_shares(rows, ask.params["least"]), rows, note=note if rows.num_rows else _nothing(ask))


def _nothing(ask: Ask) -> str:
    weapon = ask.params["weapon"]
    return (
        f"no component found in {weapon!r} is listed as of {ask.as_of}"
        if weapon
        else (f"no listing of components was held that was public on {ask.as_of}")
    )
