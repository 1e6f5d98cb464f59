# SPDX-License-Identifier: Apache-2.0
"""How often two states vote alike in the General Assembly: counted here, and as published by session.

Two records, never mixed in one line. *Roll calls*: each vote that both cast, by calendar year, to January
2020; some sessions hold votes on paragraphs and amendments too. *Sessions*: the published share of common
votes on final resolutions, by session (year = session + 1945), with six states, to 2023.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import UsageError
from bilat.measures import Ask, Point
from bilat.statistics import wilson

#: Yes, abstain, no on a line: an abstention stands halfway.
STAND = {"yes": 0.0, "abstain": 0.5, "no": 1.0}
#: Below this many common votes a year has no share: one vote is no year.
FEWEST = 10
Z95 = 1.959963984540054

BASES = ("rollcalls", "sessions", "both")
METHODS = ("exact", "voeten")
WILSON = "95% Wilson score interval, as if the year's votes were a sample of what might have come to a vote"


@dataclass(frozen=True)
class Pair:
    """The record of one pair: its points, the rows behind them, and what it lacks."""

    points: list[Point]
    rows: list[pa.Table]
    lacks: str = ""


def choose(value: str, allowed: Sequence[str], name: str) -> str:
    """The parameter's value, checked.

    Raises
    ------
    UsageError
        naming what is allowed.
    """
    if value not in allowed:
        raise UsageError(f"{name}={value!r}: use {', '.join(allowed)}")
    return value


def record(ask: Ask, states: Sequence[str]) -> str | None:
    """The source to count from: roll calls dated to the day where every state is in them, else the votes
    of all members, dated to the year; None where neither holds them all."""
    marks = ", ".join("?" * len(states))
    held = ask.query(
        "SELECT source, count(DISTINCT country) AS n FROM votes WHERE body = 'GA' AND country IN "
        f"({marks}) "
        "AND source IN ('un_roll_calls', 'un_votes') GROUP BY source",
        *states,
    ).to_pylist()
    full = {r["source"] for r in held if r["n"] == len(set(states))}
    return next((s for s in ("un_roll_calls", "un_votes") if s in full), None)


def common(
    ask: Ask, a: str, b: str, group: str
) -> tuple[pa.Table, dict[str, list[tuple[float, float]]]] | None:
    """The votes that both states cast: the rows, and by calendar year each pair of stands (a's, b's); None
    where no roll calls of both are held. Years with fewer than :data:`FEWEST` pairs are left out."""
    source = record(ask, (a, b))
    if source is None:
        return None
    rows = ask.rows(
        "WITH cast_votes AS (SELECT * FROM votes WHERE body = 'GA' AND source = ? AND country IN (?, ?) "
        "AND vote IN ('yes', 'no', 'abstain')), "
        "common AS (SELECT rollcall FROM cast_votes GROUP BY rollcall HAVING count(DISTINCT country) = 2) "
        "SELECT v.*, substr(v.period, 1, 4) AS point, ? AS grp FROM cast_votes v "
        "JOIN common c ON c.rollcall = v.rollcall ORDER BY v.period, v.rollcall, v.country",
        source, a, b, group,
    )  # fmt: skip
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


def roll_calls(ask: Ask, a: str, b: str, group: str, *, method: str = "exact") -> Pair:
    """Agreement by calendar year over the roll calls in which both states voted (yes, no or abstain)."""
    found = common(ask, a, b, group)
    if found is None:
        return Pair([], [], f"no roll calls of both {a} and {b} are held")
    rows, pairs = found
    points = [
        _scored(year, [1 - abs(x - y) for x, y in stands], group, method) for year, stands in pairs.items()
    ]
    return Pair(points, [rows])


def _scored(year: str, scores: list[float], group: str, method: str) -> Point:
    n = len(scores)
    note = f"{n} common votes"
    if method == "exact":
        share = wilson(sum(s == 1 for s in scores), n)
        return Point(year, 100 * share.value, 100 * share.low, 100 * share.high, "derived", group, note)
    mean = sum(scores) / n
    error = sqrt(sum((s - mean) ** 2 for s in scores) / (n - 1) / n)
    low, high = max(0.0, mean - Z95 * error), min(1.0, mean + Z95 * error)
    return Point(year, 100 * mean, 100 * low, 100 * high, "derived", group, note)


def common_votes(share: float, most: int) -> int | None:
    """How many votes a published share is of: the largest n up to ``most`` for which share x n is whole.

    Shares are published to six digits or more, so that among so few votes the fraction can be read back; a
    multiple of the true n gives the same share, hence the bound. None where nothing fits.
    """
    for n in range(most, 0, -1):
        if abs(share * n - round(share * n)) < 1e-6 * n:
            return n
    return None


def sessions(ask: Ask, a: str, b: str, group: str) -> Pair:
    """Published agreement by session, from whichever state's line has the other."""
    found = ask.query(
        "SELECT entity, variable FROM series WHERE source = 'un_agreement' AND "
        "((entity = ? AND variable = ?) OR (entity = ? AND variable = ?)) GROUP BY ALL ORDER BY ALL",
        a, f"agreement:{b}", b, f"agreement:{a}",
    ).to_pylist()  # fmt: skip
    if not found:
        return Pair(
            [], [], f"no published agreement of {a} with {b} is held (it is published with six states)"
        )
    entity, variable = found[0]["entity"], found[0]["variable"]
    other = b if entity == a else a
    rows = ask.rows(
        "SELECT *, period AS point, ? AS grp FROM series WHERE source = 'un_agreement' AND "
        "((entity = ? AND variable IN (?, 'session_votes')) OR (entity = ? AND variable = "
        "'session_votes')) "
        "AND period IN (SELECT period FROM series WHERE source = 'un_agreement' AND entity = ? "
        "AND variable = ?) ORDER BY period, entity, variable",
        group, entity, variable, other, entity, variable,
    )  # fmt: skip
    by_year: dict[str, dict[str, float]] = defaultdict(dict)
    later: dict[str, bool] = {}
    for r in rows.select(["point", "entity", "variable", "value", "revised_later"]).to_pylist():
        key = "share" if r["variable"] == variable else f"votes {r['entity']}"
        by_year[r["point"]][key] = r["value"]
        later[r["point"]] = later.get(r["point"], False) or r["revised_later"]
    points = []
    for year, held in sorted(by_year.items()):
        most = int(min(v for k, v in held.items() if k.startswith("votes")))
        n = common_votes(held["share"], most)
        if n is not None and n < FEWEST:
            continue
        note = "revised later" if later[year] else ""
        if n is None:
            points.append(Point(year, 100 * held["share"], None, None, "reported", group, note))
        else:
            share = wilson(round(held["share"] * n), n)
            points.append(
                Point(year, 100 * held["share"], 100 * share.low, 100 * share.high, "reported", group, note)
            )
    kept = {p.period for p in points}
    rows = rows.filter(pa.array([y in kept for y in rows["point"].to_pylist()], pa.bool_()))
    return Pair(points, [rows])


