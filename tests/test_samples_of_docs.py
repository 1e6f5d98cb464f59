# SPDX-License-Identifier: Apache-2.0
"""The commands of README and docs that take a file run on the files that ``bilat sample`` writes."""

import itertools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import indexes
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
_FILE = re.compile(r"[\w-]+\.(?:xlsx|csv|jsonl?|toml|docx|pdf|key|yaml)")


def lines_of(page: Path) -> list[str]:
    """The commands of a page that can be given when the samples and what they made are there."""
    there = set(FILES)
    found = []
    for block in _BLOCK.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            named = {w for w in words if _FILE.fullmatch(w)}
            made = {w for before, w in itertools.pairwise(words) if before == "--out"}
            if words[:1] == ["bilat"] and named & there and named - made <= there:
                found.append(shlex.join(words[1:]))
                there |= made
    return found


#: What an index of the lists of another day takes: most of a minute of processor time.
SLOW = {"screen": "--since"}
EVERY = list(dict.fromkeys(line for page in PAGES for line in lines_of(page)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("samples")
    write_samples(made, Frame(Dyad("RUS", "CHN"), AsOf(), default_holdings()))
    return made


def test_the_docs_name_each_sample() -> None:
    assert {f for line in EVERY for f in FILES if f in line} == set(FILES)


def quick(line: str) -> bool:
    """Whether a command needs no index of its own."""
    words = line.split()
    return SLOW.get(words[0], "-") not in words


@pytest.mark.parametrize("line", [line for line in EVERY if quick(line)])
def test_a_command_of_the_docs_runs_on_the_samples(line: str, folder: Path) -> None:
    # A table that was added makes another index: it has holdings of its own.
    held = folder / ("own" if line.startswith("add ") else "held")
    env = {**os.environ, "BILAT_HOLDINGS": str(indexes.share(held))}
    done = subprocess.run(
        [sys.executable, "-m", "bilat", *shlex.split(line)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0 and done.stdout, f"{line}: {done.stdout[-300:]}{done.stderr[-300:]}"


def test_the_samples_say_what_is_made_up(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "consignments.xlsx").active
    rows = list(sheet.values)
    assert len(rows) == 13 and rows[0][1:3] == ("Shipper", "Consignee")
    assert all(row[1].startswith("Sample Shipper") for row in rows[1:])
    assert sum(row[2].startswith("Sample Consignee") for row in rows[1:]) == 3
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
