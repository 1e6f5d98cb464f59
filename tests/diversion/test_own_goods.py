# SPDX-License-Identifier: Apache-2.0
"""A maker that sells its own goods in place of lost ones is told from a conduit: made-up figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from bilat.diversion.answer import Diversion, OwnGoods, Route
from bilat.diversion.estimate import HUB_EFFECTS
from bilat.diversion.headline import headline
from bilat.diversion.judge import Judged, _capped
from bilat.diversion.likely_amounts import _chance, likely_by_hub
from bilat.diversion.own_goods import LostGoods, own_shares, without_own_goods
from bilat.diversion.pairs import Screened, running_q
from bilat.diversion.search import divert

ORIGINS = ("DEU", "ITA", "JPN")
GOODS = [f"8479{n}" for n in range(10, 50)]
MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2024) for month in range(1, 13)]
MAKER, CONDUIT, CALM = range(3)


def lost_goods(each: int = 30) -> LostGoods:
    """Three hubs: sales of two surge, the conduit's in every third good, with its purchases."""
    third = np.arange(each) % 3 == 0
    return LostGoods(
        hub=np.repeat([MAKER, CONDUIT, CALM], each),
        both=np.concatenate([[2.7] * each, np.where(third, 7.0, -1.2), [-1.2] * each]),
        sales=np.concatenate([[3.0] * each, np.where(third, 3.0, -0.6), [-0.6] * each]),
    )


def weights(lost: LostGoods) -> np.ndarray:  # type: ignore[type-arg]
    routes = 1 / (1 + np.exp(3.0 - np.add.outer(HUB_EFFECTS, np.zeros(len(lost.hub)))))
    return own_shares(lost, routes, -0.5 * HUB_EFFECTS**2, 4)


def test_a_hub_whose_sales_surge_without_purchases_is_a_maker() -> None:
    of_no_goods = weights(lost_goods())
    assert of_no_goods[0, MAKER] < 0.01
    assert of_no_goods[0, CONDUIT] > 0.9 and of_no_goods[0, CALM] > 0.9
    assert of_no_goods.sum(axis=0) == pytest.approx(np.ones(4))


def test_one_good_makes_no_maker() -> None:
    few = weights(lost_goods(1))
    assert few[0, MAKER] > 0.5  # most hubs are none, and a single good says little


def test_a_maker_s_sales_are_no_evidence_and_a_conduit_s_are() -> None:
    lost = lost_goods()
    found = without_own_goods(lost, weights(lost))
    assert found[lost.hub == MAKER].max() < 0.5
    routes = (lost.hub == CONDUIT) & (lost.both > 0)
    assert found[routes].min() > 6.5
    assert found[lost.hub == CALM] == pytest.approx(np.full(30, -1.2), abs=0.05)


def trade(path: Path) -> Path:
    """Sales to Russia of forty goods end. China sells its own instead, Kyrgyzstan buys and sells."""
    rng = np.random.default_rng(5)
    lines = ["reporter,partner,product,period,flow,value"]

    def put(seller: str, buyer: str, good: str, month: str, mean: float) -> None:
        value = mean * rng.lognormal(0, 0.3)
        lines.append(f"{seller},{buyer},{good},{month},X,{value:.0f}")

    others = ("GEO", "UZB", "SRB", "EGY", "THA", "MAR", "CHL", "ARM", "AZE", "TUR")
    size = {seller: 4e3 * 2.2**n for n, seller in enumerate(others)}
    for place, good in enumerate(GOODS):
        for month in MONTHS:
            since = month >= "2022-03"
            banned = place < 30
            lost = since and banned
            route = lost and place < 12
            for origin in ORIGINS:
                put(origin, "RUS", good, month, 5e4 if lost else 1e6)
                put(origin, "CHN", good, month, 1e6)
                put(origin, "KGZ", good, month, 6e4 + 1e5 * route)
                for other in others:
                    put(origin, other, good, month, 1e5)
            put("CHN", "RUS", good, month, 1.5e6 if lost else 2e5)
            put("KGZ", "RUS", good, month, 1e4 + 3.3e5 * route)
            for market in ("UZB", "GEO", "CHL"):
                put("CHN", market, good, month, 4e5)
            for other in others:
                put(other, "RUS", good, month, size[other])
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diversion:
    path = trade(tmp_path_factory.mktemp("own") / "trade.csv")
    return divert([path], origin=",".join(ORIGINS), only_file=True, cases=0)


