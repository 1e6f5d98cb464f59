# SPDX-License-Identifier: Apache-2.0
"""What is known to have happened, or not: the Armenian cars in their own customs file, and made-up files after
published cases (a route that opens and closes, gold that goes out, a boom with everybody)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bilat.diversion.search import Diversion, divert
from bilat.errors import DataError, UsageError
from bilat.when import AsOf


@pytest.fixture
def cars(shared: Path) -> Path:
    return shared / "benchmarks/diversion/armenia_cars_comtrade_v1.csv"


def armenia(cars: Path, **more: object) -> Diversion:
    asked = {"origin": "USA,JPN,DEU", "since": "2022-03", "limit": None} | more
    return divert([cars], **asked)  # type: ignore[arg-type]


@pytest.mark.shared
def test_cars_through_armenia_come_first_with_the_amount_that_armenia_reports(cars: Path) -> None:
    # Armenia bought 69 -> 589 M USD of 870323 and sold Russia 1.1 -> 298 M; the amount lies between 250 and 300 M.
    got = armenia(cars)
    first = got.rows[0]
    assert (first.hub, first.product) == ("ARM", "870323")
    assert first.probability >= 0.9 and first.low < 250e6 and first.high > 300e6
    assert 230e6 < first.diverted < 300e6
    assert first.into.expected < 100e6  # not Armenia's own diverted goods
    assert first in got.flags


@pytest.mark.shared
@pytest.mark.parametrize("target", ["GEO", "ARE", "IRN"])
def test_armenia_s_other_neighbours_are_no_market_for_its_cars(cars: Path, target: str) -> None:
    try:
        got = armenia(cars, target=target)
    except DataError:
        return  # Armenia sold it none
    assert max((r.probability for r in got.rows), default=0.0) < 0.9
    assert len(got.flags) <= 1


@pytest.mark.shared
def test_a_break_before_the_war_shows_no_route_of_cars(cars: Path) -> None:
    got = armenia(cars, since="2020-03", until="2021-10")
    assert (
        not got.flags and max(r.probability for r in got.rows) <= 0.6
    )  # few pairs: about even at most


def write(path: Path, rows: list[tuple[str, str, str, str, float]]) -> Path:
    lines = ["reporter,partner,product,period,flow,value"]
    lines += [f"{a},{b},{p},{t},X,{v:.0f}" for a, b, p, t, v in rows if v > 0]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


PLACES = ("KGZ", "KAZ", "ARM", "GEO", "UZB", "TUR", "SRB", "VNM", "THA", "MAR", "EGY", "PER", "COL")
GOODS = tuple(f"8482{n:02d}" for n in range(10, 20)) + tuple(f"6109{n:02d}" for n in range(10, 20))
MONTHS = tuple(f"{y}-{m:02d}" for y in (2019, 2020, 2021, 2022, 2023) for m in range(1, 13))


def quiet(seed: int) -> dict[tuple[str, str, str], np.ndarray]:  # type: ignore[type-arg]
    """Monthly trade of two origins, thirteen other states and Russia; direct trade in bearings falls to a tenth."""
    rng = np.random.default_rng(seed)
    n = len(MONTHS)
    trade = {}
    for goods in GOODS:
        for seller in ("DEU", "ITA"):
            for buyer in (*PLACES, "RUS"):
                level = np.exp(rng.normal(12.5 if buyer != "RUS" else 15.0, 0.6))
                trade[seller, buyer, goods] = level * rng.lognormal(0, 0.25, n)
            if goods.startswith("8482"):
                trade[seller, "RUS", goods][38:] *= 0.1
        for seller in PLACES:
            for buyer in ("RUS", "POL", "UKR", "SAU", "IRQ", "JOR"):
                if rng.random() < 0.6:
                    trade[seller, buyer, goods] = np.exp(rng.normal(10.5, 0.8)) * rng.lognormal(
                        0, 0.4, n
                    )
    return trade


def asked(trade: dict[tuple[str, str, str], np.ndarray], path: Path, **more: object) -> Diversion:  # type: ignore[type-arg]
    rows = [
        (a, b, p, t, float(v))
        for (a, b, p), values in trade.items()
        for t, v in zip(MONTHS, values, strict=True)
    ]
    return divert([write(path, rows)], origin="DEU,ITA", since="2022-03", limit=None, **more)  # type: ignore[arg-type]


def route(trade: dict, hub: str, goods: str, amount: float, first: int, last: int = 60) -> None:  # type: ignore[type-arg]
    """Plant ``amount`` USD a month through ``hub`` from month ``first`` to before ``last``."""
    extra = np.zeros(len(MONTHS))
    extra[first:last] = amount
    trade["DEU", hub, goods] = trade["DEU", hub, goods] + extra
    trade[hub, "RUS", goods] = trade.get((hub, "RUS", goods), np.zeros(len(MONTHS))) + 1.15 * extra


def place(got: Diversion, hub: str, goods: str) -> dict:  # type: ignore[type-arg]
    return next(r for r in got.rows if (r.hub, r.product) == (hub, goods))


def test_routes_lead_and_hold_their_amounts_among_quiet_trade(tmp_path: Path) -> None:
    trade = quiet(1)
    route(trade, "KGZ", "848210", 2e6, 40)
    route(trade, "TUR", "848213", 3e6, 42)
    got = asked(trade, tmp_path / "t.csv")
    assert {(r.hub, r.product) for r in got.rows[:2]} == {("KGZ", "848210"), ("TUR", "848213")}
    for hub, goods, total in (("KGZ", "848210", 20 * 2e6), ("TUR", "848213", 18 * 3e6)):
        row = place(got, hub, goods)
        assert row.probability > 0.9 and row.low < total < row.high
    assert 80e6 < sum(r.at_stake for r in got.rows) < 115e6 and len(got.flags) <= 4


def test_a_route_that_opens_and_closes_is_found_while_quiet_trade_is_not(tmp_path: Path) -> None:
    # Turkey's sales of priority goods to Russia went 3 -> 37.6 -> 4.5 M USD a month.
    trade = quiet(2)
    route(trade, "TUR", "848211", 6e6, 40, 49)
    row = place(asked(trade, tmp_path / "t.csv"), "TUR", "848211")
    assert row.probability > 0.9 and row.low < 9 * 6e6 < row.high


def test_goods_that_leave_the_target_through_the_hub_are_no_route_to_it(tmp_path: Path) -> None:
    # Russian gold through Armenia in 2023: bought from Russia, sold on to others; nothing went to Russia.
    trade = quiet(3)
    out = np.zeros(len(MONTHS))
    out[38:] = 2e7
    trade["RUS", "ARM", "848212"] = out + 1e4
    trade["ARM", "POL", "848212"] = out + 1e4
    got = asked(trade, tmp_path / "t.csv")
    assert all(r.probability < 0.2 for r in got.rows if (r.hub, r.product) == ("ARM", "848212"))


def test_a_hub_that_booms_with_everybody_is_no_route(tmp_path: Path) -> None:
    trade = quiet(4)
    for key in [k for k in trade if k[0] == "VNM" or k[1] == "VNM"]:
        trade[key] = trade[key] * np.where(np.arange(len(MONTHS)) >= 38, 4.0, 1.0)
    got = asked(trade, tmp_path / "t.csv")
    assert max((r.probability for r in got.rows if r.hub == "VNM"), default=0.0) < 0.2


def test_a_market_that_nobody_sanctioned_gets_no_flags(tmp_path: Path) -> None:
    trade = quiet(5)
    route(trade, "KGZ", "848210", 2e6, 40)
    got = asked(trade, tmp_path / "t.csv", target="UKR")
    assert not got.flags


def test_a_year_s_reports_of_importers_alone_prove_nothing(tmp_path: Path) -> None:
    # The target does not report, and neither does any hub its sales: leg one only, and direct trade unknown.
    rng = np.random.default_rng(6)
    lines = ["reporter,partner,product,period,flow,value"]
    for buyer in (*PLACES, "POL", "UKR"):
        for goods in GOODS:
            for year in range(2018, 2025):
                for seller in ("DEU", "ITA", "CHN"):
                    grown = 6.0 if (buyer == "KGZ" and year >= 2022) else 1.0
                    lines.append(
                        f"{buyer},{seller},{goods},{year},M,{rng.lognormal(12, 1) * grown:.0f}"
                    )
    lines += [
        f"RUS,DEU,{goods},{year},M,{rng.lognormal(14, 1):.0f}"
        for goods in GOODS
        for year in (2019, 2020, 2021)
    ]
    path = tmp_path / "importers.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    got = divert([path], origin="DEU,ITA", since="2022", limit=None)
    assert got.rows and not got.flags and all(r.known == "one leg" for r in got.rows)
    assert all(r.direct is None for r in got.rows)
    assert any("we have no data on what the origins sold" in n for n in got.notes)


@pytest.mark.parametrize("label", ["S19", "R4", "X1", "_X", "ATB", "E19"])
def test_areas_that_are_no_state_are_counted_named_and_no_hub(label: str, tmp_path: Path) -> None:
    trade = quiet(7)
    rows = [
        (a, b, p, t, float(v))
        for (a, b, p), values in trade.items()
        for t, v in zip(MONTHS, values, strict=True)
    ]
    rows += [("DEU", label, "848210", t, 5e5) for t in MONTHS]
    got = divert([write(tmp_path / "t.csv", rows)], origin="DEU,ITA", since="2022-03", limit=None)
    assert all(r.hub != "NES" for r in got.rows)
    said = "read as Taiwan" if label == "S19" else "not states"
    assert any(said in n and label in n for n in got.notes)


def test_the_embedded_cars_have_both_legs_and_come_out_as_the_hub_s_books_have_them() -> None:
    # Yearly sums: in 2022 Armenia bought 223 M USD of 870323 from the three and sold Russia 124 M.
    got = divert(origin="USA,JPN,DEU", since="2022", limit=None)
    first = got.rows[0]
    assert (first.hub, first.product, first.known) == ("ARM", "870323", "two legs")
    assert round(first.into.actual / 1e6) == 223 and round(first.out.actual / 1e6) == 124
    assert first.low < 124e6 < first.high
    assert any("yearly sums" in n for n in got.notes) and got.currency == "USD"
    assert any("single origins do not add up" in n for n in got.notes)
    assert sum(r.at_stake for r in got.rows) <= sum(
        min(r.into.actual, r.out.actual) for r in got.rows
    )


def test_the_embedded_cars_show_no_route_two_years_before() -> None:
    got = divert(origin="USA,JPN,DEU", since="2020", until="2021", limit=None)
    assert (
        not got.flags and max(r.probability for r in got.rows) <= 0.6
    )  # few pairs: about even at most


@pytest.mark.parametrize(
    ("asked", "cure"),
    [
        ({"origin": "USA,JPN,DEU", "since": "2022-03"}, "write `since` 2022"),
        ({"origin": "BRA", "since": "2022"}, "`origin` USA,JPN,DEU"),
        (
            {"origin": "USA,JPN,DEU", "since": "2022", "hubs": ["KAZ"]},
            "we have no purchases of KAZ from the origins",
        ),
        ({"origin": "USA", "since": "2022", "as_of": AsOf("2017-06-01")}, "ask for a later date"),
    ],
)
def test_what_the_holdings_do_not_have_is_refused_with_what_they_have(
    asked: dict, cure: str
) -> None:  # type: ignore[type-arg]
    with pytest.raises((UsageError, DataError), match=cure):
        divert(**asked)
