# SPDX-License-Identifier: Apache-2.0
"""Nothing known later is in an answer, every point has its rows, and full and embedded holdings agree."""

import datetime as dt

import pytest

from bilat.holdings import Holdings
from bilat.measures import ask

CASES: list[tuple[str, dict[str, str]]] = [
    ("trade.exports", dict(reporter="DEU", partner="KGZ", by="window", period="2023-01..2023-10")),
    ("trade.exports", dict(reporter="ARM", partner="RUS,FRA,ARE")),
    ("trade.exports", dict(reporter="ARM", partner="RUS", by="month")),
    ("trade.exports", dict(reporter="RUS", partner="DEU,CHN")),
    ("trade.exports", dict(reporter="EU27", partner="TUR,CHN,KGZ")),
    ("trade.exports", dict(reporter="", partner="")),
    ("trade.exports", dict(reporter="CHN", partner="RUS", side="importer")),
    ("trade.mirror_gap", dict(exporter="EU27,DEU", importer="KGZ,ARM")),
    ("trade.mirror_gap", dict(exporter="CHN", importer="RUS")),
    ("trade.sanctioned_basket", {}),
    ("trade.sanctioned_basket", dict(reporter="DEU")),
    ("trade.basket_exports", {}),
    ("trade.basket_share", {}),
    ("trade.exports", dict(reporter="CHN,USA", partner="RUS", by="month")),
]
DATES = [None, "2023-03-20", "2022-01-31", "2021-02-20"]


@pytest.mark.shared
@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize(("name", "params"), CASES)
def test_embedded_and_full_holdings_agree(
    full: Holdings, embedded: Holdings, name: str, params: dict[str, str], as_of: str | None
) -> None:
    a, b = (ask(name, holdings=h, as_of=as_of, **params) for h in (full, embedded))
    assert [(p.period, p.group, p.kind, p.note) for p in a.points] == [
        (p.period, p.group, p.kind, p.note) for p in b.points
    ]
    for p, q in zip(a.points, b.points, strict=True):
        assert (p.value, p.low, p.high) == tuple(
            None if v is None else pytest.approx(v) for v in (q.value, q.low, q.high)
        )


@pytest.mark.parametrize("as_of", DATES[1:])
@pytest.mark.parametrize(("name", "params"), CASES)
def test_nothing_known_later_is_in_the_answer(
    embedded: Holdings, name: str, params: dict[str, str], as_of: str
) -> None:
    m = ask(name, holdings=embedded, as_of=as_of, **params)
    day = dt.date.fromisoformat(as_of)
    assert all(k <= day for k in m.evidence["known_on"].to_pylist())
    assert all(p <= as_of for p in m.evidence["period"].to_pylist())
    assert all(p.period[-7:] <= as_of for p in m.points)


@pytest.mark.parametrize(("name", "params"), CASES)
def test_every_point_has_rows_of_a_real_snapshot(
    embedded: Holdings, name: str, params: dict[str, str]
) -> None:
    m = ask(name, holdings=embedded, **params)
    behind = set(zip(m.evidence["point"].to_pylist(), m.evidence["grp"].to_pylist(), strict=True))
    assert m.points and {(p.period, p.group) for p in m.points} <= behind
    held = {e["sha256"] for e in embedded.entries()}
    assert set(m.evidence["snapshot"].to_pylist()) <= held
    assert all(m.evidence["locator"].to_pylist())


def test_what_the_papers_authors_could_know(embedded: Holdings) -> None:
    """In March 2023: the Union's 2022, November 2022 of the basket, no Kyrgyz 2022, the baskets to 2020."""
    at = "2023-03-20"
    annual = ask("trade.exports", holdings=embedded, as_of=at, reporter="EU27", partner="KGZ")
    assert annual.points[-1].period == "2022" and "revised later" in annual.points[-1].note
    basket = ask("trade.sanctioned_basket", holdings=embedded, as_of=at, partner="KGZ")
    assert basket.points[-1].period == "2022-11" and basket.points[-2].note == ""
    mirror = ask("trade.mirror_gap", holdings=embedded, as_of=at, exporter="DEU", importer="KGZ")
    assert max(p.period for p in mirror.points) == "2021"
    chips = ask("trade.basket_exports", holdings=embedded, as_of=at)
    assert max(p.period for p in chips.points) == "2020"
