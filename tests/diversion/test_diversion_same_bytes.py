# SPDX-License-Identifier: Apache-2.0
"""``divert`` is a function of what a file holds: the order of its rows and the number of threads change no byte."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from planted_causes import ORIGINS, world

from bilat.diversion.listed_firms import listed_in
from bilat.diversion.search import divert
from bilat.document.plain import plain
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf


def answer(path: Path, threads: int) -> bytes:
    got = divert(
        [path],
        origin=",".join(ORIGINS),
        since="2022-03",
        window=4,
        limit=None,
        cases=10,
        threads=threads,
    )
    return json.dumps(plain(got), sort_keys=True, allow_nan=False).encode()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = world(tmp_path_factory.mktemp("same") / "w.csv", "route", 5, both_sides=True)
    # Sums of whole numbers are exact in any order; reports have cents.
    head, *lines = path.read_text("utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    for row in rows:
        row[5] = f"{int(row[5]) / 7:.6f}"
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", "utf-8")
    return path


def test_neither_the_order_of_rows_nor_threads_change_a_byte(file: Path, tmp_path: Path) -> None:
    head, *lines = file.read_text("utf-8").splitlines()
    expected = answer(file, 1)
    assert len(json.loads(expected)["rows"]) > 50
    for seed, threads in ((1, 1), (2, 2), (3, 4)):
        order = np.random.default_rng(seed).permutation(len(lines))
        mixed = tmp_path / f"{seed}" / "w.csv"
        mixed.parent.mkdir()
        mixed.write_text("\n".join([head, *(lines[n] for n in order)]) + "\n", "utf-8")
        assert answer(mixed, threads) == expected


def test_a_byte_of_the_file_may_change_it(file: Path, tmp_path: Path) -> None:
    # So that the test above cannot pass on an answer that hangs on nothing.
    text = file.read_text("utf-8").splitlines()
    cells = text[1].split(",")
    cells[5] = str(float(cells[5]) * 3 + 100_000)
    changed = tmp_path / "w.csv"
    changed.write_text("\n".join([text[0], ",".join(cells), *text[2:]]) + "\n", "utf-8")
    assert answer(changed, 1) != answer(file, 1)


def test_a_listed_firm_stands_once_however_its_lists_spell_the_hub() -> None:
    # Two lists that write Ukraine differently gave one firm two rows of one name, in either order.
    holdings = Holdings(embedded_folder())
    found = listed_in(holdings, AsOf(date(2026, 11, 30)), ["UKR", "KAZ"], ["RUS"])
    for hub, firms in found.items():
        names = [firm.name.upper() for firm in firms]
        assert len(names) > 10, hub
        assert len(set(names)) == len(names), hub
    by_name = {firm.name: firm for firm in found["UKR"]}
    # The Entity List has its day (22 June 2017), the list of OFAC none.
    assert by_name["KPSK, OOO"].listed_on == "2017-06-22"
    assert by_name["KPSK, OOO"].list_name == "US EL"
