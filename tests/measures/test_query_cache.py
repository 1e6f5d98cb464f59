# SPDX-License-Identifier: Apache-2.0
"""Results of queries in memory: each is what the same query gives from records just opened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from bilat.dyad import PAPER_PAIR, Dyad
from bilat.holdings import Holdings
from bilat.holdings.view import Selection
from bilat.measures import Ask, evaluation
from bilat.measures.query_cache import QueryCache, Result
from bilat.regeneration.equipment import losses
from bilat.regeneration.recovery.records import RecoveryRecords
from bilat.when import AsOf

NAMES = (
    "transfers.tiv",
    "losses.confirmed",
    "losses.share_of_stock",
    "blockade.overland",
    "exercises.count",
    "votes.ukraine",
)
FIRST, LATER = AsOf("2023-03-20"), AsOf("2026-05-20")
COUNT = "SELECT count(*) AS n FROM losses"


@pytest.fixture(autouse=True)
def nothing_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAT_CACHE", "off")


@pytest.fixture
def held() -> Iterator[Holdings]:
    found = Holdings()
    yield found
    found.close()


def at(day: AsOf, holdings: Holdings, pair: Dyad = PAPER_PAIR) -> Ask:
    return Ask(pair, day, {}, holdings)


def answer(name: str, day: AsOf, holdings: Holdings) -> tuple[Any, ...]:
    found = evaluation.ask_for(name, PAPER_PAIR, as_of=day, holdings=holdings)
    return found.to_json(), found.evidence


def test_a_result_from_memory_is_what_records_just_opened_give(held: Holdings) -> None:
    """Days drawn by lot, each asked of one object that has answered the days before."""
    draw = random.Random(52)
    for _ in range(4):
        day = AsOf(f"{draw.randint(2019, 2026)}-{draw.randint(1, 11):02}-{draw.randint(1, 28):02}")
        fresh = Holdings()
        for name in draw.sample(NAMES, 4):
            text, rows = answer(name, day, held)
            expected_text, expected_rows = answer(name, day, fresh)
            assert text == expected_text, (name, day)
            assert rows.equals(expected_rows), (name, day)
        fresh.close()


def test_other_rows_are_another_result(held: Holdings) -> None:
    """Records that lost a part answer from the rows that are left, and the whole from all."""
    part = max((p for p in held.parts if p.table == "losses"), key=lambda p: p.rows)
    others = {p.source for p in held.parts if p.table == "losses"} - {part.source}
    whole = at(LATER, held).query(COUNT)
    less = at(LATER, held.only(["losses"], {"losses": sorted(others)})).query(COUNT)
    assert whole["n"][0].as_py() > less["n"][0].as_py()
    assert at(LATER, held).query(COUNT).equals(whole)
    assert at(FIRST, held).query(COUNT)["n"][0].as_py() < whole["n"][0].as_py()


def test_the_same_rows_are_read_once_whichever_day_and_measure_asks(held: Holdings) -> None:
    sql = "SELECT * FROM losses WHERE side = ? ORDER BY ALL"
    rows = at(LATER, held).query(sql, "RUS")
    all_sources = held.only(["losses", "events"], {})
    assert isinstance(all_sources, Selection)
    assert at(LATER, all_sources).query(sql, "RUS") is rows
    assert at(LATER, held).query(sql, "UKR") is not rows
    later = AsOf("2026-05-21")
    same = held.visible(["losses"], LATER) == held.visible(["losses"], later)
    assert (at(later, held).query(sql, "RUS") is rows) == same


def test_counts_of_losses_are_made_once_of_the_same_rows(held: Holdings) -> None:
    first = losses(at(LATER, held), "oryx", "RUS")
    assert losses(at(LATER, held, Dyad("RUS", "IRN")), "oryx", "RUS") is first
    assert losses(at(LATER, held), "oryx", "UKR") is not first
    assert losses(at(FIRST, held), "oryx", "RUS") is not first


def test_a_table_that_a_measure_does_not_declare_is_refused_although_its_rows_are_known(
    held: Holdings,
) -> None:
    at(LATER, held).query(COUNT)
    selection = held.only(["events"], {})
    with pytest.raises(Exception, match="does not declare it"):
        at(LATER, selection).query(COUNT)
    source = next(p.source for p in held.parts if p.table == "losses")
    sql = f"SELECT count(*) FROM losses WHERE source <> '{source}'"
    at(LATER, held).query(sql)
    with pytest.raises(AssertionError, match="does not declare it"):
        at(LATER, held.only(["losses"], {"losses": ["no_such"]})).query(sql)


def test_a_damaged_table_is_refused_although_its_rows_are_known(
    held: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(LATER, held).query(COUNT)
    spoilt = next(p for p in held.parts if p.table == "losses")
    with monkeypatch.context() as patch:
        patch.setitem(held.__dict__, "damaged", (spoilt,))
        patch.setattr(Ask, "_run", lambda *_: pa.table({"n": [-1]}))
        assert at(LATER, held).query(COUNT)["n"].to_pylist() == [-1]
    assert at(LATER, held).query(COUNT)["n"][0].as_py() > 0


def test_results_used_longest_ago_are_forgotten_first() -> None:
    cache = QueryCache(most=10)
    for name in ("a", "b"):
        cache.add(name, Result(name, 4))
    assert cache.find("a") is not None
    cache.add("c", Result("c", 4))
    assert cache.find("b") is None
    assert [cache.find(name) for name in ("a", "c")] == [Result("a", 4), Result("c", 4)]
    assert cache.size == 8
    cache.add("huge", Result("huge", 10**9))
    assert cache.find("huge") is None


def test_published_figures_of_recovery_are_those_of_records_just_opened(held: Holdings) -> None:
    first = RecoveryRecords(held, LATER).estimates
    assert RecoveryRecords(held, LATER).estimates is first
    RecoveryRecords(held, LATER).figures([(*key, "") for key in first], "test")
    fresh = Holdings()
    for day in (FIRST, LATER):
        assert RecoveryRecords(held, day).estimates == RecoveryRecords(fresh, day).estimates
    assert RecoveryRecords(held, FIRST).estimates != first
    fresh.close()
