# SPDX-License-Identifier: Apache-2.0
"""What is answered from the stored trade depends on its rows, not on their order."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bilat.diversion import search
from bilat.diversion.legs import DiversionScope
from bilat.diversion.store import HeldTrade, held_trade
from bilat.holdings import Holdings
from bilat.measures import known_measure
from bilat.places.coalitions import origins
from bilat.when import AsOf

DAY = AsOf("2026-11-20")
#: Questions to the EU's sales, and to what hubs report themselves.
ASKED = [("EU27", "2022-03"), ("USA,JPN,DEU", "2022")]


def scope(origin: str, since: str) -> DiversionScope:
    return DiversionScope(
        origins=origins(origin),
        targets=("RUS",),
        since=since,
        until=None,
        hubs=None,
        window=3,
    )


def shuffled(path: Path, seed: int) -> None:
    """Put the rows of a file in an order drawn by lot."""
    rows = pq.read_table(path)
    order = np.random.default_rng(seed).permutation(rows.num_rows)
    pq.write_table(rows.take(pa.array(order)), path)


def answered(origin: str, since: str) -> str:
    """All of an answer, its numbers to ten digits: a sum of fractions has another last digit in
    another order. It is made from holdings of its own, so that nothing of an earlier search is left.
    """
    found = search.divert(
        origin=origin, since=since, holdings=Holdings(), as_of=DAY, limit=50, cases=0
    )
    return re.sub(r"\d+\.\d+(e[-+]\d+)?", lambda m: f"{float(m[0]):.10g}", repr(found))


@pytest.mark.parametrize(("origin", "since"), ASKED)
@pytest.mark.parametrize("seed", [401, 402])
def test_shuffled_rows_give_the_same_answer(
    monkeypatch: pytest.MonkeyPatch, origin: str, since: str, seed: int
) -> None:
    whole = answered(origin, since)

    def in_another_order(
        work: Path, holdings: Holdings, as_of: AsOf, ask: DiversionScope
    ) -> HeldTrade:
        found = held_trade(work, holdings, as_of, ask)
        shuffled(found.path, seed)
        return replace(found, others=dict(reversed(found.others.items())))

    monkeypatch.setattr(search, "held_trade", in_another_order)
    assert answered(origin, since) == whole


@pytest.mark.parametrize(("origin", "since"), ASKED)
def test_the_stored_trade_stands_in_one_order(tmp_path: Path, origin: str, since: str) -> None:
    found = held_trade(tmp_path, Holdings(), DAY, scope(origin, since))
    rows = pq.read_table(found.path)
    keys = [(name, "ascending") for name in rows.column_names]
    assert rows.equals(rows.sort_by(keys))
    assert list(found.others) == sorted(found.others)


@pytest.mark.parametrize("day", ["2023-03-20", "2026-11-20"])
def test_the_measure_answers_from_its_own_sources_what_all_records_answer(
    tmp_path: Path, day: str
) -> None:
    spec = known_measure("trade.diversion")
    whole = Holdings()

    def stored(holdings: Holdings, name: str) -> tuple[Any, ...]:
        folder = tmp_path / name
        folder.mkdir()
        found = held_trade(folder, holdings, AsOf(day), scope(*ASKED[0]))
        return pq.read_table(found.path), found.others, found.until

    assert stored(spec.rests_on(whole), "own") == stored(whole, "all")
