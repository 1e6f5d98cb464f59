# SPDX-License-Identifier: Apache-2.0
"""How far the executives of the two states are bound, and how personal their rule is."""

from __future__ import annotations

from typing import Literal

from bilat.measures import Answer, Ask, Interval, Years, measure, states
from bilat.units import index

#: The variables that have an index, best edition first: another one is used only for years that
#: those before it lack.
INDICES = {
    "legislative": (
        "legislative_constraints_v16",
        "legislative_constraints_v15",
        "legislative_constraints",
    ),
    "judicial": ("judicial_constraints_v16", "judicial_constraints"),
    "polyarchy": ("polyarchy_v16_bounded", "polyarchy", "polyarchy_v16"),
    "liberal_democracy": ("liberal_democracy_v16", "liberal_democracy"),
    "rule_of_law": ("rule_of_law_v16", "rule_of_law"),
    "legislative_v9": ("legislative_constraints_v9",),
    "judicial_v9": ("judicial_constraints_v9",),
}
#: The indices that ``all`` stands for.
DEFAULT = ("legislative", "judicial", "polyarchy")


#: The interval of edition 9. Constraints in the copies of newer editions, and the rule of law, are
#: published without one.
INTERVAL_OF_V9 = Interval("sampling", "one published standard deviation either way", 0.68)


@measure(
    "regime.constraints",
    of=states(),
    title="Constraints on the executive, and electoral democracy",
    unit=index("index, 0 to 1"),
    tables=("series",),
    sources={"series": ("vdem_*",)},
    reference="Coppedge and others, V-Dem codebook: v2xlg_legcon, v2x_jucon, v2x_polyarchy, "
    "v2x_libdem, v2xcl_rol; editions 9, 12, 15 and 16",
    method="Published indices; a higher value means a more constrained or more democratic "
    "government. If you have the whole of version 16 (bilat update vdem_country_year), we "
    "use it, with bounds. Otherwise legislative constraints come from version 15, or from "
    "12 before that was public; judicial constraints come from version 12, and polyarchy "
    "from version 15. The _v9 indices come from an older version with published standard "
    "deviations. Versions cannot be compared with one another. If the "
    "preferred version lacks a year, we take the figure from another and say so in a note.",
    interval=Interval(
        "sampling",
        "published 68% interval (codelow to codehigh)",
        0.68,
        note="_v9: one published standard deviation either way; copies without bounds: none",
    ),
)
def constraints(
    ask: Ask,
    index: Literal[
        "all",
        "legislative",
        "judicial",
        "polyarchy",
        "liberal_democracy",
        "rule_of_law",
        "legislative_v9",
        "judicial_v9",
    ] = "all",
    years: Years = Years(1990),
) -> Answer:
    """Groups: ``RUS legislative``, ... with index=all, else the two states; a point per year.

    index: one index, or all: legislative, judicial and polyarchy
    years: years of the index
    """
    wanted = DEFAULT if index == "all" else (index,)
    order = {variable: n for name in wanted for n, variable in enumerate(INDICES[name])}
    name_of = {variable: name for name in wanted for variable in INDICES[name]}
    marks = ", ".join("?" * len(order))
    names = " ".join(f"WHEN '{variable}' THEN '{name}'" for variable, name in name_of.items())
    ranks = " ".join(f"WHEN '{variable}' THEN {rank}" for variable, rank in order.items())
    label = f"entity || ' ' || (CASE variable {names} END)" if index == "all" else "entity"
    rows = ask.rows(
        f"SELECT *, period AS point, {label} AS grp FROM series WHERE entity IN (?, ?) AND "
        f"variable IN ({marks}) AND source LIKE 'vdem_%' AND {years.sql()} QUALIFY row_number() "
        f"OVER (PARTITION BY entity, (CASE variable {names} END), period ORDER BY (CASE variable "
        f"{ranks} END)) = 1 ORDER BY grp, period",
        ask.dyad.a,
        ask.dyad.b,
        *order,
    )
    out = ask.answer(rows)
    out.about(*rows["entity"].to_pylist())
    lines = rows.to_pylist()
    with_bounds = {r["grp"] for r in lines if r["low"] is not None}
    first_variable: dict[str, str] = {}
    for r in lines:
        group = r["grp"]
        if name_of[r["variable"]].endswith("_v9"):
            out.intervals[group] = INTERVAL_OF_V9
        elif group not in with_bounds:
            out.intervals[group] = Interval()
        first = first_variable.setdefault(group, r["variable"])
        note = "" if r["variable"] == first else _other_edition(r["low"])
        out.point(
            r["point"],
            r["value"],
            low=r["low"],
            high=r["high"],
            kind="estimated",
            group=group,
            note=note,
        )
    found = {r["entity"] for r in lines}
    missing = [state for state in ask.dyad if state not in found]
    last = {r["grp"]: r["point"] for r in lines}  # rows come by group and period
    ends = [f"{group} to {period}" for group, period in sorted(last.items())]
    note = "Expert coding with a measurement model: small moves are within the bounds. "
    note += f"Held: {', '.join(ends)}; later years are unknown, not unchanged." if ends else ""
    if missing:
        note = (
            f"No index of {', '.join(missing)} is stored (bilat update vdem_country_year). {note}"
        )
    out.note = note
    return out


def _other_edition(low: float | None) -> str:
    """Return the note of a year from another edition than the group's first year."""
    bounds = "; it has no bounds" if low is None else ""
    return f"from a different edition than the years before{bounds}"
