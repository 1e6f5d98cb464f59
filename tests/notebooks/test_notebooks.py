# SPDX-License-Identifier: Apache-2.0
"""The notebooks of docs/ run from top to bottom and store what this code shows."""

import json
import runpy
from pathlib import Path

import pytest
from made_up_team import AS_OF, MOMENT, PAIR, judgement, measurement, row, team

import bilat
from bilat import plot
from bilat.catalog import sources
from bilat.errors import UsageError
from bilat.listing import MOST_ROWS, ShownList, html_table
from bilat.measures import measures
from bilat.verdicts.dissents import beside

RUNNER = runpy.run_path(str(Path(__file__).resolve().parents[2] / "docs" / "run_notebooks.py"))
NOTEBOOKS: list[Path] = RUNNER["NOTEBOOKS"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_and_its_stored_outputs_are_of_this_code(path: Path) -> None:
    book = json.loads(path.read_text("utf-8"))
    cells = RUNNER["code_cells"](book)
    assert book["nbformat"] == 4 and len(cells) >= 3
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    text_of = RUNNER["text_of"]
    for cell, outputs in zip(cells, RUNNER["run"](book), strict=True):
        advice = f"{path.name}: run python docs/run_notebooks.py"
        assert text_of(cell["outputs"]) == text_of(outputs), advice
    assert sum(bool(cell["outputs"]) for cell in cells) >= 2


def test_there_are_three() -> None:
    assert len(NOTEBOOKS) == 3


def test_a_chart_goes_to_a_file(tmp_path: Path) -> None:
    chart = plot(measurement())
    assert chart.save(tmp_path / "a.svg").read_text("utf-8").startswith("<svg")
    assert chart.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert chart.save(tmp_path / "a.csv").read_text("utf-8").startswith("period,group,value")
    with pytest.raises(UsageError, match="save to"):
        chart.save(tmp_path / "a.gif")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.png", "a.svg"]


def test_listings_are_tables_and_lists_all_the_same(tmp_path: Path) -> None:
    for listing, word in ((sources(), "sipri_register"), (measures(), "transfers.tiv")):
        assert word in listing._repr_html_() and isinstance(listing, dict)  # type: ignore[attr-defined]
    t = team(tmp_path / "a", rows=(row(note="<script>"),))
    t.dissent_log.add("P7", "in part", "<b>bold</b>", "Ann", as_of="2025-01-01", when=MOMENT)
    assert "&lt;b&gt;bold" in t.dissents()._repr_html_()  # type: ignore[attr-defined]
    assert "&lt;script&gt;" in t.rows()._repr_html_()  # type: ignore[attr-defined]
    judged = ShownList([judgement("P7")], {"claim": lambda j: j.id}, "made up")
    told = beside(judged, t.dissents())
    assert told == [*told] and "Ann: in part" in told._repr_html_()  # type: ignore[attr-defined]


def test_the_claims_of_the_ledger_are_a_table() -> None:
    found = bilat.claims(PAIR, AS_OF, None, "P11")
    assert isinstance(found, list) and "P11" in found._repr_html_()  # type: ignore[attr-defined]


def test_a_long_listing_says_how_much_it_shows() -> None:
    many = ShownList(range(MOST_ROWS + 5), {"n": lambda n: n})
    assert f"{MOST_ROWS} of {MOST_ROWS + 5} rows" in many._repr_html_()
    assert html_table(["a"], [["<i>"], [None], [0.5]]).count("<td>") == 3
