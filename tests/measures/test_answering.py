# SPDX-License-Identifier: Apache-2.0
"""The builder owns what follows from the rows behind a point: marks, open periods, the last day spoken of."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, Measurement, Pair, ask, measure
from bilat.measures.answer import LINEAGE, is_open
from bilat.measures.registry import trial
from bilat.statistics import ConfidenceInterval
from bilat.units import percent
from bilat.when import AsOf


def row(
    period: str = "2020", later: bool = False, known: str = "2021-03-01", **more: Any
) -> dict[str, Any]:
    day = dt.date.fromisoformat(known)
    return {
        "period": period,
        "locator": "line 1",
        "known_on": day,
        "known_basis": "published",
        "source": "sipri_register",
        "snapshot": "0" * 64,
        "vintage": day,
        "revised_later": later,
        **more,
    }


def rows(*given: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(given), LINEAGE)


Build = Callable[[Callable[[Ask], Answer]], Measurement]


@pytest.fixture
def answered() -> Iterator[Build]:
    holdings = Holdings()

    def build(function: Callable[[Ask], Answer]) -> Measurement:
        measure(
            "test.made",
            of=Pair,
            title="Made",
            unit=percent(),
            tables=[],
            reference="none",
            method="made",
        )(function)
        return ask("test.made", Dyad("RUS", "CHN"), as_of="2021-06-30", holdings=holdings)

    with trial():
        yield build


def test_a_point_names_the_rows_behind_it(answered: Build) -> None:
    def made(ask: Ask) -> Answer:
        out = ask.answer()
        out.point(
            2020,
            ConfidenceInterval(0.5, 0.25, 0.75),
            group="RUS>CHN",
            rows=rows(row(), row()),
            scale=100,
        )
        out.point("2019", 3, rows=rows(row("2019")), kind="reported", note="two of three")
        return out

    m = answered(made)
    assert [(p.period, p.group, p.value, p.low, p.high) for p in m.points] == [
        ("2020", "RUS>CHN", 50.0, 25.0, 75.0),
        ("2019", "", 3.0, None, None),
    ]
    assert len(m.rows("2020", "RUS>CHN")) == 2
    assert len(m.rows("2019", "")) == 1
    assert m.data_to == dt.date(2020, 12, 31)
    assert m.to_json()["data_to"] == "2020-12-31"


def test_a_row_of_a_later_edition_marks_its_point_and_no_other(answered: Build) -> None:
    def made(ask: Ask) -> Answer:
        out = ask.answer(rows(row(later=True, point="2020", grp="a"), row(point="2020", grp="b")))
        out.point("2020", 1, group="a", note="counted")
        out.point("2020", 1, group="b")
        return out

    a, b = answered(made).points
    assert (a.revised, a.note) == (True, "counted; revised later")
    assert (b.revised, b.note) == (False, "")


def test_many_points_at_once(answered: Build) -> None:
    given = [
        row(str(y), later=y == 2020, point=str(y), grp=g)
        for y in (2019, 2020)
        for g in ("b", None, "b")
    ]

    def made(ask: Ask) -> Answer:
        out = ask.answer()
        out.each(
            rows(*given),
            "count(*)",
            low="min(2)",
            kind="reported",
            note="'n=' || count(*)",
            scale=10,
        )
        return out

    m = answered(made)
    assert [(p.period, p.group, p.value, p.low, p.note, p.revised) for p in m.points] == [
        ("2019", "b", 20.0, 20.0, "n=2", False),
        ("2020", "b", 20.0, 20.0, "n=2; revised later", True),
        ("2019", "", 10.0, 20.0, "n=1", False),
        ("2020", "", 10.0, 20.0, "n=1; revised later", True),
    ]
    assert m.evidence.num_rows == 6


def test_a_point_without_a_row_is_refused_unless_it_is_an_absence(answered: Build) -> None:
    def unfounded(ask: Ask) -> Answer:
        out = ask.answer()
        out.point("2020", 1, group="a")
        return out

    with pytest.raises(AssertionError, match="no row is behind the point 2020 a"):
        answered(unfounded)

    def absent(ask: Ask) -> Answer:
        out = ask.answer()
        out.absent("2020", note="none in the register")
        return out

    m = answered(absent)
    assert [(p.value, p.note, p.revised) for p in m.points] == [
        (0.0, "none in the register", False)
    ]


def test_rows_without_provenance_are_refused(answered: Build) -> None:
    def made(ask: Ask) -> Answer:
        out = ask.answer()
        out.point("2020", 1, rows=rows(row()).drop_columns(["revised_later"]))
        return out

    with pytest.raises(AssertionError, match="must carry revised_later"):
        answered(made)


def test_an_empty_answer_says_why_and_has_the_columns_of_rows(answered: Build) -> None:
    m = answered(lambda ask: ask.answer(note="no census").missing("nothing is held"))
    assert (m.points, m.note, m.rows(), m.sources, m.data_to) == (
        (),
        "nothing is held; no census",
        [],
        [],
        None,
    )
    assert {"point", "grp", "known_on"} <= set(m.evidence.column_names)


@pytest.mark.parametrize(
    ("period", "known", "last"),
    [
        ("2020", "2021-03-01", "2020-12-31"),
        ("2021", "2021-05-20", "2021-05-20"),
        ("2021-02", "2021-05-20", "2021-02-28"),
    ],
)
def test_rows_speak_of_no_day_after_the_one_they_were_known_on(
    answered: Build, period: str, known: str, last: str
) -> None:
    def made(ask: Ask) -> Answer:
        out = ask.answer()
        out.point(period, 1, rows=rows(row(period, known=known)))
        return out

    assert str(answered(made).data_to) == last


@pytest.mark.parametrize(
    ("period", "is_it"),
    [
        ("2020", False),
        ("2021", True),
        ("2021-06", False),
        ("2021-07", True),
        ("2021-06-30", False),
        ("2014-2021", True),
        ("2014-2020", False),
        ("2019-01..2021-06", False),
        ("session 75", False),
    ],
)
def test_a_period_that_is_not_over_is_open(period: str, is_it: bool) -> None:
    assert is_open(period, AsOf("2021-06-30")) is is_it


def test_a_measurement_becomes_a_file_and_a_table_of_others(tmp_path: Path) -> None:
    m = ask("votes.agreement")
    columns = m.to_arrow().column_names
    written = pyarrow.csv.read_csv(m.to_csv(tmp_path / "m.csv"))
    assert written.column_names == columns and written.num_rows == len(m.points)
    stored = pq.read_table(m.to_parquet(tmp_path / "m.parquet"))
    assert stored.to_pylist() == m.to_arrow().to_pylist()
    assert stored.schema.metadata[b"citation"].decode() == m.cite()
    with pytest.raises(DataError, match="nowhere"):
        m.to_csv(tmp_path / "nowhere" / "m.csv")


def test_without_polars_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(UsageError, match="pip install polars"):
        ask("votes.agreement").to_polars()


@pytest.mark.parametrize(("skip_flat", "bounds"), [(False, (2.0, 2.0)), (True, (None, None))])
def test_bounds_that_are_one_figure_are_left_out_on_demand(
    answered: Build, skip_flat: bool, bounds: tuple[float | None, float | None]
) -> None:
    def made(ask: Ask) -> Answer:
        out = ask.answer()
        given = rows(row(point="2020", grp="a"))
        out.each(given, "count(*)", low="min(2)", high="max(2)", skip_flat=skip_flat)
        return out

    (point,) = answered(made).points
    assert (point.low, point.high) == bounds


def test_figures_that_conflict_are_their_middle_with_their_range(answered: Build) -> None:
    def made(ask: Ask) -> Answer:
        figures = (("2019", 4.0), ("2019", 10.0), ("2020", 3.0))
        found = rows(*(row(period, point=period, grp="all") for period, _ in figures))
        found = found.append_column("value", pa.array([value for _, value in figures]))
        found = found.append_column("when_text", pa.array(["H1 2019", "H1 2019", "2020"]))
        out = ask.answer()
        out.published(found)
        return out

    conflict, single = answered(made).points
    assert (conflict.value, conflict.low, conflict.high) == (7.0, 4.0, 10.0)
    assert conflict.note == "H1 2019; 2 figures, middle of the band shown"
    assert (single.value, single.low, single.high, single.note) == (3.0, None, None, "")


def test_the_page_of_a_measurement_asks_for_it_without_its_defaults() -> None:
    def made(ask: Ask, shade: str = "plain", most: int = 3) -> Answer:
        """Groups: none.

        shade: how dark
        most: how many
        """
        return ask.answer().missing(f"nothing {shade} of {most}")

    with trial():
        measure(
            "test.shaded",
            of=Pair,
            title="Made",
            unit=percent(),
            tables=[],
            reference="none",
            method="made",
        )(made)
        plain = ask("test.shaded", Dyad("RUS", "CHN"), holdings=Holdings())
        dark = ask("test.shaded", Dyad("RUS", "CHN"), holdings=Holdings(), shade="dark")
        pages = [plain.document().question, dark.document().question]
    assert [page.param for page in pages] == [(), ("shade=dark",)]
