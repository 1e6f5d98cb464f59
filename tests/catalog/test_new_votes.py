# SPDX-License-Identifier: Apache-2.0
"""General Assembly votes to June 2026: whole against the totals that the Assembly's documents state."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bilat.catalog import read, source
from bilat.errors import DataError

SOURCE = source("unga_votes_later")
HEAD = "resolution,date,iso3,vote\n"


def small(tmp_path: Path, body: str) -> list[dict[str, object]]:
    path = tmp_path / "votes.csv"
    path.write_text(HEAD + body)
    file = SOURCE.files[0].model_copy(update={"min_rows": 1})
    return read(SOURCE, file, path)[0][1].to_pylist()


def test_a_vote_is_typed_and_a_row_said_twice_is_one(tmp_path: Path) -> None:
    rows = small(
        tmp_path,
        "A/RES/74/7,2019-11-07,RUS,Y\nA/RES/ES-11/4,2022-10-12,RUS,N\nA/RES/74/7,2019-11-07,RUS,Y\n",
    )
    assert [(r["rollcall"], r["session"], r["country"], r["vote"], r["locator"]) for r in rows] == [
        ("A/RES/74/7, 2019-11-07", 74, "RUS", "yes", "line 2"),
        ("A/RES/ES-11/4, 2022-10-12", None, "RUS", "no", "line 3"),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("A/RES/74/7,2019-11-07,RUS,Y\nA/RES/74/7,2019-11-07,RUS,N\n", "is already at line 2"),
        ("A/RES/74/7,2019-11-07,Russia,Y\n", "row 2: column iso3: value 'Russia' is not an ISO"),
        ("A/RES/74/7,2019-11-07,RUS,P\n", "column vote: value 'P' is not one of Y, N, A"),
        ("A/RES/74/7,7.11.2019,RUS,Y\n", "column date: value '7.11.2019' is not a"),
        ("74/7,2019-11-07,RUS,Y\n", "is not the symbol of a resolution"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        small(tmp_path, body)


@pytest.mark.shared
def test_every_roll_call_has_the_votes_that_its_document_states(mirror: Path) -> None:
    ((_, rows),) = read(SOURCE, SOURCE.files[0], mirror / SOURCE.files[0].path)
    counted = Counter(zip(rows["resolution"].to_pylist(), rows["vote"].to_pylist(), strict=True))
    short = set()
    with (mirror / "un/unga_rollcalls_2019_2026.csv").open(encoding="utf-8", newline="") as handle:
        for r in csv.DictReader(handle):
            for vote in ("yes", "no", "abstain"):
                stated = r[f"{vote}_stated"]
                if stated.isdigit() and counted[r["resolution"], vote] != int(stated):
                    short.add(r["resolution"])
    assert short == {"A/RES/77/293", "A/RES/75/254 A-C"}
