# SPDX-License-Identifier: Apache-2.0
"""How often two states vote alike in the General Assembly: as we count it, and as published.

The two kinds of figure are never mixed in one group.

*Roll calls* are counted by calendar year: every vote that both states cast. A year is counted in
one record, the one with the most roll calls in it. The records to 2019 have votes on paragraphs and
amendments too, the later one has only whole resolutions.

*Sessions* are published shares of common votes on final resolutions, to 2023. They exist for the
pairs of six states with any other. The year of a session is its number + 1945.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt
from typing import Annotated, Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Interval
from bilat.statistics import LEVEL, ConfidenceInterval, wilson

#: Votes as numbers: an abstention is halfway between yes and no.
STAND = {"yes": 0.0, "abstain": 0.5, "no": 1.0}
#: A year with fewer common votes has no share.
FEWEST = 10
#: Standard errors on each side of a mean, for a level of 95%.
Z95 = 1.959963984540054
#: Of each year the votes of two states on the same roll calls, as numbers (a's, b's).
VotesByYear: TypeAlias = dict[str, list[tuple[float, float]]]

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


#: The records of the years before 2020. The first dates votes to the day, the second, which has all
#: members, to the year.
EARLY = ("un_roll_calls", "un_votes")
#: The record of the latest years.
LATER = "unga_votes_later"
_COUNTRIES = """
SELECT source, count(DISTINCT country) AS countries
FROM votes
WHERE body = 'GA' AND list_contains(?, country) AND list_contains(?, source)
GROUP BY source
"""


def records(ask: Ask, states: Sequence[str]) -> list[str]:
    """Return the records to count from: those with a vote of every one of ``states``.

    Of the early records only the first that has them is used.
    """
    found = ask.query(_COUNTRIES, list(states), [*EARLY, LATER]).to_pylist()
    complete = {row["source"] for row in found if row["countries"] == len(set(states))}
    chosen = [source for source in EARLY if source in complete][:1]
    if LATER in complete:
        chosen.append(LATER)
    return chosen


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


def votes_of_both(ask: Ask, a: str, b: str, *, group: str) -> tuple[pa.Table, VotesByYear] | None:
    """Return the rows of the votes that both states cast, and these votes by calendar year.

    Years with fewer than :data:`FEWEST` common votes are left out. None if no record has both
    states.
    """
    sources = records(ask, (a, b))
    if not sources:
        return None
    rows = ask.rows(_COMMON, sources, a, b, group)
    by_call: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    columns = (rows[name].to_pylist() for name in ("point", "rollcall", "country", "vote"))
    for year, call, state, vote in zip(*columns, strict=True):
        by_call[year, call][state] = STAND[vote]
    by_year: VotesByYear = defaultdict(list)
    for (year, _), stands in by_call.items():
        by_year[year].append((stands[a], stands[b]))
    enough = {year: by_year[year] for year in sorted(by_year) if len(by_year[year]) >= FEWEST}
    return _rows_of_years(rows, list(enough)), enough


def _rows_of_years(rows: pa.Table, years: list[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows["point"], pa.array(years, pa.string())))


def roll_calls(out: Answer, ask: Ask, a: str, b: str, group: str, *, method: str = "exact") -> str:
    """Add agreement by calendar year over the roll calls in which both states voted.

    Returns
    -------
    str
        the sentence that says why there is none; blank if it was added.
    """
    shared = votes_of_both(ask, a, b, group=group)
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
    """Return the day of the newest roll call in the record of the latest years, blank if none."""
    found = ask.query("SELECT max(period) AS day FROM votes WHERE source = ?", LATER)
    return found["day"][0].as_py() or ""


def _mean(scores: list[float]) -> ConfidenceInterval:
    """Return the mean with 1.96 standard errors on each side, cut at 0 and 1."""
    n = len(scores)
    mean = sum(scores) / n
    error = sqrt(sum((s - mean) ** 2 for s in scores) / (n - 1) / n)
    return ConfidenceInterval(mean, max(0.0, mean - Z95 * error), min(1.0, mean + Z95 * error))


def common_votes(share: float, most: int) -> int | None:
    """Return how many votes a published share is of: the largest n for which share x n is whole.

    A share has six digits or more, enough to recover a fraction of so few votes. A multiple of the
    true number gives the same share. The bound excludes most of these.

    Parameters
    ----------
    most
        how many votes the state with fewer of the two cast in the session.

    Returns
    -------
    int or None
        None if no number up to ``most`` fits.
    """
    for n in range(most, 0, -1):
        if abs(share * n - round(share * n)) < 1e-6 * n:
            return n
    return None


#: Which of two states has a published series on the other.
_AGREEMENT_SERIES = """
SELECT DISTINCT entity, variable
FROM series
WHERE source = 'un_agreement'
  AND ((entity = ? AND variable = ?) OR (entity = ? AND variable = ?))
