# SPDX-License-Identifier: Apache-2.0
"""Whose side the Assembly took where the dyad and a third state differed; and vetoes in the Council."""

from __future__ import annotations

from collections import defaultdict
from importlib import resources
from typing import Literal

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Interval, State, Years, labelled, measure
from bilat.statistics import LEVEL, wilson
from bilat.units import count, percent

VETO_POWERS = ("CHN", "FRA", "GBR", "RUS", "USA")


@measure(
    "votes.side_prevailed",
    title="Whose side the General Assembly took",
    unit=percent("contested votes"),
    tables=("votes",),
    reference="Nurullayev and Papa (2023), as summarised at "
    "https://daviscenter.fas.harvard.edu/insights/"
    "global-battle-hearts-and-minds-russia-and-china-have-edge-over-us; votes: Voeten (2013)",
    method="Contested: both states of the dyad cast the same vote (yes, no or abstain) and the "
    "opponent cast another. The dyad's side prevailed when more than half of the states that voted "
    "cast the dyad's vote (rule=majority), or when more states cast the dyad's vote than the "
    "opponent's (rule=plurality).",
    interval=Interval("sampling", "95% Wilson score interval", LEVEL),
)
def side_prevailed(
    ask: Ask,
    opponent: State = "USA",
    years: Years = Years(1991, 2020),
    rule: Literal["majority", "plurality"] = "majority",
    by: Literal["all", "year"] = "all",
) -> Answer:
    """Groups: Group ``RUS-CHN against USA``; one point for the years held (``1991-2019``), or one a year.

    opponent: the state on the other side
    years: calendar years of the votes
    rule: what prevailing means
    by: all: one figure for the period; year: one a year
    """
    if opponent in (ask.dyad.a, ask.dyad.b):
        raise UsageError(f"opponent={opponent}: is a state of the dyad")
    tally = resources.files("bilat.alignment").joinpath("tally.sql").read_text("utf-8")
    group = f"{ask.dyad.a}-{ask.dyad.b} against {opponent}"
    rows = ask.rows(
        f"WITH tally AS ({tally}), "
        "three AS (SELECT * FROM votes WHERE body = 'GA' AND source = 'un_votes' AND country IN (?, ?, ?) "
        f"AND {years.sql()}), "
        "contested AS (SELECT rollcall, max(CASE WHEN country = ? THEN vote END) AS side, "
        "max(CASE WHEN country = ? THEN vote END) AS other, max(CASE WHEN country = ? THEN vote END) AS "
        "against "
        "FROM three GROUP BY rollcall), "
        "counted AS (SELECT c.rollcall, "
        "CASE side WHEN 'yes' THEN yes WHEN 'no' THEN no ELSE abstain END AS with_dyad, "
        "CASE against WHEN 'yes' THEN yes WHEN 'no' THEN no ELSE abstain END AS with_opponent, "
        "yes + no + abstain AS voted FROM contested c JOIN tally t ON t.rollcall = c.rollcall "
        "WHERE side = other AND side <> against) "
        "SELECT three.*, n.with_dyad, n.with_opponent, n.voted, substr(three.period, 1, 4) AS point, ? "
        "AS grp "
        "FROM three JOIN counted n ON n.rollcall = three.rollcall "
        "ORDER BY CAST(three.rollcall AS INTEGER), three.country",
        ask.dyad.a, ask.dyad.b, opponent,
        ask.dyad.a, ask.dyad.b, opponent, group,
    )  # fmt: skip
    if rows.num_rows == 0:
        return ask.answer().missing(f"no roll calls of {group} are held for these years.")
    won: dict[str, dict[str, bool]] = defaultdict(dict)
    for r in rows.select(["point", "rollcall", "with_dyad", "with_opponent", "voted"]).to_pylist():
        against = r["voted"] / 2 if rule == "majority" else r["with_opponent"]
        won[r["point"]][r["rollcall"]] = r["with_dyad"] > against
    cases = sum(len(calls) for calls in won.values())
    span = f"{min(won)}-{max(won)}"
    if by == "all":
        won = {span: {call: w for calls in won.values() for call, w in calls.items()}}
        rows = labelled(rows, span)
    out = ask.answer(rows)
    for period, calls in sorted(won.items()):
        share = wilson(sum(calls.values()), len(calls))
        out.point(period, share, group=group, note=f"{len(calls)} contested votes", scale=100)
    out.note = (
        f"{cases} contested votes in the roll calls held for {span}; a published count over other years "
        "has another number. Each row gives how many states voted with the dyad and with the opponent, "
        "counted over all members' votes in that roll call."
    )
    return out


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
