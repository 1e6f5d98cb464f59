# SPDX-License-Identifier: Apache-2.0
"""The partner's vote against Russia's on the General Assembly's resolutions about Ukraine."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from bilat.alignment.voting import STAND
from bilat.measures import Answer, Ask, Interval, Pair, Window, labelled, measure
from bilat.statistics import LEVEL, wilson
from bilat.units import percent
from bilat.when import INVASION

GROUPS = {0.0: "equal", 0.5: "halfway", 1.0: "opposed"}


@measure(
    "votes.ukraine",
    of=Pair,
    title="Votes on the Ukraine resolutions, compared with Russia's",
    unit=percent("resolutions"),
    tables=("votes",),
    reference="UN General Assembly, recorded votes: Voeten (2013), the transcription in "
    "ukraine-viz, and UNxml/GAresolutions; a row's resolution is its symbol",
    method="Counts the General Assembly's resolutions on the war, on Crimea and on Ukraine's "
    "territory in which both states voted. The two are equal if they voted alike, halfway "
    "if one of them abstained, and opposed if one voted yes and one no. If Russia is one "
    "of the two, the other is compared with it. A resolution in two records counts once.",
    interval=Interval(
        "sampling",
        "95% Wilson score interval",
        LEVEL,
        about="repeated",
        note="with so few resolutions it is wide",
    ),
)
def ukraine(
    ask: Ask, by: Literal["year", "all"] = "year", period: Window = Window("2014-01-01")
) -> Answer:
    """Groups: ``equal``, ``halfway``, ``opposed``; shares sum to 100 in each period.

    by: year: a point a year; all: one for the whole record
    period: days of the votes
    """
    a, b = ask.dyad
    if b == "RUS":
        a, b = b, a
    rows = ask.rows(
        "WITH marked AS (SELECT rollcall, regexp_replace(resolution, '^(A/RES|R)/', '') AS symbol, "
        "min(period) AS day FROM votes WHERE body = 'GA' AND topic = 'ukraine' GROUP BY ALL), "
        "found AS (SELECT v.*, m.symbol, m.day, substr(m.day, 1, 4) AS year FROM votes v JOIN "
        f"marked m ON m.rollcall = v.rollcall WHERE v.body = 'GA' AND {period.sql('m.day')} AND "
        "v.country IN (?, ?) AND v.vote IN ('yes', 'no', 'abstain')), complete AS (SELECT symbol, "
        "source, row_number() OVER (PARTITION BY symbol ORDER BY CASE source WHEN 'un_roll_calls' "
        "THEN 1 WHEN 'un_ukraine' THEN 2 WHEN 'unga_votes_later' THEN 3 ELSE 4 END) AS rank FROM "
        "found GROUP BY symbol, source HAVING count(DISTINCT country) = 2) SELECT f.*, f.year AS "
        "point, '' AS grp FROM found f JOIN complete c ON c.symbol = f.symbol AND c.source = "
        "f.source AND c.rank = 1 ORDER BY f.day, f.symbol, f.country",
        a,
        b,
    )
    votes: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for r in rows.select(["year", "symbol", "country", "vote"]).to_pylist():
        votes[r["year"], r["symbol"]][r["country"]] = r["vote"]
    if not votes:
        return ask.answer().missing(
            f"we have no resolution on Ukraine in which both {a} and {b} voted."
        )
    group = {key: GROUPS[abs(STAND[v[a]] - STAND[v[b]])] for key, v in votes.items()}
    years = sorted({year for year, _ in votes})
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else years[0]
    periods: dict[str, list[str]] = defaultdict(list)
    for (year, _), kind in group.items():
        periods[year if by == "year" else span].append(kind)
    keys = zip(rows["year"].to_pylist(), rows["symbol"].to_pylist(), strict=True)
    rows = labelled(rows, span if by == "all" else None, [group[k] for k in keys])
    out = ask.answer(rows)
    for kind in GROUPS.values():
        for at, kinds in sorted(periods.items()):
            n = kinds.count(kind)
            share = wilson(n, len(kinds))
            note = f"{n} of {len(kinds)}"
            if n:
                out.point(at, share, group=kind, note=note, scale=100)
            else:
                out.absent(at, low=100 * share.low, high=100 * share.high, group=kind, note=note)
    out.note = f"We have {len(votes)} resolutions ({', '.join(symbol for _, symbol in votes)}). "
    if ask.as_of.date >= INVASION:
        after = [symbol for year, symbol in votes if year >= str(INVASION.year)]
        out.note += f"Since February 2022: {len(after)}. "
        out.note += "A resolution that we do not have is unknown; it does not count as agreement. "
    out.note += "An absence is not a vote and is not counted."
    return out
