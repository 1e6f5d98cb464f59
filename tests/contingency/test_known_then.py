# SPDX-License-Identifier: Apache-2.0
"""Nothing known later shows, and the embedded figures are those of the whole sources."""

import re

import pytest

from bilat.holdings import Holdings
from bilat.measures import ask, measures
from bilat.when import AsOf

ROOMS = ("bilat.regeneration", "bilat.contingency")
MINE = sorted(n for n, m in measures().items() if m.function.__module__.startswith(ROOMS))


#: Every measure as it is, and with the parameters that take another way through it.
ASKED: list[tuple[str, dict[str, str]]] = [
    *((n, {}) for n in MINE),
    ("losses.confirmed", {"date": "2022-03-01"}),
    ("losses.share_of_stock", {"date": "2022-02-28"}),
    ("energy.crude", {"unit": "Mt"}),
    ("blockade.overland", {"close": "malacca,lombok,sunda,australia"}),
    ("exposure.break_even", {"coalition": "USA,DEU"}),
]
EACH = pytest.mark.parametrize(
    ("name", "params"), ASKED, ids=[n + "".join(f"-{v}" for v in p.values()) for n, p in ASKED]
)


@EACH
def test_no_words_of_a_row_speak_of_a_later_year(
    name: str, params: dict[str, str], whole: Holdings
) -> None:
    for date in ("2023-03-20", "2024-02-29"):
        for r in ask(name, as_of=date, holdings=whole, **params).rows():
            for column in ("note", "figure", "originator", "url", "grp", "when_text", "item"):
                years = [
                    int(y) for y in re.findall(r"(?<!\d)20[2-4]\d(?!\d)", str(r.get(column) or ""))
                ]
                assert all(y <= int(date[:4]) for y in years), (column, r[column])


@pytest.mark.shared
@pytest.mark.parametrize("date", ["2023-03-20", ""])
@EACH
def test_the_embedded_figures_are_those_of_the_whole_sources(
    name: str, params: dict[str, str], date: str, whole: Holdings, embedded: Holdings
) -> None:
    when = AsOf(date or None)
    full, thin = (ask(name, as_of=when, holdings=h, **params) for h in (whole, embedded))
    assert full.points == thin.points and full.note == thin.note


def test_the_embedded_set_is_small(embedded: Holdings) -> None:
    assert sum(p.path.stat().st_size for p in embedded.parts) < 600_000


@EACH
def test_the_order_of_the_two_states_changes_nothing(
    name: str, params: dict[str, str], whole: Holdings
) -> None:
    one, other = (
        ask(name, pair, holdings=whole, **params) for pair in (("RUS", "CHN"), ("CHN", "RUS"))
    )
    assert one.points == other.points
