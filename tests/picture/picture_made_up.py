# SPDX-License-Identifier: Apache-2.0
"""Made-up judgements to draw: no figure here is a fact. Their rows name a real source of the catalog."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Measurement, Point
from bilat.units import Unit, count, quantity, share
from bilat.verdicts.asked import Test as Asked
from bilat.verdicts.decision import Decision
from bilat.verdicts.judgement import Answered, Evidence, Judgement, Leg, Rival
from bilat.verdicts.outcome import Side
from bilat.when import PAPER_DATE, AsOf

PAIR = Dyad("RUS", "CHN")
THEN = AsOf(PAPER_DATE)
NOW = AsOf("2025-06-30")
SNAPSHOT = "ab" * 32


def made_up(
    name: str,
    points: Iterable[Point],
    *,
    as_of: AsOf = NOW,
    title: str = "Made-up measure",
    unit: Unit = quantity("million TIV"),  # noqa: B008
    interval: str = "",
    note: str = "",
    url: str | None = None,
    copies: int = 1,
) -> Measurement:
    """A measurement with ``copies`` rows behind each of its points."""
    kept = tuple(points)
    behind = [
        {
            "point": p.period, "grp": p.group, "supplier": p.group.split(">")[0], "tiv": p.value,
            "note": "a <b>row</b> & its text", "url": url, "period": p.period, "kind": p.kind,
            "source": "sipri_tiv_pairs", "snapshot": SNAPSHOT, "locator": f"line {i}",
            "known_on": dt.date(2023, 3, 10), "known_basis": "vintage", "vintage": dt.date(2023, 3, 10),
            "corrected": None,
        }
        for p in kept
        for i in range(copies)
    ]  # fmt: skip
    schema = pa.schema(
        [(c, pa.string()) for c in ("point", "grp", "supplier")]
        + [("tiv", pa.float64())]
        + [(c, pa.string()) for c in ("note", "url", "period", "kind", "source", "snapshot", "locator")]
        + [("known_on", pa.date32()), ("known_basis", pa.string()), ("vintage", pa.date32())]
        + [("corrected", pa.string())]
    )
    return Measurement(
        name=name,
        title=title,
        dyad=PAIR,
        as_of=as_of,
        unit=unit,
        method="Made up for a test.",
        reference="none",
        interval=interval,
        params={},
        points=kept,
        note=note,
        evidence=pa.Table.from_pylist(behind, schema=schema),
    )


def yearly(group: str, first: int, values: Iterable[float], band: float = 0.0) -> list[Point]:
    return [
        Point(
            str(first + i), v, v * (1 - band) if band else None, v * (1 + band) if band else None, group=group
        )
        for i, v in enumerate(values)
    ]


def arms(as_of: AsOf = NOW) -> Measurement:
    """Two directed lines, one with a band; the figure for 2018 was revised after the paper."""
    last = 2024 if as_of == NOW else 2022
    fall = [800 + 40 * i for i in range(9)] + [1656 if as_of == NOW else 1500, 900, 500, 300, 120, 60, 30]
    back = [3 + i % 4 for i in range(16)]
    points = yearly("RUS>CHN", 2009, fall, 0.15) + yearly("CHN>RUS", 2009, back)
    return made_up(
        "made.arms",
        [p for p in points if int(p.period) <= last],
        as_of=as_of,
        title="Arms delivered",
        interval="made-up range",
        url="https://example.org/register",
    )


def classes() -> Measurement:
    names = ("tanks", "aircraft", "air_defence", "command_posts", "artillery", "naval", "uav")
    points = [
        Point(f"{2022 + m // 12}-{m % 12 + 1:02d}", (i + 1) * 40 * math.log(m + 2), group=g)
        for i, g in enumerate(names)
        for m in range(2, 38)
    ]
    return made_up("made.losses", points, title="Losses by class", unit=count("items"), copies=3)


def counts() -> Measurement:
    values = [1, 0, 1, 2, 1, 1, 2, 3, 4, 3, 5, 2, 4, 6, 7, 9, 4]
    return made_up(
        "made.exercises", yearly("", 2009, values), title="Joint exercises", unit=count("exercises"),
        note="made-up hole: small drills are not listed",
    )  # fmt: skip


def ranking() -> Measurement:
    shares = {"USA": 0.41, "CHN": 0.22, "TWN": 0.09, "DEU": 0.06, "JPN": 0.055, "KOR": 0.03}
    points = [Point("2024", v, v * 0.9, v * 1.1, "estimated", g) for g, v in shares.items()]
    return made_up(
        "made.makers", points, title="Makers of parts", unit=share("parts", scale=""), interval="made up"
    )


def answered(word: str, said: str, to: dt.date | None) -> Answered:
    """A half with one piece of evidence."""
    piece = Evidence(
        "document", "made-up", "", "for", 2.0, "a made-up page says so", "it says so", ("a publisher",), "B2", to, to,
        url="https://example.org/page", period="2022",
    )  # fmt: skip
    return Answered(word, f"{word.capitalize()}. {said}.", "fair", "two publishers", (piece,), to)  # type: ignore[arg-type]


def judgement(
    id: str, chapter: str, m: Measurement | None, as_of: AsOf = NOW, *, verdict: str = "", written: str = "yes",
    **changed: object,
) -> Judgement:  # fmt: skip
    p = next((p for p in reversed(m.points) if p.value is not None), None) if m else None
    said = f"Made-up figure {p.value:,.0f} in {p.period}" if p else "nothing is there"
    legs = []
    if m and p:
        asked = Asked(
            what="made-up figure", measure="transfers.tiv", group=p.group, form="level", supported=1.0
        )
        made = Decision(
            asked, m, p.value or 0.0, None, (Side(p.group, p.period, p.value or 0.0, (p,)),), False
        )
        legs = [
            Leg("the last value is at most half", "for", said, p.value, p.low, p.high, "made up", str(m.unit), p.period,
                as_of.date, made)
        ]  # fmt: skip
    word = verdict or ("yes" if m else "not known")
    base = Judgement(
        id=id,
        section="Introduction",
        chapter=chapter,
        footnote="fn 3",
        claim=f"A made-up claim {id}, about as long as a claim of the paper is when it is paraphrased",
        as_of=as_of,
        when_written=answered(written if m else "not known", said, THEN.date),
        since=answered(word, said, as_of.date if m else None),
        rule="the last value is at most half the first",
        legs=legs,
        rivals=[
            Rival(
                "It was the pandemic", "the same ratio for others", "others fell by a tenth", "does not hold"
            )
        ]
        if m
        else [],
        needs="records that no state publishes",
        limits="only what was delivered",
    )
    return replace(base, **changed)  # type: ignore[arg-type]


def judge_made_up(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Judgement]:
    """Stands where the ledger's judge stands; every form of chart and every verdict occurs."""
    return [
        judgement("I6", "intro", arms(as_of), as_of, verdict="in part"),
        judgement("I7", "intro", counts(), as_of),
        judgement("F1", "factors", arms(as_of), as_of, verdict="no"),
        judgement("P2", "war", ranking(), as_of),
        judgement("P8", "regeneration", classes(), as_of, others=[counts()]),
        judgement("K3", "constraints", None, as_of),
        judgement("P11", "indopacific", None, as_of),
    ]
