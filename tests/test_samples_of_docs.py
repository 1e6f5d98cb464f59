# SPDX-License-Identifier: Apache-2.0
"""The sample files: docs name each, they say what is made up, and they overwrite nothing."""

import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from bilat.document import Frame
from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.planning.book import read_book
from bilat.planning.plans import every_plan
from bilat.records.samples import CHANGED, FILES, write_samples
from bilat.when import AsOf

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.S | re.M)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("samples")
    write_samples(made, Frame(Dyad("RUS", "CHN"), AsOf(), default_holdings()))
    return made


def test_the_docs_name_each_sample() -> None:
    commands = "".join(block for page in PAGES for block in _BLOCK.findall(page.read_text("utf-8")))
    assert [name for name in FILES if name not in commands] == []


def test_the_samples_say_what_is_made_up(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "consignments.xlsx").active
    rows = list(sheet.values)
    assert len(rows) == 13 and rows[0][1:3] == ("Shipper", "Consignee")
    assert all(row[1].startswith("Sample Shipper") for row in rows[1:])
    assert sum(row[2].startswith("Sample Consignee") for row in rows[1:]) == 3
    assert "This page is made up." in (folder / "page.html").read_text("utf-8")
    trade = (folder / "trade.csv").read_text("utf-8").splitlines()
    assert len(trade) > 1000 and trade[1].startswith("EU27,")


def test_one_number_of_the_sample_book_is_changed(folder: Path) -> None:
    plan, name = CHANGED
    frame = Frame(Dyad("RUS", "CHN"), AsOf(), default_holdings())
    ours = next(p.numbers(frame) for p in every_plan() if p.book == plan)
    theirs = read_book(folder / "mine.xlsx")[plan]
    differ = [n for n, a in theirs.items() if a.value != pytest.approx(ours[n].value)]
    assert differ == [name]


def test_a_sample_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("my own", "utf-8")
    words = [sys.executable, "-m", "bilat", "sample", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode and "may be yours; name another folder" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.csv"]
    assert (tmp_path / "mine.csv").read_text("utf-8") == "my own"
