# SPDX-License-Identifier: Apache-2.0
"""Nothing known later shows, and the embedded figures are those of the whole sources."""

import re
from collections.abc import Callable

import pytest

from bilat.dyad import AsOf
from bilat.holdings import Holdings
from bilat.measures import ask, measures

ROOMS = ("bilat.regeneration", "bilat.contingency")
MINE = sorted(n for n, m in measures().items() if m.function.__module__.startswith(ROOMS))
DATES = ("2022-03-01", "2022-12-15", "2023-03-20", "2024-02-29", "2025-03-31")


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("name", MINE)
def test_no_row_or_point_is_later_than_the_as_of_date(name: str, date: str, whole: Holdings) -> None:
    m = ask(name, as_of=date, holdings=whole)
    for r in m.rows():
        assert r["known_on"] <= date, r
        assert r["period"] <= date, r
    for p in m.points:
        assert p.period <= date, p


@pytest.mark.parametrize("name", MINE)
def test_no_words_of_a_row_speak_of_a_later_year(name: str, whole: Holdings) -> None:
    for date in ("2023-03-20", "2024-02-29"):
        for r in ask(name, as_of=date, holdings=whole).rows():
            for column in ("note", "figure", "originator", "url", "grp", "when_text", "item"):
                years = [int(y) for y in re.findall(r"(?<!\d)20[2-4]\d(?!\d)", str(r.get(column) or ""))]
                assert all(y <= int(date[:4]) for y in years), (column, r[column])


@pytest.mark.parametrize("name", MINE)
def test_every_point_has_rows(name: str, whole: Holdings) -> None:
    m = ask(name, holdings=whole)
    fed = {(r["point"], r["grp"]) for r in m.rows()}
    assert all((p.period, p.group) in fed for p in m.points)
    assert fed <= {(p.period, p.group) for p in m.points}


@pytest.mark.parametrize("date", ["2023-03-20", ""])
@pytest.mark.parametrize("name", MINE)
def test_the_embedded_figures_are_those_of_the_whole_sources(
    name: str, date: str, whole: Holdings, embedded: Holdings
) -> None:
    when = AsOf(date or None)
    full, thin = (ask(name, as_of=when, holdings=h) for h in (whole, embedded))
    assert full.points == thin.points and full.note == thin.note


def test_the_embedded_set_is_small(size_of_embedded: Callable[[], int]) -> None:
    assert size_of_embedded() < 600_000
