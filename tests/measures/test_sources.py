# SPDX-License-Identifier: Apache-2.0
"""A measure reads the tables and sources that it declares, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bilat.catalog import sources
from bilat.dyad import PAPER_PAIR
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, Measure, Pair, known_measure, measure
from bilat.measures.evaluation import ask
from bilat.measures.registry import measures, trial
from bilat.units import count
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf

DAYS = ("2022-03-21", "2023-03-20", "2026-11-30")
HEAD: dict[str, Any] = {"of": Pair, "unit": count("rows"), "reference": "none", "method": "none"}


@pytest.fixture(scope="module")
def held() -> Holdings:
    return Holdings()


@pytest.fixture
def registry() -> Iterator[None]:
    with trial():
        yield


def of_the_ledger() -> list[tuple[str, dict[str, Any]]]:
    """The measures of the ledger's tests, with the parameters of each test, each once."""
    found = {}
    for claim in ledger():
        for test in claim.tests:
            params = test.named(PAPER_PAIR.a, PAPER_PAIR.b).params
            found[test.measure, str(params)] = (test.measure, dict(params))
    return list(found.values())


def figures(spec: Measure, params: dict[str, Any], day: str, read: Holdings) -> tuple[Any, ...]:
    """What a measure answers from some records: points, note, and the places of its rows."""
    typed = spec.binding.bind(spec.typed(params), PAPER_PAIR)
    read.expect(spec.tables, AsOf(day))
    answer = spec.answer(Ask(PAPER_PAIR, AsOf(day), typed, read))
    points, rows, last = answer.finish()
    places = sorted(map(str, rows.select(["source", "locator", "point", "grp"]).to_pylist()))
    return points, answer.note, answer.intervals, answer.record_to, last, places


def test_what_a_measure_does_not_declare_changes_no_figure_of_it(held: Holdings) -> None:
    """The measures of all tests, on three days: as from all records."""
    declared = 0
    for name, params in of_the_ledger():
        spec = known_measure(name)
        if not spec.sources:
            continue
        declared += 1
        for day in DAYS:
            whole = figures(spec, params, day, held)
            own = figures(spec, params, day, spec.rests_on(held))
            assert own == whole, (name, params, day)
    assert declared > 20


def test_each_measure_of_a_test_reads_no_other_table_than_it_declares(held: Holdings) -> None:
    for name, params in of_the_ledger():
        spec = known_measure(name)
        figures(spec, params, "2023-03-20", held.only(spec.tables, spec.sources))


def test_each_declared_source_is_in_the_catalog() -> None:
    known = sources()
    for spec in map(known_measure, measures()):
        for patterns in spec.sources.values():
            for pattern in patterns:
                is_known = pattern in known
                begins = pattern.endswith("*") and any(n.startswith(pattern[:-1]) for n in known)
                assert is_known or begins, (spec.name, pattern)


def counted(ask_: Ask, sql: str) -> Answer:
    rows = ask_.rows(sql)
    out = ask_.answer()
    out.point("2026", rows.num_rows, rows=rows)
    return out


def test_a_measure_sees_no_row_of_a_source_that_it_does_not_declare(
    registry: None, held: Holdings
) -> None:
    sql = "SELECT * FROM series WHERE variable IS NOT NULL"

    @measure("test.some", title="Some", tables=["series"], sources={"series": ["gml*"]}, **HEAD)
    def some(ask: Ask) -> Answer:
        """Groups: one."""
        return counted(ask, sql)

    @measure("test.every", title="All", tables=["series"], **HEAD)
    def every(ask: Ask) -> Answer:
        """Groups: one."""
        return counted(ask, sql)

    few = ask("test.some", PAPER_PAIR, as_of="2026-11-30", holdings=held)
    many = ask("test.every", PAPER_PAIR, as_of="2026-11-30", holdings=held)
    assert {source["name"] for source in few.sources} == {"gml_disputes"}
    assert len(many.sources) > 10


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM series WHERE source = 'cow_disputes'", "source cow_disputes of series"),
        ("SELECT * FROM losses", "table losses is read"),
    ],
)
def test_what_is_not_declared_is_refused_by_name(
    registry: None, held: Holdings, sql: str, message: str
) -> None:
    @measure("test.some", title="Some", tables=["series"], sources={"series": ["gml*"]}, **HEAD)
    def some(ask: Ask) -> Answer:
        """Groups: one."""
        return counted(ask, sql)

    with pytest.raises(Exception, match=message):
        ask("test.some", PAPER_PAIR, as_of="2026-11-30", holdings=held)


def test_sources_of_a_table_that_is_not_read_are_refused(registry: None) -> None:
    with pytest.raises(AssertionError, match="sources of votes, which it does not read"):

        @measure("test.some", title="Some", tables=["series"], sources={"votes": ["x"]}, **HEAD)
        def some(ask: Ask) -> Answer:
            """Groups: one."""
            return ask.answer()
