# SPDX-License-Identifier: Apache-2.0
"""Defence cooperation agreements and alliance obligations between the two, as far as the records run."""

from __future__ import annotations

from collections import Counter

from bilat.measures import Answer, Ask, Years, measure
from bilat.units import count

#: Source, type of event, label, first and last year its record covers.
RECORDS = (
    ("dcad", "agreement", "defence agreements", 1980, 2010),
    ("atop", "alliance", "alliance treaties", 1946, 2018),
)


@measure(
    "alignment.agreements",
    title="Defence agreements and alliance obligations in force",
    unit=count("agreements"),
    tables=("events",),
    reference="Kinne (2020), Journal of Conflict Resolution 64(4), DCAD 1.0; Leeds and others (2002), "
    "ATOP 5.1",
    method="Agreements with both states among the parties that were in force at some time in the year: "
    "bilateral defence cooperation agreements (1980-2010; their end is the data set's estimate), "
    "alliance treaties with a defence, neutrality, nonaggression or consultation obligation, "
    "multilateral ones included (to 2018).",
)
def agreements(ask: Ask, years: Years = Years(1990)) -> Answer:
    """Groups: ``defence agreements``, ``alliance treaties``; a point per year covered, zeros included.

    years: years, within those that each record covers
    """
    out = ask.answer(
        note="Defence agreements after 2010 and alliance treaties after 2018 are unknown, not zero. Joint "
        "statements without an obligation are in neither record."
    )
    for source, kind, label, first, last in RECORDS:
        covered = [y for y in range(first, last + 1) if years.holds(y)]
        if not covered or not ask.query("SELECT 1 FROM events WHERE source = ? LIMIT 1", source).num_rows:
            continue
        rows = ask.rows(
            "SELECT e.*, CAST(y.year AS VARCHAR) AS point, ? AS grp FROM events e "
            "JOIN (SELECT unnest(range(?, ?)) AS year) y ON y.year >= year(e.starts) "
            "AND (e.ends IS NULL OR y.year <= year(e.ends)) "
            "WHERE e.source = ? AND e.event_type = ? AND list_contains(string_split(e.participants, "
            "';'), ?) "
            "AND list_contains(string_split(e.participants, ';'), ?) AND NOT EXISTS (SELECT 1 FROM events x WHERE "
            "x.event_type = 'treaty_exit' AND x.name = e.event AND x.participants IN (?, ?) AND year(x.starts) < "
            "y.year) ORDER BY y.year, e.starts, e.event",
            label, covered[0], covered[-1] + 1, source, kind, *ask.dyad, *ask.dyad,
        )  # fmt: skip
        out.take(rows)
        per_year = Counter(rows["point"].to_pylist())
        for year in covered:
            out.counted(year, per_year[str(year)], group=label)
    return out
