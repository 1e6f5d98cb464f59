# SPDX-License-Identifier: Apache-2.0
"""How the states outside the sanctioning coalition voted on the war, roll call by roll call."""

from __future__ import annotations

from collections import Counter, defaultdict

from bilat.measures import Answer, Ask, Interval, Window, World, labelled, measure
from bilat.places.coalitions import coalitions
from bilat.statistics import LEVEL, wilson
from bilat.units import percent

#: The records that list every member's vote on the texts since the invasion.
SOURCES = "('unga_votes_later', 'un_ukraine_later')"
CAST = ("yes", "abstain", "no")
#: The text that is put to the vote each year.
YEARLY = "Situation of human rights in occupied Ukraine"


@measure(
    "votes.outside",
    of=World,
    title="How states outside the coalition voted on the war in Ukraine",
    unit=percent("states outside the coalition"),
    tables=("votes",),
    reference="UN General Assembly, recorded votes on Ukraine: UNxml/GAresolutions, UN Digital "
    "Library",
    method="Shows how members voted on each resolution about Ukraine, except Russia, Ukraine and "
    "the states that jointly control exports to Russia. Every state that voted in that "
    "calendar year or the year before counts as a member, so the number of members does "
    "not depend on the month. A member that did not vote on a resolution counts as not "
    "voting. “Yes” is the side of the sponsors, which include Western states.",
    interval=Interval(
        "sampling",
        "95% Wilson score interval, as if the states had been drawn from more of them",
        LEVEL,
        about="repeated",
    ),
)
def outside(
    ask: Ask,
    period: Window = Window("2022-02-24"),
    yearly: bool = False,
) -> Answer:
    """Groups: ``yes``, ``abstain``, ``no``, ``without a vote``, of each day of a vote; they sum to
    100.

    period: days of the votes
    yearly: only the text on human rights in occupied Ukraine, which is put to the vote each year
    """
    text = f" AND title = '{YEARLY}'" if yearly else ""
    left_out = sorted({*coalitions()["COALITION"], "RUS", "UKR"})
    marks = ", ".join("?" * len(left_out))
    rows = ask.rows(
        f"SELECT *, period AS point, vote AS grp FROM votes WHERE source IN {SOURCES} AND topic = "
        f"'ukraine' AND {period.sql('period')}{text} AND country NOT IN ({marks}) ORDER BY period, "
        "rollcall, country",
        *left_out,
    )
    if rows.num_rows == 0:
        return ask.answer().missing(
            "we have no resolution on Ukraine with the votes of all members."
        )
    members = {
        r["year"]: r["n"]
        for r in ask.query(
            "WITH voted AS (SELECT DISTINCT CAST(substr(period, 1, 4) AS INTEGER) AS year, country "
            f"FROM votes WHERE source IN {SOURCES} AND country NOT IN ({marks})) "
            "SELECT CAST(y.year AS VARCHAR) AS year, count(DISTINCT v.country) AS n FROM (SELECT "
            "DISTINCT year FROM voted) y JOIN voted v ON v.year IN (y.year, y.year - 1) GROUP BY 1",
            *left_out,
        ).to_pylist()
    }
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    calls: dict[str, set[str]] = defaultdict(set)
    for r in rows.select(["point", "grp", "rollcall"]).to_pylist():
        votes[r["point"]][r["grp"]] += 1
        calls[r["point"]].add(r["rollcall"])
    out = ask.answer(rows)
    for day, counted in sorted(votes.items()):
        asked = members[day[:4]] * len(calls[day])
        for vote in CAST:
            note = f"{counted[vote]} of {asked}"
            if counted[vote]:
                out.point(day, wilson(counted[vote], asked), group=vote, note=note, scale=100)
            else:
                out.absent(day, group=vote, note=note)
        silent = asked - sum(counted.values())
        share = wilson(silent, asked)
        whole = rows.filter([p == day for p in rows["point"].to_pylist()])
        out.point(
            day,
            share,
            group="without a vote",
            rows=labelled(whole, group="without a vote"),
            scale=100,
        )
    out.note = (
        f"{sum(map(len, calls.values()))} resolutions: those on Ukraine for which we have the "
        "votes of all members. The states outside the coalition are more than those of the Global "
        "South."
    )
    return out
