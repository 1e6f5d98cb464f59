# SPDX-License-Identifier: Apache-2.0
"""Answers that are kept: they are what the measure answers now, and a new row, date or version is never missed."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bilat.dyad import Dyad
from bilat.files import cache as places
from bilat.holdings import Holdings
from bilat.measures import (
    Ask,
    Measurement,
    ask,
    ask_for,
    evaluation,
    measure_named,
    measures,
    query_cache,
)
from bilat.measures.answer_cache import cached_answer
from bilat.when import AsOf

PAIR = Dyad("RUS", "CHN")
#: Of each room that has quick measures: what reads the date, what reads all that is held, what reads rows alone.
NAMES = (
    "transfers.tiv",
    "votes.agreement",
    "votes.ukraine",
    "exercises.count",
    "regime.constraints",
    "energy.gas",
    "losses.confirmed",
    "trade.basket_share",
    "meetings.leaders",
    "transfers.partner_share",
)


@pytest.fixture(scope="module")
def held() -> Iterator[Holdings]:
    found = Holdings()
    yield found
    found.close()


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The measures that were run, in order; what is kept lies in a folder of the test."""
    monkeypatch.setenv("BILAT_CACHE", str(tmp_path))
    ran: list[str] = []
    run = evaluation._run

    def counted(spec: Any, *given: Any) -> Any:
        ran.append(spec.name)
        return run(spec, *given)

    monkeypatch.setattr(evaluation, "_run", counted)
    return ran


def again(name: str, held: Holdings, as_of: str, **params: Any) -> Measurement:
    """Asked as another process asks: nothing is in memory."""
    evaluation._ANSWERS.pop(held, None)
    query_cache._CACHES.pop(held, None)
    return ask_for(name, PAIR, as_of=as_of, holdings=held, **params)


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_answer_is_what_the_measure_answers(
    name: str, held: Holdings, runs: list[str]
) -> None:
    first = again(name, held, "2026-10-02")
    second = again(name, held, "2026-10-02")
    assert runs == [name]
    fresh = without_cache(name, held, AsOf("2026-10-02"))
    for found in (first, second):
        assert found.to_json() == fresh.to_json()
        assert found.rows() == fresh.rows()
        assert found.evidence.schema.equals(fresh.evidence.schema)


def test_a_day_without_a_new_row_needs_no_new_answer_and_a_year_that_ends_is_no_longer_open(
    held: Holdings, runs: list[str]
) -> None:
    """``transfers.by_category`` never reads the date."""
    tables = measure_named("transfers.by_category").tables  # type: ignore[union-attr]
    days = [
        AsOf(f"{y}-{m:02}-{d:02}") for y in range(2019, 2026) for m in range(1, 13) for d in (3, 17)
    ]
    twins = [
        (a, b)
        for a, b in itertools.pairwise(days)
        if held.visible(tables, a) == held.visible(tables, b) and a.date.year < b.date.year
    ]
    assert twins, "no two days of two years see the same rows: choose another table"
    for before, after in twins:
        old, new = (
            again("transfers.by_category", held, str(before)),
            again("transfers.by_category", held, str(after)),
        )
        assert new.to_json() == without_cache("transfers.by_category", held, after).to_json()
        assert old.to_json() == without_cache("transfers.by_category", held, before).to_json()
    assert len(runs) == len(twins) * 3


