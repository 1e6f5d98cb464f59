# SPDX-License-Identifier: Apache-2.0
"""The same question gives the same bytes: whatever the order of parts, of input rows, and the number of threads."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from bilat.cli import main
from bilat.holdings import Store, embedded_folder

ENTRIES = Store.entries
CONNECT = duckdb.connect


@pytest.fixture
def disturbed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int], None]:
    """Calls with a seed: the parts then come in another order, and DuckDB has one thread or two."""
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "holdings"))

    def disturb(seed: int) -> None:
        def entries(store: Store) -> list[dict[str, Any]]:
            found = ENTRIES(store)
            Random(seed).shuffle(found)
            return found

        def connect(*args: Any, **kwargs: Any) -> Any:
            con = CONNECT(*args, **kwargs)
            con.execute(f"SET threads = {1 + seed % 2}")
            return con

        monkeypatch.setattr(Store, "entries", entries)
        monkeypatch.setattr(duckdb, "connect", connect)

    return disturb


def shuffled(path: Path, lines: list[list[Any]], seed: int) -> Path:
    """A CSV whose rows stand in an order of their own."""
    below = lines[1:]
    Random(seed).shuffle(below)
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([lines[0], *below])
    return path


def links(folder: Path, seed: int) -> list[str]:
    rows = [["owner", "owned", "low", "high"], ["A", "B", 30, 60], ["B", "X", 50, 50], ["C", "X", "", 20],
            ["A", "X", 5, 10], ["D", "B", 10, 20], ["D", "C", 60, 60], ["C", "B", 5, 5]]  # fmt: skip
    listed = [["party", "list"], ["A", "OFAC SDN"], ["D", "EU"], ["D", "OFAC SDN"]]
    return [str(shuffled(folder / "links.csv", rows, seed)), "X",
            "--listed", str(shuffled(folder / "listed.csv", listed, seed))]  # fmt: skip


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
    rng = Random(5)
    rows: list[list[Any]] = [["t", "i", "j", "k", "v", "q"]]
    for year in range(2018, 2025):
        for code in (854231, 854232, 847150, 870323, 220421):
            for hub in (51, 398, 417, 792):
                up = 4 if year > 2021 and hub == 51 else 1
                rows.append(
                    [
                        year,
                        276,
                        hub,
                        code,
                        round(up * rng.uniform(900, 1100), 3),
                        round(up * 10 * rng.random(), 3),
                    ]
                )
                rows.append(
                    [
                        year,
                        hub,
                        643,
                        code,
                        round(up * rng.uniform(300, 500), 3),
                        round(up * 4 * rng.random(), 3),
                    ]
                )
            rows.append([year, 276, 643, code, 2000.5 if year < 2022 else 3.25, 20.0])
    return [str(shuffled(folder / "BACI_HS17_Y2018.csv", rows, seed)), "--origin", "DEU", "--since", "2022"]


#: verb -> its words, from a folder and a seed
VERBS: dict[str, Callable[[Path, int], list[str]]] = {
    "measure transfers": lambda f, s: ["measure", "transfers.tiv", "--json"],
    "measure votes": lambda f, s: ["measure", "votes.agreement", "--json"],
    "measure trade": lambda f, s: ["measure", "trade.exports", "--json"],
    "trace": lambda f, s: ["trace", "transfers.tiv", "--period", "2018", "--json"],
    "claims": lambda f, s: ["claims", "--only", "K4", "--json"],
    "screen": lambda f, s: ["screen", "Kalashnikov Concern", "VTB Bank", "Rosneft", "--lists",
                            "ofac_consolidated,bis_dpl", "--threshold", "0", "--json"],
    "watchlist diff": lambda f, s: ["watchlist", "diff", *lists(f, s), "--json"],
    "owners": lambda f, s: ["owners", *links(f, s), "--json"],
    "divert": lambda f, s: ["divert", *trade(f, s), "--cases", "2", "--json"],
    "sources list": lambda f, s: ["sources", "list", "--json"],
    "exposure": lambda f, s: ["exposure", "--json"],
}  # fmt: skip


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
    verb: str, disturbed: Callable[[int], None], said: Callable[[list[str]], str], tmp_path: Path
) -> None:
    answers = set()
    orders = []
    for seed in (1, 2, 3):
        disturbed(seed)
        orders.append([e["path"] for e in Store(embedded_folder()).entries()])
        answers.add(said(VERBS[verb](tmp_path, seed)))
    assert orders[0] != orders[1] != orders[2]
    assert len(answers) == 1 and len(answers.pop()) > 200