def pair(ask: Ask, a: str, b: str, label: str, basis: str, method: str = "exact") -> Pair:
    """One pair under a basis; with ``both`` the groups are told apart by name."""
    choose(basis, BASES, "basis")
    choose(method, METHODS, "method")
    made: list[Pair] = []
    if basis != "sessions":
        group = f"{label} roll calls".strip() if basis == "both" else label or "roll calls"
        made.append(roll_calls(ask, a, b, group, method=method))
    if basis != "rollcalls" and (method == "exact" or basis == "sessions"):
        if method == "voeten":
            raise UsageError("method=voeten needs the votes themselves: use basis=rollcalls")
        group = f"{label} sessions".strip() if basis == "both" else label or "sessions"
        made.append(sessions(ask, a, b, group))
    return merge(made)


def merge(pairs: Iterable[Pair]) -> Pair:
    """Several records as one."""
    pairs = list(pairs)
    return Pair(
        [p for each in pairs for p in each.points],
        [r for each in pairs for r in each.rows],
        "; ".join(dict.fromkeys(each.lacks for each in pairs if each.lacks)),
    )


def table(ask: Ask, rows: Sequence[pa.Table]) -> pa.Table:
    """The rows of several records as one table, columns united; an empty one where there are none."""
    if rows:
        return pa.concat_tables(rows, promote_options="default")
    return ask.rows("SELECT *, period AS point, '' AS grp FROM votes WHERE FALSE")
