# SPDX-License-Identifier: Apache-2.0
"""A made-up team and made-up judgements: no figure here is a fact."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from bilat.dyad import Dyad
from bilat.measures import Measurement, Point
from bilat.sharing import OwnRow, Team
from bilat.sharing.own_rows import rows_text
from bilat.units import quantity
from bilat.verdicts.judgement import Judgement
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
        "point": "2022", "grp": "RUS>CHN", "period": "2022", "locator": "line 1", "known_on": dt.date(2023, 3, 10),
        "known_basis": "vintage", "source": "sipri_tiv_pairs", "snapshot": "ab" * 32, "vintage": dt.date(2023, 3, 10),
    }  # fmt: skip
    return Measurement(
        name, "Arms delivered", PAIR, AS_OF, quantity("million TIV"), "Made up.", "none", "made-up range", {}, points,
        "", pa.Table.from_pylist([row]),
    )  # fmt: skip


def judgement(id: str, *, text: str = "", decided: bool = True) -> Judgement:
    m = measurement() if decided else None
    return Judgement(
        id=id, section="Introduction", chapter="intro", footnote="", claim=f"A made-up claim. {text}",
        verdict="partly supported" if decided else "not measurable", why=f"made-up figure, {text}",
        rule=f"the last value is at least twice the first {text}", as_of=AS_OF, likelihood="likely (55-80%)",
        probability=0.7 if decided else None, confidence="moderate" if decided else "low",
        confidence_why="two producers", sources=["sipri_tiv_pairs", "exercises"] if decided else [],
        measure=m.name if m else "", value=1.25 if decided else None, low=0.5 if decided else None,
        high=None, unit="ratio" if decided else "", period="2022 against 2014-2021" if decided else "",
        needs="" if decided else "records that no state publishes", interval="made-up band", evidence=m,
        data_to=dt.date(2024, 12, 31) if decided else None,
    )  # fmt: skip


def row(id: str = "r1", **changed: object) -> OwnRow:
    plain = {
        "id": id, "claim": "P7", "measure": "own.count", "period": "2024-05", "group": "RUS", "value": 3.5, "low": None,
        "high": 4.0, "unit": "items", "kind": "estimated", "source": "our own count", "url": "https://example.org/a",
        "known_on": "2025-02-01", "note": "", "marking": "TLP:AMBER",
    }  # fmt: skip
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
