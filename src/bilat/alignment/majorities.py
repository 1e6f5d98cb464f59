# SPDX-License-Identifier: Apache-2.0
"""Whose side the Assembly took where the dyad and a third state differed; and vetoes in the Council."""

from __future__ import annotations

from collections import defaultdict

from bilat.measures import Answer, Ask, Years, measure
from bilat.units import count

VETO_POWERS = ("CHN", "FRA", "GBR", "RUS", "USA")


@measure(
    "votes.vetoes",
    title="Vetoes in the UN Security Council",
    unit=count("drafts vetoed"),
    tables=("votes",),
    reference="UN Dag Hammarskjold Library, Security Council veto list",
    method="Drafts that each state of the dyad vetoed in a year without the other, and drafts that "
    "both vetoed. Years without a veto within the record are zero.",
)
def vetoes(ask: Ask, years: Years = Years(1992)) -> Answer:
    """Groups: ``RUS alone``, ``CHN alone``, ``both``; a point per year the record covers.

    years: calendar years
    """
    a, b = ask.dyad
    lacking = [s for s in (a, b) if s not in VETO_POWERS]
    rows = ask.rows(
        "WITH cast_vetoes AS (SELECT *, count(*) FILTER (country IN (?, ?)) OVER (PARTITION BY rollcall) "
        "AS n "
        "FROM votes WHERE body = 'SC' AND vote = 'no') "
        "SELECT * EXCLUDE (n), substr(period, 1, 4) AS point, "
        "CASE WHEN n = 2 THEN 'both' ELSE country || ' alone' END AS grp FROM cast_vetoes "
        "WHERE country IN (?, ?) "
        f"AND {years.sql()} ORDER BY period, "
        "rollcall, country",
        a, b, a, b,
    )  # fmt: skip
    if lacking:
        return ask.answer().missing(f"{', '.join(lacking)} has no veto in the Security Council.")
    vintage = ask.query("SELECT max(vintage) AS day FROM votes WHERE body = 'SC'").to_pylist()[0]["day"]
    if vintage is None:
        return ask.answer().missing("No vetoes are held.")
    end = min(vintage, ask.as_of.date)
    drafts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for r in rows.select(["point", "grp", "rollcall"]).to_pylist():
        drafts[r["point"], r["grp"]].add(r["rollcall"])
    out = ask.answer(
        rows,
        f"The record runs to {end}: vetoes after it are unknown, not zero, and the last year is partial.",
    )
    first = years.first_year or min((int(y) for y, _ in drafts), default=end.year)
    for group in (f"{a} alone", f"{b} alone", "both"):
        for year in filter(years.holds, range(first, end.year + 1)):
            out.counted(year, len(drafts[str(year), group]), group=group)
    return out
