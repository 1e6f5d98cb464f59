# SPDX-License-Identifier: Apache-2.0
"""Militarized disputes between the two states, year by year."""

from __future__ import annotations

from bilat.alignment.disputes import DATA, Disputes
from bilat.measures import Answer, Ask, Interval, Pair, Years, labelled, measure
from bilat.statistics import LEVEL, poisson_interval
from bilat.units import count

#: Group -> variable of the record; the first and the last year that each record covers.
COUNTED = {"all": "disputes_between", "deadly": "deadly_disputes_between"}
COVERED = {"gml": (1946, 2010), "cow": (1946, 2014)}


@measure(
    "disputes.between",
    of=Pair,
    title="Militarized disputes between the two states",
    unit=count("disputes that began in the year"),
    tables=("series",),
    sources={"series": tuple(DATA.values())},
    reference="Gibler, Miller and Little (2016), edition 2.2.1; Palmer and others (2022), MID 5.0; "
    "exact interval: Garwood (1936)",
    method="Counts militarised interstate disputes (a threat, display or use of force) that "
    "began in the year, with the two states on opposite sides from the first day. A "
    "dispute is deadly if a death on either side is on record. A year without a dispute "
    "counts as 0.",
    interval=Interval(
        "sampling", "95% exact Poisson interval of the yearly rate", LEVEL, about="rate"
    ),
)
def between(ask: Ask, data: Disputes = "cow", years: Years = Years(1946)) -> Answer:
    """Groups: ``all`` and ``deadly``; one point a year of the record.

    years: of those that the record covers: 1946 to 2014 (cow) or 2010 (gml)
    """
    first, last = COVERED[data]
    pair = "-".join(sorted((ask.dyad.a, ask.dyad.b)))
    source = DATA[data]
    out = ask.answer(
        note=f"The record ends in {last}: later disputes are unknown, not absent. Where a dispute "
        "took place is not in it: one at a border and one at sea count alike."
    )
    known = ask.query("SELECT max(period) AS year FROM series WHERE source = ?", source)[
        "year"
    ].to_pylist()[0]
    if known is None:
        return out.missing(f"the record of disputes is not public as of {ask.as_of}")
    last = min(
        last, int(known)
    )  # a year of which nothing is public yet is not a year without a dispute
    for group, variable in COUNTED.items():
        rows = ask.rows(
            "SELECT *, period AS point FROM series WHERE source = ? AND entity = ? AND variable = "
            f"? AND {years.sql()} ORDER BY period",
            source,
            pair,
            variable,
        )
        out.take(labelled(rows, group=group))
        began = dict(zip(rows["period"].to_pylist(), rows["value"].to_pylist(), strict=True))
        for year in filter(years.holds, range(first, last + 1)):
            n = int(began.get(str(year), 0))
            out.counted(year, n, poisson_interval(n), group=group)
    return out
