# SPDX-License-Identifier: Apache-2.0
"""The answers are those on record. A change that is meant: ``python tests/record/make.py``, and the CHANGELOG."""

import copy
import datetime
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import record_of_answers as record
from record_of_answers import NOW, PARTS, THEN, Answer

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.when import AsOf


@pytest.fixture(scope="module", autouse=True)
def clock() -> Iterator[None]:
    with record.clock_not_before(NOW):
        yield


@pytest.fixture(scope="module")
def holdings() -> Holdings:
    return record.embedded_holdings()


@pytest.fixture(scope="module")
def kept() -> dict[str, Answer]:
    return record.recorded(PARTS["embedded"])


def agree(kept: dict[str, Answer], now: Iterable[Answer], kind: str) -> None:
    """Fails with the first ten differences. ``kind`` is how the ids of these answers begin and end."""
    answers = list(now)
    begins, _, ends = kind.partition("*")
    on_record = {name for name in kept if name.startswith(begins) and name.endswith(ends)}
    lines = list(record.compare(kept, answers))
    lines += [f"{name}: is gone" for name in sorted(on_record - {a["id"] for a in answers})]
    first = "\n".join(lines[:10])
    assert not lines, (
        f"{len(lines)} differences from the record; if they are meant: python tests/record/make.py\n{first}"
    )
    assert answers


def test_what_is_held_is_on_record(kept: dict[str, Answer], holdings: Holdings) -> None:
    agree(kept, record.held(holdings), "holdings*")


@pytest.mark.parametrize("as_of", [THEN, NOW])
def test_every_measure_answers_as_on_record(
    kept: dict[str, Answer], holdings: Holdings, as_of: str
) -> None:
    agree(kept, record.measured(as_of, holdings), f"measure *{as_of}")


@pytest.mark.parametrize("as_of", [THEN, NOW])
def test_every_claim_is_judged_as_on_record(
    kept: dict[str, Answer], holdings: Holdings, as_of: str
) -> None:
    agree(kept, record.judged(as_of, holdings), f"claim *{as_of}")


def test_diversion_is_as_on_record(kept: dict[str, Answer], holdings: Holdings) -> None:
    agree(kept, record.diverted(holdings), "divert *")


def test_screening_is_as_on_record(kept: dict[str, Answer], holdings: Holdings) -> None:
    agree(kept, record.screened(holdings), "screen *")


@pytest.mark.parametrize("as_of", [THEN, NOW])
def test_every_plan_is_as_on_record(
    kept: dict[str, Answer], holdings: Holdings, as_of: str
) -> None:
    agree(kept, record.planned(as_of, holdings), f"plan *{as_of}")


@pytest.mark.parametrize("as_of", [THEN, NOW])
def test_first_pages_are_as_on_record(
    kept: dict[str, Answer], holdings: Holdings, as_of: str
) -> None:
    agree(kept, record.paged(as_of, holdings), f"page *{as_of}")


def test_the_watch_is_as_on_record(kept: dict[str, Answer], holdings: Holdings) -> None:
    agree(kept, record.watched(holdings), "watch *")


def test_ownership_is_as_on_record(kept: dict[str, Answer], holdings: Holdings) -> None:
    agree(kept, record.owned(holdings), "owners *")


@pytest.mark.shared
def test_diversion_of_a_benchmark_is_as_on_record(shared: Path) -> None:
    agree(record.recorded(PARTS["shared"]), record.diverted_shared(shared), "divert *")


@pytest.mark.shared
def test_screening_of_a_benchmark_is_as_on_record(
    shared: Path, holdings: Holdings, tmp_path: Path
) -> None:
    agree(
        record.recorded(PARTS["shared"]),
        record.screened_shared(shared, holdings, tmp_path),
        "screen *",
    )


def test_the_readable_index_is_that_of_the_record() -> None:
    assert json.loads(record.INDEX.read_text("utf-8")) == record.index()


# -- the comparison itself -----------------------------------------------------------------------------------

ONE: Answer = {
    "id": "measure a.b as of 2023-03-20",
    "fields": {"unit": "USD", "sources": ["x"]},
    "key": ["period", "group"],
    "columns": ["period", "group", "value", "low", "revised"],
    "rows": [["2020", "RUS>CHN", 1.5, None, True], ["2021", "RUS>CHN", 2.0, 1.0, False]],
}


def changed(**how: object) -> list[str]:
    other = copy.deepcopy(ONE)
    other["fields"] |= how.get("fields", {})
    for (row, column), value in how.get("cells", {}).items():  # type: ignore[attr-defined]
        other["rows"][row][column] = value
    return list(record.differences(ONE, other))


def test_an_equal_answer_differs_in_nothing_and_a_rounding_error_is_none() -> None:
    assert changed() == []
    assert changed(cells={(0, 2): 1.5 + 1e-12}) == []


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ({"cells": {(0, 2): 1.50001}}, "2020 RUS>CHN: value: 1.5 -> 1.50001"),
        ({"cells": {(0, 2): None}}, "2020 RUS>CHN: value: 1.5 -> None"),
        ({"cells": {(0, 3): 0.0}}, "2020 RUS>CHN: low: None -> 0.0"),
        ({"cells": {(0, 4): False}}, "2020 RUS>CHN: revised: True -> False"),
        ({"fields": {"unit": "EUR"}}, "unit: 'USD' -> 'EUR'"),
        ({"fields": {"sources": []}}, "sources: ['x'] -> []"),
    ],
)
def test_a_difference_names_row_and_field(how: dict[str, object], line: str) -> None:
    assert changed(**how) == [f"measure a.b as of 2023-03-20: {line}"]


def test_a_row_lost_added_or_moved_is_a_difference() -> None:
    lost = {**ONE, "rows": ONE["rows"][:1]}
    assert [x.split(": ", 1)[1] for x in record.differences(ONE, lost)] == ["2021 RUS>CHN: is gone"]
    assert [x.split(": ", 1)[1] for x in record.differences(lost, ONE)] == ["2021 RUS>CHN: is new"]
    moved = {**ONE, "rows": ONE["rows"][::-1]}
    assert [x.split(": ", 1)[1] for x in record.differences(ONE, moved)] == [
        "rows come in another order"
    ]
    assert list(record.compare({}, [ONE])) == ["measure a.b as of 2023-03-20: is new"]


def test_the_record_is_the_same_bytes_whenever_it_is_written(tmp_path: Path) -> None:
    for name in ("a", "b"):
        record.write([ONE], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert record.recorded(tmp_path / "a") == {ONE["id"]: ONE}


def test_a_clock_that_is_behind_does_not_spoil_the_comparison() -> None:
    ahead = (datetime.date.today() + datetime.timedelta(days=400)).isoformat()
    with pytest.raises(UsageError, match="future"):
        AsOf(ahead)
    with record.clock_not_before(ahead):
        assert AsOf(ahead) and AsOf(datetime.date(2020, 1, 1)) and AsOf("2020-01-01")
    with pytest.raises(UsageError, match="future"):
        AsOf(ahead)