ORDER BY ALL
"""
#: The sessions of such a series: the share, and how many votes each of the two states cast.
_SESSIONS = """
SELECT *, period AS point, ? AS grp
FROM series
WHERE source = 'un_agreement'
  AND ((variable = 'session_votes' AND list_contains(?, entity)) OR (entity = ? AND variable = ?))
  AND period IN (
    SELECT period FROM series WHERE source = 'un_agreement' AND entity = ? AND variable = ?
  )
ORDER BY period, entity, variable
"""


def sessions(out: Answer, ask: Ask, a: str, b: str, group: str) -> str:
    """Add published agreement by session, from the series of whichever state has the other.

    Returns
    -------
    str
        the sentence that says why there is none; blank if it was added.
    """
    found = ask.query(_AGREEMENT_SERIES, a, f"agreement:{b}", b, f"agreement:{a}").to_pylist()
    if not found:
        return (
            f"we have no published agreement of {a} with {b} (it is published with six states only)"
        )
    entity = found[0]["entity"]
    variable = found[0]["variable"]
    other = b if entity == a else a
    rows = ask.rows(_SESSIONS, group, [entity, other], entity, variable, entity, variable)
    shares: dict[str, float] = {}
    votes_cast: dict[str, list[float]] = defaultdict(list)
    for row in rows.select(["point", "variable", "value"]).to_pylist():
        if row["variable"] == variable:
            shares[row["point"]] = row["value"]
        else:
            votes_cast[row["point"]].append(row["value"])
    years = []
    for year, share in sorted(shares.items()):
        n = common_votes(share, most=int(min(votes_cast[year])))
        if n is not None and n < FEWEST:
            continue
        low = high = None
        if n is not None:
            interval = wilson(round(share * n), n)
            low, high = interval.low, interval.high
        out.point(year, share, low=low, high=high, group=group, kind="reported", scale=100)
        years.append(year)
    out.take(_rows_of_years(rows, years))
    return ""


def pair(out: Answer, ask: Ask, a: str, b: str, label: str, basis: str, method: str) -> list[str]:
    """Add one pair by one basis, or by both in separate groups.

    Voeten's method needs single votes, so with it ``both`` adds roll calls alone.

    Returns
    -------
    list of str
        sentences on what could not be added.

    Raises
    ------
    UsageError
        for the method of Voeten on sessions, which needs the votes themselves.
    """
    if basis == "sessions" and method == "voeten":
        raise UsageError("method=voeten needs the votes themselves: use basis=rollcalls")
    problems = []
    if basis != "sessions":
        group = _group_name(label, "roll calls", of_both=basis == "both")
        problems.append(roll_calls(out, ask, a, b, group, method=method))
    if basis != "rollcalls" and method == "exact":
        group = _group_name(label, "sessions", of_both=basis == "both")
        problems.append(sessions(out, ask, a, b, group))
    return [problem for problem in problems if problem]


def _group_name(label: str, basis: str, *, of_both: bool) -> str:
    """Return the name of a group: its label, with the basis if groups of both are shown."""
    if of_both:
        return f"{label} {basis}".strip()
    return label or basis
