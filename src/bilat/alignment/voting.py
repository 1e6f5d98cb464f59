# SPDX-License-Identifier: Apache-2.0
"""How often two states vote alike in the General Assembly: counted here, and as published by
session.

The two kinds of figure are never mixed in one group. *Roll calls*: each vote that both cast, by
calendar year. A year is counted in one record, the one with the most roll calls in it. Records to
2019 have votes on paragraphs and amendments too, the later one only whole resolutions. *Sessions*:
the published share of common votes on final resolutions, by session (year = session + 1945), with
six states, to 2023.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Interval
from bilat.statistics import LEVEL, ConfidenceInterval, wilson

#: Votes as numbers: an abstention is halfway between yes and no.
STAND = {"yes": 0.0, "abstain": 0.5, "no": 1.0}
#: A year with fewer common votes has no share.
FEWEST = 10
Z95 = 1.959963984540054

Basis = Annotated[Literal["rollcalls", "sessions", "both"], "which record"]
Method = Annotated[
    Literal["exact", "voeten"],
    "exact: the same vote; voeten: 1 - |d|/2 with an abstention halfway",
]
WILSON = Interval(
    "sampling",
    "95% Wilson score interval, as if the year's votes were a sample of what might have come to a "
    "vote",
    LEVEL,
    about="repeated",
)


#: The record of the latest years.
LATER = "unga_votes_later"


def records(ask: Ask, states: Sequence[str]) -> list[str]:
    """Return the records to count from: those with a vote of every one of ``states``.

    For the years before 2020, roll calls dated to the day are preferred to the votes of all
    members, which are dated to the year only.
    """
    marks = ", ".join("?" * len(states))
    counts = ask.query(
        "SELECT source, count(DISTINCT country) AS n FROM votes WHERE body = 'GA' AND country IN "
        f"({marks}) "
        "AND source IN ('un_roll_calls', 'un_votes', ?) GROUP BY source",
        *states,
        LATER,
    ).to_pylist()
    full = {r["source"] for r in counts if r["n"] == len(set(states))}
    early = [source for source in ("un_roll_calls", "un_votes") if source in full][:1]
    return [*early, LATER] if LATER in full else early


#: The votes of two states in the roll calls in which both voted, each year from one record.
_COMMON = """
WITH cast_votes AS (
    SELECT * FROM votes
    WHERE body = 'GA' AND list_contains(?, source) AND country IN (?, ?)
      AND vote IN ('yes', 'no', 'abstain')
), common AS (
    SELECT source, rollcall, min(substr(period, 1, 4)) AS year
    FROM cast_votes GROUP BY source, rollcall HAVING count(DISTINCT country) = 2
), fullest AS (
    SELECT year, source FROM common GROUP BY year, source
    QUALIFY row_number() OVER (PARTITION BY year ORDER BY count(*) DESC, source) = 1
)
SELECT v.*, c.year AS point, ? AS grp
FROM cast_votes v JOIN common c USING (source, rollcall) JOIN fullest USING (source, year)
ORDER BY v.period, v.rollcall, v.country
"""


def votes_of_both(
    ask: Ask, a: str, b: str, group: str
) -> tuple[pa.Table, dict[str, list[tuple[float, float]]]] | None:
    """Return the votes that both states cast; None if no record has both.

    They are the rows, and for each calendar year the pairs of votes as numbers (a's, b's). Years
    with fewer than :data:`FEWEST` pairs are left out.
    """
    sources = records(ask, (a, b))
    if not sources:
        return None
    rows = ask.rows(_COMMON, sources, a, b, group)
    calls: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    columns = (rows[c].to_pylist() for c in ("point", "rollcall", "country", "vote"))
    for year, call, state, vote in zip(*columns, strict=True):
        calls[year][call][state] = STAND[vote]
    pairs = {
        year: [(stands[a], stands[b]) for stands in held.values()]
        for year, held in sorted(calls.items())
        if len(held) >= FEWEST
    }
    return rows.filter(pc.is_in(rows["point"], pa.array(list(pairs), pa.string()))), pairs


def roll_calls(out: Answer, ask: Ask, a: str, b: str, group: str, *, method: str = "exact") -> str:
    """Add agreement by calendar year over the roll calls in which both states voted (yes, no or
    abstain). Return what is lacking for it in words, blank if nothing is.
    """
    shared = votes_of_both(ask, a, b, group)
    if shared is None:
        return f"we have no roll calls of both {a} and {b}"
    rows, pairs = shared
    out.take(rows)
    newest = newest_roll_call(ask)
    for year, stands in pairs.items():
        scores = [1 - abs(own - other) for own, other in stands]
        alike = sum(score == 1 for score in scores)
        share = wilson(alike, len(scores)) if method == "exact" else _mean(scores)
        # The Assembly votes most in December: a record that ends before has only part of the year.
        is_partial = year == newest[:4] and newest[5:7] != "12"
        note = f"{len(scores)} common votes"
        if is_partial:
            note += f"; incomplete: the record ends on {newest}"
        out.point(year, share, group=group, note=note, scale=100, open=is_partial)
    return ""


def newest_roll_call(ask: Ask) -> str:
    """Return the day of the newest roll call in the record of the latest years; blank
    without one.
    """
    found = ask.query("SELECT max(period) AS day FROM votes WHERE source = ?", LATER)
    return found["day"][0].as_py() or ""


def _mean(scores: list[float]) -> ConfidenceInterval:
    """Return the mean with 1.96 standard errors on each side, cut at 0 and 1."""
    n = len(scores)
    mean = sum(scores) / n
    error = sqrt(sum((s - mean) ** 2 for s in scores) / (n - 1) / n)
    return ConfidenceInterval(mean, max(0.0, mean - Z95 * error), min(1.0, mean + Z95 * error))


def common_votes(share: float, most: int) -> int | None:
    """Return the number of votes behind a published share: the largest n up to ``most`` for which
    share x n is whole; None if there is no such n.

    Shares are published to six digits or more, so with so few votes the fraction can be recovered.
    A multiple of the true n gives the same share, hence the bound.
    """
    for n in range(most, 0, -1):
        if abs(share * n - round(share * n)) < 1e-6 * n:
            return n
    return None


def sessions(out: Answer, ask: Ask, a: str, b: str, group: str) -> str:
    """Add published agreement by session, from the series of whichever state has the other. Return
    what is lacking for it in words, blank if nothing is.
    """
    lines = ask.query(
        "SELECT entity, variable FROM series WHERE source = 'un_agreement' AND ((entity = ? AND "
        "variable = ?) OR (entity = ? AND variable = ?)) GROUP BY ALL ORDER BY ALL",
        a,
        f"agreement:{b}",
        b,
        f"agreement:{a}",
    ).to_pylist()
    if not lines:
        return (
            f"we have no published agreement of {a} with {b} (it is published with six states only)"
        )
    entity = lines[0]["entity"]
    variable = lines[0]["variable"]
    other = b if entity == a else a
    rows = ask.rows(
        "SELECT *, period AS point, ? AS grp FROM series WHERE source = 'un_agreement' AND "
        "((entity = ? AND variable IN (?, 'session_votes')) OR (entity = ? AND variable = "
        "'session_votes')) "
        "AND period IN (SELECT period FROM series WHERE source = 'un_agreement' AND entity = ? "
        "AND variable = ?) ORDER BY period, entity, variable",
        group,
        entity,
        variable,
        other,
        entity,
        variable,
    )
    by_year: dict[str, dict[str, float]] = defaultdict(dict)
    for r in rows.select(["point", "entity", "variable", "value"]).to_pylist():
        key = "share" if r["variable"] == variable else f"votes {r['entity']}"
        by_year[r["point"]][key] = r["value"]
    shown = []
    for year, figures in sorted(by_year.items()):
        most = int(min(v for k, v in figures.items() if k.startswith("votes")))
        n = common_votes(figures["share"], most)
        if n is not None and n < FEWEST:
            continue
        around = None if n is None else wilson(round(figures["share"] * n), n)
        low, high = (around.low, around.high) if around else (None, None)
        out.point(
            year, figures["share"], low=low, high=high, group=group, kind="reported", scale=100
        )
        shown.append(year)
    out.take(rows.filter(pc.is_in(rows["point"], pa.array(shown, pa.string()))))
    return ""


def pair(out: Answer, ask: Ask, a: str, b: str, label: str, basis: str, method: str) -> list[str]:
    """Add one pair by one basis, or by both in separate groups. Return what is lacking, in words.

    Raises
    ------
    UsageError
        for the method of Voeten on sessions, which needs the votes themselves.
    """
    if basis == "sessions" and method == "voeten":
        raise UsageError("method=voeten needs the votes themselves: use basis=rollcalls")
    lacks = []
    if basis != "sessions":
        group = f"{label} roll calls".strip() if basis == "both" else label or "roll calls"
        lacks.append(roll_calls(out, ask, a, b, group, method=method))
    if basis != "rollcalls" and method == "exact":
        group = f"{label} sessions".strip() if basis == "both" else label or "sessions"
        lacks.append(sessions(out, ask, a, b, group))
    return [w for w in lacks if w]
