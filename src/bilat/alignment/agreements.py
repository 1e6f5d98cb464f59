# SPDX-License-Identifier: Apache-2.0
"""Defence cooperation agreements and alliance obligations between the two, as far as the records run."""

from __future__ import annotations

import pyarrow as pa

from bilat.measures import Answer, Ask, Point, measure

#: Source, type of event, label, first and last year its record covers.
RECORDS = (
    ("dcad", "agreement", "defence agreements", 1980, 2010),
    ("atop", "alliance", "alliance treaties", 1946, 2018),
)


@measure(
    "alignment.agreements",
    title="Defence agreements and alliance obligations in force",
    unit="agreements",
    tables=("events",),
    reference="Kinne (2020), Journal of Conflict Resolution 64(4), DCAD 1.0; Leeds and others (2002), "
    "ATOP 5.1",
    method="Agreements with both states among the parties that were in force at some time in the year: "
    "bilateral defence cooperation agreements (1980-2010; their end is the data set's estimate), "
    "alliance treaties with a defence, neutrality, nonaggression or consultation obligation, "
    "multilateral ones included (to 2018).",
    params={"since": (1990, "first year")},
)
def agreements(ask: Ask) -> Answer:
    """Groups ``defence agreements``, ``alliance treaties``; a point per year covered, zeros included."""
    points: list[Point] = []
    tables: list[pa.Table] = []
    for source, kind, label, first, last in RECORDS:
        begin = max(first, ask.params["since"])
        rows = ask.rows(
            "SELECT e.*, CAST(y.year AS VARCHAR) AS point, ? AS grp FROM events e "
            "JOIN (SELECT unnest(range(?, ?)) AS year) y ON y.year >= year(e.starts) "
            "AND (e.ends IS NULL OR y.year <= year(e.ends)) "
            "WHERE e.source = ? AND e.event_type = ? AND list_contains(string_split(e.participants, "
            "';'), ?) "
            "AND list_contains(string_split(e.participants, ';'), ?) ORDER BY y.year, e.starts, e.event",
            label, begin, last + 1, source, kind, ask.dyad.a, ask.dyad.b,
        )  # fmt: skip
        held = ask.query("SELECT count(*) AS n FROM events WHERE source = ?", source).to_pylist()[0]["n"]
        tables.append(rows)
        if not held:
            continue
        per_year: dict[str, int] = {}
        for year in rows["point"].to_pylist():
            per_year[year] = per_year.get(year, 0) + 1
        points += [
            Point(str(y), float(per_year.get(str(y), 0)), None, None, "reported", label)
            for y in range(begin, last + 1)
        ]
    note = (
        "Defence agreements after 2010 and alliance treaties after 2018 are unknown, not zero. Joint "
        "statements without an obligation are in neither record."
    )
    return Answer(points, pa.concat_tables(tables, promote_options="default"), note)
