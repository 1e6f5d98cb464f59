# SPDX-License-Identifier: Apache-2.0
"""The same question gives the same bytes: whatever the order of parts, of input rows, and the number of threads.

The whole picture, and the models at full size are asked by ``make harden`` (benchmarks/harden_same.py).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random

import pytest
from harden_same import in_another_order, planted_trade, shuffled

from bilat.cli import main
from bilat.holdings import Store, embedded_folder


@pytest.fixture
def disturbed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[int], AbstractContextManager[None]]:
    """Calls with a seed: the parts then come in another order, and DuckDB has one thread or two."""
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "holdings"))
    monkeypatch.setenv("BILAT_CACHE", "off")  # each call works its answers out
    return in_another_order


def links(folder: Path, seed: int) -> list[str]:
    rows = [
        ["owner", "owned", "low", "high"],
        ["A", "B", 30, 60],
        ["B", "X", 50, 50],
        ["C", "X", "", 20],
        ["A", "X", 5, 10],
        ["D", "B", 10, 20],
        ["D", "C", 60, 60],
        ["C", "B", 5, 5],
    ]
    listed = [
        {
            "id": f"{party}-{name}",
            "names": [f"Werke {party}"],
            "ids": [f"lei:{party}"],
            "list": name,
        }
        for party, name in (("A", "OFAC SDN"), ("D", "EU"), ("D", "OFAC SDN"))
    ]
    Random(seed).shuffle(listed)
    own = folder / "own.jsonl"
    own.write_text("".join(json.dumps(entry) + "\n" for entry in listed), "utf-8")
    return [str(shuffled(folder / "links.csv", rows, seed)), "X", "--lists", str(own)]


def lists(folder: Path, seed: int) -> list[str]:
    out = []
    for name, last in (("old.jsonl", 20), ("new.jsonl", 26)):
        rows = [
            {"id": f"p{n}", "names": [f"Works {n} {last if n % 5 == 0 else ''}"]}
            for n in range(last - 17, last)
        ]
        Random(seed).shuffle(rows)
        (folder / name).write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
        out.append(str(folder / name))
    return out


def trade(folder: Path, seed: int) -> list[str]:
    return [str(planted_trade(folder, seed)), "--origin", "DEU", "--since", "2022"]


#: verb -> its words, from a folder and a seed
VERBS: dict[str, Callable[[Path, int], list[str]]] = {
    "measure transfers": lambda f, s: ["ask", "transfers.tiv", "--json"],
    "measure votes": lambda f, s: ["ask", "votes.agreement", "--json"],
    "measure trade": lambda f, s: ["ask", "trade.exports", "--json"],
    "trace": lambda f, s: ["ask", "transfers.tiv", "--rows", "--period", "2018", "--json"],
    "claims": lambda f, s: ["claims", "--only", "K4", "--json"],
    "screen": lambda f, s: [
        "screen",
        "Kalashnikov Concern",
        "VTB Bank",
        "Rosneft",
        "--lists",
        "ofac_consolidated,bis_dpl",
        "--threshold",
        "0",
        "--json",
    ],
    "watchlist diff": lambda f, s: ["lists", "diff", *lists(f, s), "--json"],
    "owners": lambda f, s: ["screen", "owners", *links(f, s), "--json"],
    "divert": lambda f, s: ["divert", *trade(f, s), "--cases", "2", "--json"],
    "sources list": lambda f, s: ["sources", "list", "--json"],
    "exposure": lambda f, s: ["plan", "exposure", "--json"],
    "blockade": lambda f, s: ["plan", "blockade", "--draws", "200", "--json"],
    "recovery": lambda f, s: ["plan", "recovery", "--beliefs", "iiss", "--draws", "200", "--json"],
    "backfill": lambda f, s: ["plan", "backfill", "--draws", "10", "--json"],
}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[list[str]], str]]:
    def run(words: list[str]) -> str:
        with pytest.raises(SystemExit) as left:
            main(words)
        out = capsys.readouterr()
        assert left.value.code == 0, out.err
        return out.out

    yield run


@pytest.mark.parametrize("verb", VERBS)
def test_three_times_in_another_order_the_bytes_are_the_same(
    verb: str,
    disturbed: Callable[[int], AbstractContextManager[None]],
    said: Callable[[list[str]], str],
    tmp_path: Path,
) -> None:
    answers = set()
    orders = []
    for seed in (1, 2, 3):
        with disturbed(seed):
            orders.append([e["path"] for e in Store(embedded_folder()).entries()])
            answers.add(said(VERBS[verb](tmp_path, seed)))
    assert orders[0] != orders[1] != orders[2]
    assert len(answers) == 1 and len(answers.pop()) > 200