def test_a_maker_is_not_named_and_its_sales_are_explained(found: Diversion) -> None:
    assert found.named == ("KGZ",)
    own = {hub.hub: hub.likely.own for hub in found.hubs if hub.likely}
    assert own["KGZ"] is None
    assert own["CHN"] is not None and own["CHN"].sold > 1e8 > own["CHN"].bought
    _, (_, second) = headline(found)
    assert "China sold Russia" in second and "its own goods or those of others" in second


def test_a_rise_of_own_goods_alone_titles_no_route(found: Diversion) -> None:
    china = next(hub for hub in found.hubs if hub.hub == "CHN")
    assert china.likely is not None and found.carried is not None
    alone = replace(
        found,
        hubs=(replace(china, likely=replace(china.likely, own=OwnGoods(7e8, -1e6))),),
        rows=(),
        carried=replace(found.carried, named=()),
    )
    title, _ = headline(alone)
    assert title.startswith("China's sales to Russia rose")
    assert "but it bought no more of these goods from" in title


def test_no_hub_is_named_if_no_route_stands_out() -> None:
    legs = SimpleNamespace(
        hubs=["KGZ"],
        books=frozenset({"KGZ"}),
        inward={"hub": np.array([], int), "after": np.array([])},
        question=SimpleNamespace(origins=frozenset(), targets=("RUS",), hubs=None),
    )

    def named(p: float) -> tuple[str, ...]:
        chances = np.full(6, p)
        amounts = np.tile([1e6, 2e6, 4e6], (6, 1))
        judged = Judged(
            p=chances,
            low=chances,
            high=chances,
            rests_on=np.zeros(6, int),
            surge=chances,
            quantiles=amounts,
            mean=amounts[:, 1],
        )
        found = SimpleNamespace(
            legs=legs,
            hub=np.zeros(6, int),
            product=np.arange(6),
            two=np.ones(6, bool),
            first=SimpleNamespace(after=np.full(6, 1e7)),
            second=None,
            maker=np.zeros(1),
            fallen=np.ones(6, bool),
            judged=judged,
            q=running_q(chances),
        )
        _, passed_on = likely_by_hub(cast(Screened, found))
        assert passed_on is not None
        return passed_on.named

    assert named(0.92) == ("KGZ",)
    assert named(0.75) == ()  # six goods, none of which is sure: one cause may explain them all


@pytest.mark.parametrize(("books", "chance"), [({"KGZ", "ARM"}, 0.986), ({"KGZ"}, 0.0)])
def test_many_unlikely_goods_of_a_hub_with_sales_leave_little_doubt(
    books: set[str], chance: float
) -> None:
    chances = np.array([0.92] + [0.3] * 12)
    found = SimpleNamespace(
        legs=SimpleNamespace(hubs=["KGZ", "ARM"], books=frozenset(books)),
        hub=np.array([0] + [1] * 12),
        judged=SimpleNamespace(p=chances, rests_on=np.zeros(13, int)),
    )
    assert _chance(cast(Screened, found), "ARM") == pytest.approx(chance, abs=0.001)
    assert _chance(cast(Screened, found), "KGZ") == pytest.approx(0.92)


def test_a_title_names_a_code_only_if_its_hub_is_named_for_it_alone(found: Diversion) -> None:
    best = replace(found.rows[0], hub="KGZ", probability=0.93, q_value=0.07)
    weak = replace(best, probability=0.6, q_value=0.2)
    code = f"HS {best.product} from"

    def title(row: Route, *named: str) -> str:
        assert found.carried is not None
        carried = replace(found.carried, named=named)
        return headline(replace(found, rows=(row,), carried=carried))[0]

    assert code in title(best, "KGZ")
    assert code not in title(weak, "KGZ")
    assert code not in title(best, "KGZ", "ARM")


def test_odds_count_in_full_up_to_the_cap() -> None:
    odds = np.log([0.2 / 0.8, 0.5 / 0.5, 0.8 / 0.2, 0.99 / 0.01])
    assert _capped(odds) == pytest.approx([0.2, 0.5, 0.8, 0.95])
