# SPDX-License-Identifier: Apache-2.0
"""The same question asked again, its inputs in another order and on other threads: the bytes must be the same."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from harden_child import command, done

#: Times that each question is asked.
TIMES = 3
#: Processor seconds that a question may take; the slowest is the whole picture.
SECONDS = 300
#: Bytes that it may reserve: each thread of a library asks for some that it never touches.
MEMORY = 16 << 30


@contextmanager
def in_another_order(seed: int) -> Iterator[None]:
    """The parts of every folder of holdings come in an order of the seed, and DuckDB has one thread or two."""
    import duckdb

    from bilat.holdings import Store

    entries = Store.entries
    connect = duckdb.connect

    def shuffled_entries(store: Store) -> list[dict[str, Any]]:
        found = entries(store)
        Random(seed).shuffle(found)
        return found

    def on_threads(*args: Any, **kwargs: Any) -> Any:
        con = connect(*args, **kwargs)
        con.execute(f"SET threads = {1 + seed % 2}")
        return con

    # type: ignore[method-assign,assignment]
    Store.entries = shuffled_entries
    duckdb.connect = on_threads
    try:
        yield
    finally:
        # type: ignore[method-assign]
        Store.entries = entries
        duckdb.connect = connect


def shuffled(path: Path, lines: list[list[Any]], seed: int) -> Path:
    """A CSV whose rows stand in an order of their own."""
    below = lines[1:]
    Random(seed).shuffle(below)
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([lines[0], *below])
    return path


def planted_trade(folder: Path, seed: int) -> Path:
    """A small file in BACI's form with one route that opens in 2022, its rows in an order of the seed."""
    rng = Random(5)
    rows: list[list[Any]] = [["t", "i", "j", "k", "v", "q"]]
    for year in range(2018, 2025):
        for code in (854231, 854232, 847150, 870323, 220421):
            for hub in (51, 398, 417, 792):
                up = 4 if year > 2021 and hub == 51 else 1
                for seller, buyer, value, kg in (
                    (276, hub, (900, 1100), 10),
                    (hub, 643, (300, 500), 4),
                ):
                    weight = round(up * kg * rng.random(), 3)
                    rows.append(
                        [year, seller, buyer, code, round(up * rng.uniform(*value), 3), weight]
                    )
            rows.append([year, 276, 643, code, 2000.5 if year < 2022 else 3.25, 20.0])
    return shuffled(folder / "BACI_HS17_Y2018.csv", rows, seed)


def _asked(*words: str) -> Callable[[Path, int], None]:
    """A verb; ``OUT`` in its words is a place in the folder."""

    def ask(folder: Path, seed: int) -> None:
        with in_another_order(seed):
            command(*(w.replace("OUT", str(folder / "made" / "site")) for w in words))()

    return ask


def _routes(folder: Path, seed: int) -> None:
    from bilat.diversion.search import divert

    found = divert([planted_trade(folder, seed)], origin="DEU", since="2022", cases=2)
    (folder / "made" / "routes.json").write_text(
        json.dumps(asdict(found), sort_keys=True, default=str), "utf-8"
    )
    (folder / "BACI_HS17_Y2018.csv").unlink()


#: Questions with one answer -> the ways in which each is asked.
QUESTIONS: dict[str, list[Callable[[Path, int], None]]] = {
    "brief": [_asked("brief", "--out", "OUT")],
    "claims": [_asked("claims", "--json")],
    "recovery": [_asked("plan", "recovery", "--draws", "1000", "--json")],
    "blockade": [_asked("plan", "blockade", "--json")],
    "backfill": [_asked("plan", "backfill", "--draws", "10", "--json")],
    "exposure": [_asked("plan", "exposure", "--json")],
    "divert": [_routes],
}


def _bytes(folder: Path, said: str) -> str:
    """The hash of all that an answer wrote, and said but for the folder's own name."""
    out = hashlib.sha256(said.replace(str(folder), "").encode())
    for p in sorted((folder / "made").rglob("*")):
        if p.is_file():
            out.update(p.relative_to(folder).as_posix().encode() + b"\0")
            out.update(p.read_bytes().replace(str(folder).encode(), b""))
    return out.hexdigest()


def same_bytes(work: Path, count: int, _rng: Random) -> list[str]:
    """What is wrong with so many askings, question by question in turn, a line each."""
    wrong = []
    first: dict[str, str] = {}
    for question, n in [(q, n) for n in range(TIMES) for q in QUESTIONS][:count]:
        ways = QUESTIONS[question]
        folder = work / f"{question} {n}"
        (folder / "made").mkdir(parents=True)
        how = done(
            partial(ways[n % len(ways)], folder, n + 1), folder, seconds=SECONDS, memory=MEMORY
        )
        if how.code:
            wrong.append(f"{question}, time {n + 1}: exit {how.code}: {how.err[-200:]!r}")
            continue
        found = _bytes(folder, how.out)
        if first.setdefault(question, found) != found:
            wrong.append(f"{question}, time {n + 1}: other bytes than the first time")
    return wrong


ASKED = TIMES * len(QUESTIONS)
