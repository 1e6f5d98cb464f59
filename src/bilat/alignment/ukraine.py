# SPDX-License-Identifier: Apache-2.0
"""The partner's vote against Russia's on the General Assembly's resolutions about Ukraine."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pyarrow as pa

from bilat.alignment.voting import STAND, choose
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.statistics import wilson
from bilat.when import INVASION

GROUPS = {0.0: "equal", 0.5: "halfway", 1.0: "opposed"}


@measure(
    "votes.ukraine",
    title="Votes on the Ukraine resolutions against Russia's",
    unit="percent of resolutions",
    tables=("votes",),
    reference="UN General Assembly, recorded votes: Voeten (2013) and the transcription in "
    "ukraine-viz; a row's resolution is its symbol",
    method="Resolutions of the General Assembly on the war, on Crimea and on Ukraine's territory in "
    "which both states voted. Equal: the same vote; halfway: one of the two abstained; opposed: one "
    "voted yes and one no. Russia's vote is the yardstick where it is in the dyad. A resolution in two "
    "records is counted once.",
    interval="95% Wilson score interval; with so few resolutions it is wide",
    params={
        "by": ("year", "year: a point a year; all: one for the whole record"),
        "since": ("2014-01-01", "first day, YYYY-MM-DD"),
    },
)
def ukraine(ask: Ask) -> Answer:
    """Groups ``equal``, ``halfway``, ``opposed``; shares sum to 100 in each period."""
    by = choose(ask.params["by"], ("year", "all"), "by")
    try:
        since = dt.date.fromisoformat(ask.params["since"])
    except ValueError:
        raise UsageError(f"since={ask.params['since']!r}: write a day as YYYY-MM-DD") from None
    a, b = ask.dyad
    if b == "RUS":
        a, b = b, a
    rows = ask.rows(
        "WITH marked AS (SELECT rollcall, regexp_replace(resolution, '^(A/RES|R)/', '') AS symbol, "
        "min(period) AS day FROM votes WHERE body = 'GA' AND topic = 'ukraine' GROUP BY ALL), "
        "found AS (SELECT v.*, m.symbol, m.day, substr(m.day, 1, 4) AS year FROM votes v "
        "JOIN marked m ON m.rollcall = v.rollcall WHERE v.body = 'GA' AND m.day >= ? "
        "AND v.country IN (?, ?) AND v.vote IN ('yes', 'no', 'abstain')), "
        "complete AS (SELECT symbol, source, row_number() OVER (PARTITION BY symbol ORDER BY CASE source "
        "WHEN 'un_roll_calls' THEN 1 WHEN 'un_ukraine' THEN 2 ELSE 3 END) AS rank FROM found "
        "GROUP BY symbol, source HAVING count(DISTINCT country) = 2) "
        "SELECT f.*, f.year AS point, '' AS grp FROM found f JOIN complete c "
        "ON c.symbol = f.symbol AND c.source = f.source AND c.rank = 1 "
        "ORDER BY f.day, f.symbol, f.country",
        since.isoformat(), a, b,
    )  # fmt: skip
    votes: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for r in rows.select(["year", "symbol", "country", "vote"]).to_pylist():
        votes[r["year"], r["symbol"]][r["country"]] = r["vote"]
    if not votes:
        return Answer([], rows, f"no resolution on Ukraine is held in which both {a} and {b} voted.")
    group = {key: GROUPS[abs(STAND[v[a]] - STAND[v[b]])] for key, v in votes.items()}
    years = sorted({year for year, _ in votes})
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else years[0]
    periods: dict[str, list[str]] = defaultdict(list)
    for (year, _), kind in group.items():
        periods[year if by == "year" else span].append(kind)
    points = []
    for kind in GROUPS.values():
        for period, kinds in sorted(periods.items()):
            share = wilson(kinds.count(kind), len(kinds))
            note = f"{kinds.count(kind)} of {len(kinds)}"
            points.append(
                Point(period, 100 * share.value, 100 * share.low, 100 * share.high, "derived", kind, note)
            )
    keys = list(zip(rows["year"].to_pylist(), rows["symbol"].to_pylist(), strict=True))
    names = rows.column_names
    rows = rows.set_column(names.index("grp"), "grp", pa.array([group[k] for k in keys], pa.string()))
    if by == "all":
        rows = rows.set_column(names.index("point"), "point", pa.repeat(span, rows.num_rows))
    note = f"{len(votes)} resolutions are held ({', '.join(symbol for _, symbol in votes)}). "
    if ask.as_of.date >= INVASION:
        after = [symbol for year, symbol in votes if year >= str(INVASION.year)]
        note += f"Since February 2022: {len(after)}. Resolutions not held are unknown here, not agreement. "
    note += "An absence is not a vote and is not counted."
    return Answer(points, rows, note)
