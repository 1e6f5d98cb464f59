# SPDX-License-Identifier: Apache-2.0
"""Whose side the Assembly took where the dyad and a third state differed; and vetoes in the Council."""

from __future__ import annotations

from collections import defaultdict
from importlib import resources

import pyarrow as pa

from bilat.alignment.voting import choose
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.places import country
from bilat.statistics import wilson

RULES = ("majority", "plurality")
VETO_POWERS = ("CHN", "FRA", "GBR", "RUS", "USA")


@measure(
    "votes.side_prevailed",
    title="Whose side the General Assembly took",
    unit="percent of contested votes",
    tables=("votes",),
    reference="Nurullayev and Papa (2023), as summarised at "
    "https://daviscenter.fas.harvard.edu/insights/"
    "global-battle-hearts-and-minds-russia-and-china-have-edge-over-us; votes: Voeten (2013)",
    method="Contested: both states of the dyad cast the same vote (yes, no or abstain) and the "
    "opponent cast another. The dyad's side prevailed when more than half of the states that voted "
    "cast the dyad's vote (rule=majority), or when more states cast the dyad's vote than the "
    "opponent's (rule=plurality).",
    interval="95% Wilson score interval",
    params={
        "opponent": ("USA", "the state on the other side"),
        "since": (1991, "first year"),
        "until": (2020, "last year"),
        "rule": ("majority", f"{', '.join(RULES)}: what prevailing means"),
        "by": ("all", "all: one figure for the period; year: one a year"),
    },
)
def side_prevailed(ask: Ask) -> Answer:
    """Group ``RUS-CHN against USA``; one point for the years held (``1991-2019``), or one a year."""
    opponent = country(ask.params["opponent"])
    if opponent in (ask.dyad.a, ask.dyad.b):
        raise UsageError(f"opponent={opponent}: is a state of the dyad")
    rule = choose(ask.params["rule"], RULES, "rule")
    by = choose(ask.params["by"], ("all", "year"), "by")
    tally = resources.files("bilat.alignment").joinpath("tally.sql").read_text("utf-8")
    group = f"{ask.dyad.a}-{ask.dyad.b} against {opponent}"
    rows = ask.rows(
        f"WITH tally AS ({tally}), "
        "three AS (SELECT * FROM votes WHERE body = 'GA' AND source = 'un_votes' AND country IN (?, ?, ?) "
        "AND CAST(substr(period, 1, 4) AS INTEGER) BETWEEN ? AND ?), "
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
        ask.dyad.a, ask.dyad.b, opponent, ask.params["since"], ask.params["until"],
        ask.dyad.a, ask.dyad.b, opponent, group,
    )  # fmt: skip
    if rows.num_rows == 0:
        return Answer([], rows, f"no roll calls of {group} are held for these years.")
    won: dict[str, dict[str, bool]] = defaultdict(dict)
    for r in rows.select(["point", "rollcall", "with_dyad", "with_opponent", "voted"]).to_pylist():
        against = r["voted"] / 2 if rule == "majority" else r["with_opponent"]
        won[r["point"]][r["rollcall"]] = r["with_dyad"] > against
    cases = sum(len(calls) for calls in won.values())
    span = f"{min(won)}-{max(won)}"
    if by == "all":
        won = {span: {call: w for calls in won.values() for call, w in calls.items()}}
        at = rows.column_names.index("point")
        rows = rows.set_column(at, "point", pa.repeat(span, rows.num_rows))
    points = []
    for period, calls in sorted(won.items()):
        share = wilson(sum(calls.values()), len(calls))
        note = f"{len(calls)} contested votes"
        points.append(
            Point(period, 100 * share.value, 100 * share.low, 100 * share.high, "derived", group, note)
        )
    note = (
        f"{cases} contested votes in the roll calls held for {span}; a published count over other years "
        "has another number. Each row gives how many states voted with the dyad and with the opponent, "
        "counted over all members' votes in that roll call."
    )
    return Answer(points, rows, note)


@measure(
    "votes.vetoes",
    title="Vetoes in the UN Security Council",
    unit="drafts vetoed",
    tables=("votes",),
    reference="UN Dag Hammarskjold Library, Security Council veto list",
    method="Drafts that each state of the dyad vetoed in a year without the other, and drafts that "
    "both vetoed. Years without a veto within the record are zero.",
    params={"since": (1992, "first year")},
)
def vetoes(ask: Ask) -> Answer:
    """Groups ``RUS alone``, ``CHN alone``, ``both``; a point per year the record covers."""
    a, b = ask.dyad
    lacking = [s for s in (a, b) if s not in VETO_POWERS]
    rows = ask.rows(
        "WITH cast_vetoes AS (SELECT *, count(*) FILTER (country IN (?, ?)) OVER (PARTITION BY rollcall) "
        "AS n "
        "FROM votes WHERE body = 'SC' AND vote = 'no') "
        "SELECT * EXCLUDE (n), substr(period, 1, 4) AS point, "
        "CASE WHEN n = 2 THEN 'both' ELSE country || ' alone' END AS grp FROM cast_vetoes "
        "WHERE country IN (?, ?) AND CAST(substr(period, 1, 4) AS INTEGER) >= ? ORDER BY period, "
        "rollcall, country",
        a, b, a, b, ask.params["since"],
    )  # fmt: skip
    if lacking:
        return Answer([], rows.slice(0, 0), f"{', '.join(lacking)} has no veto in the Security Council.")
    vintage = ask.query("SELECT max(vintage) AS day FROM votes WHERE body = 'SC'").to_pylist()[0]["day"]
    if vintage is None:
        return Answer([], rows, "No vetoes are held.")
    end = min(vintage, ask.as_of.date)
    drafts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for r in rows.select(["point", "grp", "rollcall"]).to_pylist():
        drafts[r["point"], r["grp"]].add(r["rollcall"])
    points = [
        Point(str(year), float(len(drafts[str(year), group])), None, None, "reported", group)
        for group in (f"{a} alone", f"{b} alone", "both")
        for year in range(ask.params["since"], end.year + 1)
    ]
    note = f"The record runs to {end}: vetoes after it are unknown, not zero, and the last year is partial."
    return Answer(points, rows, note)
