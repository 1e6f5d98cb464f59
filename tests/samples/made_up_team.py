# SPDX-License-Identifier: Apache-2.0
"""A made-up team and made-up judgements: no figure here is a fact."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from bilat.dyad import Dyad
from bilat.measures import Interval, Measurement, Point
from bilat.sharing import OwnRow, Team
from bilat.sharing.own_rows import rows_text
from bilat.units import quantity
from bilat.verdicts.claim_tests import Test as Asked
from bilat.verdicts.decision import DecidedTest
from bilat.verdicts.judgement import Answered, Evidence, Judgement, Leg
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
AS_OF = AsOf("2025-06-30")
MOMENT = dt.datetime(2025, 3, 1, 9, tzinfo=dt.UTC)


def measurement(name: str = "transfers.tiv") -> Measurement:
    points = (
        Point("2022", 12.5, 10.0, 15.25, "estimated", "RUS>CHN", "a note, with a comma"),
        Point("2014-2021", 1 / 3, None, None, "derived", "CHN>RUS"),
        Point("2022-03..2023-10", None, kind="reported", note="=1+1 is not a formula here"),
        Point("2025", 7.0, kind="reported", open=True, revised=True),
    )
    row = {
        "point": "2022",
        "grp": "RUS>CHN",
        "period": "2022",
        "locator": "line 1",
        "known_on": dt.date(2023, 3, 10),
        "known_basis": "vintage",
        "source": "sipri_tiv_pairs",
        "snapshot": "ab" * 32,
        "vintage": dt.date(2023, 3, 10),
    }
    return Measurement(
        name,
        "Arms delivered",
        PAIR,
        PAIR,
        AS_OF,
        quantity("million TIV"),
        "Made up.",
        "none",
        Interval(name="made-up range"),
        {},
        points,
        "",
        pa.Table.from_pylist([row]),
    )


def judgement(id: str, *, text: str = "", decided: bool = True) -> Judgement:
    m, to = measurement(), dt.date(2024, 12, 31)
    asked = Asked(
        what="made-up figure", measure=m.name, group="RUS>CHN", form="level", supported=1.0
    )
    leg = Leg(
        "the last value is at least twice the first",
        "in part",
        f"made-up figure, {text}",
        1.25,
        0.5,
        None,
        "made-up band",
        "ratio",
        "2022 against 2014-2021",
        to,
        DecidedTest(asked, m, 1.25, None, (), False),
    )
    piece = Evidence(
        kind="indicator",
        id=m.name,
        part="",
        side="in part",
        weight=3.0,
        says="made-up figure",
        why="made up",
        publishers=("Made up",),
        originators=("Made up",),
        grade="B2",
        reaches=to,
        content_to=to,
        known_on=to,
    )
    half = Answered(
        "in part" if decided else "not known",
        f"In part. Made-up figure, {text}",
        f"Made-up figure, {text}",
        "fair" if decided else "thin",
        "two producers",
        leads=(piece,) if decided else (),
    )
    return Judgement(
        id=id,
        section="Introduction",
        chapter="intro",
        footnote="",
        claim=f"A made-up claim. {text}",
        as_of=AS_OF,
        when_written=half,
        since=half,
        rule=f"the last value is at least twice the first {text}",
        legs=[leg] if decided else [],
        needs="records that no state publishes",
    )


def row(id: str = "r1", **changed: object) -> OwnRow:
    plain = {
        "id": id,
        "claim": "P7",
        "measure": "own.count",
        "period": "2024-05",
        "group": "RUS",
        "value": 3.5,
        "low": None,
        "high": 4.0,
        "unit": "items",
        "kind": "estimated",
        "source": "our own count",
        "url": "https://example.org/a",
        "known_on": "2025-02-01",
        "note": "",
        "marking": "TLP:AMBER",
    }
    return OwnRow(**{**plain, **changed})  # type: ignore[arg-type]


def team(folder: Path, *, rows: tuple[OwnRow, ...] = (), claims: Mapping[str, str] = {}) -> Team:
    """A team's folder with rows and marked claims."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Team(folder)
    if rows:
        (folder / "rows.csv").write_text(rows_text(rows), "utf-8")
    for claim, marking in claims.items():
        made.mark_log.add(f"claim {claim}", marking, "made up", "Ann", when=MOMENT)
    return made
