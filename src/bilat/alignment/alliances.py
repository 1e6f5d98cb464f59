# SPDX-License-Identifier: Apache-2.0
"""Treaties that oblige states to defend one another: between the two, and how many
allies each has.
"""

from __future__ import annotations

import pyarrow as pa

from bilat.measures import Answer, Ask, Pair, Years, measure
from bilat.units import count

#: First and last year that the record covers.
COVERED = Years(1946, 2018)


@measure(
    "alignment.alliances",
    of=Pair,
    title="Treaties with an obligation to defend, and allies by them",
    unit=count("treaties or states"),
    tables=("events",),
    reference="Leeds and others (2002), International Interactions 28(3), ATOP 5.1; later pacts: "
    "the page of each in its row",
    method="Treaties in force at some time in the year that oblige to active defence of a party "
    "attacked, with both states among the parties; and for each state the number of others that "
    "share such a treaty with it. Treaties of neutrality, non-aggression or consultation alone are "
    "lesser pacts and stand in a group of their own. A member that left counts to the year in "
    "which it did. The list of all treaties ends in 2018; of later pacts of the two those found "
    "are added, in the year from which each binds.",
)
def alliances(ask: Ask, years: Years = Years(1990)) -> Answer:
    """Groups: ``RUS-CHN`` treaties to defend, ``RUS-CHN lesser pacts``; ``RUS allies``, ``CHN
    allies`` states; one point a year to 2018, and one for each later year in which a pact of the
    two began.

    years: years asked, of those that the record covers or speaks of
    """
    a = ask.dyad.a
    b = ask.dyad.b
    first = max(years.first_year or 0, COVERED.first_year or 0)
    last = min(years.last_year or 9999, COVERED.last_year or 0)
    rows = ask.rows(
        "SELECT e.* REPLACE (CAST(y.year AS VARCHAR) AS period), CAST(y.year AS VARCHAR) AS point, "
        "CAST(NULL AS VARCHAR) AS grp FROM events e JOIN (SELECT unnest(range(?, ?)) AS year) y ON "
        "y.year >= year(e.starts) AND (e.ends IS NULL OR y.year <= year(e.ends)) WHERE e.source = "
        "'atop' AND e.event_type = 'alliance' AND (list_contains(string_split(e.class, ';'), "
        "'defence') OR (list_contains(string_split(e.participants, ';'), ?) AND "
        "list_contains(string_split(e.participants, ';'), ?))) ORDER BY y.year, e.event",
        first,
        last + 1,
        a,
        b,
    )
    out = ask.answer(
        note=f"Treaties after {COVERED.last} are unknown, not absent: of later ones only those "
        "found are held."
    )
    if rows.num_rows == 0:
        return out.missing("no treaty is held")
    columns = (rows[c].to_pylist() for c in ("event", "participants", "point", "class"))
    left = ask.query(
        "SELECT name, participants AS state, year(starts) AS y FROM events WHERE event_type = "
        "'treaty_exit'"
    )
    gone = {(r["name"], r["state"]): r["y"] for r in left.to_pylist()}
    sides = [
        (
            {s for s in p.split(";") if int(y) <= gone.get((e, s), 9999)},
            y,
            "defence" in (c or "").split(";"),
        )
        for e, p, y, c in zip(*columns, strict=True)
    ]
    for year in map(str, range(first, last + 1)):
        for group, defence in ((f"{a}-{b}", True), (f"{a}-{b} lesser pacts", False)):
            both = [
                i for i, (s, y, d) in enumerate(sides) if y == year and d is defence and {a, b} <= s
            ]
            held = rows.take(pa.array(both, pa.int64()))
            _add(out, year, group, len(both), held, "no treaty of both in the record")
        for state in (a, b):
            of = [i for i, (s, y, d) in enumerate(sides) if y == year and d and state in s]
            allies = set().union(*(sides[i][0] for i in of)) - {state} if of else set()
            _add(
                out,
                year,
                f"{state} allies",
                len(allies),
                rows.take(pa.array(of, pa.int64())),
                "no treaty of it in the record",
            )
    _later(ask, out, years)
    return out


def _later(ask: Ask, out: Answer, years: Years) -> None:
    """The pacts of one kind in force in each later year in which one of that kind began, with those
    of the list that had not ended with it. Of the other kind such a year says nothing: a new treaty
    may have replaced an old one.
    """
    a = ask.dyad.a
    b = ask.dyad.b
    rows = ask.rows(
        "SELECT *, substr(period, 1, 4) AS point, CAST(NULL AS VARCHAR) AS grp FROM events WHERE "
        "source IN ('atop', 'later_pacts') AND event_type = 'alliance' AND (ends IS NULL OR source "
        "= 'later_pacts') AND list_contains(string_split(participants, ';'), ?) AND "
        "list_contains(string_split(participants, ';'), ?) ORDER BY starts, event",
        a,
        b,
    )
    listed = rows.select(["source", "starts", "class"]).to_pylist()
    defends = ["defence" in r["class"].split(";") for r in listed]
    began = {
        (r["starts"].year, d)
        for r, d in zip(listed, defends, strict=True)
        if r["source"] == "later_pacts"
    }
    for year, defence in sorted(began):
        if years.holds(str(year)):
            of = [
                i
                for i, r in enumerate(listed)
                if r["starts"].year <= year and defends[i] is defence
            ]
            group = f"{a}-{b}" if defence else f"{a}-{b} lesser pacts"
            out.point(
                str(year),
                float(len(of)),
                group=group,
                kind="reported",
                rows=rows.take(pa.array(of, pa.int64())),
            )


def _add(out: Answer, year: str, group: str, value: int, rows: pa.Table, none: str) -> None:
    if value:
        out.point(year, float(value), group=group, kind="reported", rows=rows)
    else:
        out.absent(year, group=group, kind="reported", note=none)