def without_cache(name: str, held: Holdings, as_of: AsOf) -> Measurement:
    """Asked with nothing in memory and nothing kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "cached_answer", lambda *_: None)
        return again(name, held, str(as_of))


def test_what_reads_the_date_is_asked_again_on_another_date(
    held: Holdings, runs: list[str]
) -> None:
    tables = measure_named("dependence.substitution").tables  # type: ignore[union-attr]
    a, b = "2026-11-25", "2026-11-26"
    same = held.visible(tables, AsOf(a)) == held.visible(tables, AsOf(b))
    again("dependence.substitution", held, a), again("dependence.substitution", held, b)
    assert same
    assert len(runs) == 2


def test_another_date_parameter_pair_or_set_of_rows_is_another_answer(
    held: Holdings, runs: list[str], holdings: Any
) -> None:
    again("transfers.tiv", held, "2026-10-02")
    again("transfers.tiv", held, "2020-01-02")
    again("transfers.partner_share", held, "2026-10-02")
    again("transfers.partner_share", held, "2026-10-02", window=3)
    evaluation._ANSWERS.pop(held, None)
    ask("transfers.tiv", ("IND", "RUS"), as_of="2026-10-02", holdings=held)
    again("transfers.tiv", holdings(["sipri_register"], embedded=True), "2026-10-02")
    assert len(runs) == 6


def test_another_version_of_the_code_keeps_its_own_answers_and_old_versions_are_forgotten(
    held: Holdings, runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, name in enumerate(("one", "two", "three")):
        monkeypatch.setattr(places, "code_digest", lambda name=name: name)
        again("transfers.tiv", held, "2026-10-02")
        root = tmp_path / "bilat" / "kept"
        os.utime(root / name, (n, n))
    assert len(runs) == 3
    assert sorted(p.name for p in root.iterdir()) == ["three", "two"]


def test_a_damaged_answer_is_made_again(held: Holdings, runs: list[str], tmp_path: Path) -> None:
    again("transfers.tiv", held, "2026-10-02")
    (place,) = tmp_path.rglob("*.arrow")
    place.write_bytes(place.read_bytes()[:200])
    again("transfers.tiv", held, "2026-10-02")
    place.write_bytes(b"")
    again("transfers.tiv", held, "2026-10-02")
    again("transfers.tiv", held, "2026-10-02")
    assert len(runs) == 3


def test_nothing_is_kept_where_that_is_asked_or_cannot_be(
    held: Holdings, runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILAT_CACHE", "off")
    again("transfers.tiv", held, "2026-10-02")
    again("transfers.tiv", held, "2026-10-02")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("BILAT_CACHE", str(tmp_path / "file"))
    again("transfers.tiv", held, "2026-10-02")
    monkeypatch.setattr("bilat.files.cache.folder", lambda _: tmp_path / "removed meanwhile")
    again("transfers.tiv", held, "2026-10-02")
    assert len(runs) == 4
    assert not list(tmp_path.rglob("*.arrow"))


def test_a_measure_of_ones_own_is_not_kept(held: Holdings) -> None:
    from dataclasses import replace

    spec = measure_named("transfers.tiv")
    assert spec is not None

    def own(ask: Any) -> Any:
        return spec.function(ask)

    mine = replace(spec, function=own)
    assert cached_answer(mine, PAIR, AsOf("2026-10-02"), {}, held) is None


def test_a_kept_period_is_open_until_it_is_over(held: Holdings) -> None:
    spec = measure_named("transfers.tiv")
    assert spec is not None
    found = evaluation._run(spec, PAIR, AsOf("2026-10-02"), spec.typed({}), held)[0]
    last = max(p.period for p in found.points)
    within = found.points_of(AsOf(f"{last}-06-30"))
    assert {p.period for p in within if p.open} == {last}
    assert not any(p.open for p in found.points_of(AsOf("2026-10-02")))


@pytest.mark.parametrize("name", sorted(measures()))
def test_a_measure_reads_no_table_that_it_does_not_declare(
    name: str, held: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a new row of that table would leave an older answer standing."""
    whole, read = Ask.query, set[str]()

    def query(self: Ask, sql: str, *values: Any, **tables: pa.Table) -> pa.Table:
        connection = self._holdings.connect(self._as_of).connection
        read.update(connection.get_table_names(sql.replace("?", "NULL")) - set(tables))
        return whole(self, sql, *values, **tables)

    monkeypatch.setattr(Ask, "query", query)
    ask_for(name, PAIR, holdings=held, as_of="2026-11-24")
    assert read <= set(measures()[name].tables)
