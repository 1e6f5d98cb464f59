# SPDX-License-Identifier: Apache-2.0
"""Goods declared for a hub that its own books lack: made-up figures of both books."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bilat.diversion.answer import Diversion
from bilat.diversion.document import document
from bilat.diversion.headline import headline
from bilat.diversion.search import divert
from bilat.document.text import text as printed

ORIGINS = ("DEU", "ITA", "JPN")
GOODS = [f"8479{n}" for n in range(10, 50)]
BANNED, SENT = GOODS[:30], GOODS[:10]
MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2024) for month in range(1, 13)]
OTHERS = ("GEO", "SRB", "EGY", "THA", "MAR", "CHL", "ARM", "AZE", "TUR", "MDA")
#: Papers name it and nothing comes; it buys more and books it; it hands on what it does not book.
PAPERS, BUYER, ENTREPOT = "KGZ", "UZB", "HKG"
HUBS = (PAPERS, BUYER, ENTREPOT)


def trade(path: Path, *, books: bool = True) -> Path:
    """Sales of thirty goods to Russia end; of ten of them three hubs are sold four times as much."""
    rng = np.random.default_rng(5)
    lines = ["reporter,partner,product,period,flow,value"]

    def put(flow: str, reporter: str, partner: str, good: str, month: str, mean: float) -> None:
        value = mean * rng.lognormal(0, 0.3)
        lines.append(f"{reporter},{partner},{good},{month},{flow},{value:.0f}")

    for good in GOODS:
        for month in MONTHS:
            since = month >= "2022-03"
            lost = since and good in BANNED
            more = 2e5 * (since and good in SENT)
            for origin in ORIGINS:
                put("X", origin, "RUS", good, month, 5e4 if lost else 1e6)
                for hub in (*HUBS, *OTHERS):
                    came = 6e4 + (more if hub == BUYER else 0.0)
                    sent = 6e4 + (more if hub in HUBS else 0.0)
                    put("X", origin, hub, good, month, sent)
                    if books:
                        put("M", hub, origin, good, month, came)
            for hub in (*HUBS, *OTHERS):
                if good not in SENT or hub not in HUBS:
                    put("X", hub, "RUS", good, month, 1e4)
                put("X", hub, "CHL", good, month, 3e4 + (3.3 * more if hub == ENTREPOT else 0.0))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def asked(path: Path) -> Diversion:
    return divert([path], origin=",".join(ORIGINS), only_file=True, cases=3)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diversion:
    return asked(trade(tmp_path_factory.mktemp("unbooked") / "trade.csv"))


def test_goods_that_never_enter_the_books_are_routes(found: Diversion) -> None:
    routes = {(r.hub, r.product) for r in found.flags}
    assert routes == {(PAPERS, good) for good in SENT}
    assert all(r.is_unbooked for r in found.flags)


def test_purchases_that_are_booked_or_handed_on_are_none(found: Diversion) -> None:
    likely = [r for r in found.rows if r.hub in (BUYER, ENTREPOT) and r.probability > 0.2]
    assert not likely


def test_the_amount_is_what_the_books_lack(found: Diversion) -> None:
    months = sum(month >= "2022-03" for month in MONTHS)
    planted = len(ORIGINS) * 2e5 * months * np.exp(0.045)  # the mean of the noise
    for r in found.flags:
        assert r.low is not None and r.high is not None
        assert r.low * 0.9 < planted < r.high * 1.1


def test_the_answer_says_so(found: Diversion) -> None:
    title, (_, second) = headline(found)
    assert title.startswith("Goods from Germany, Italy and Japan, declared for Kyrgyzstan, likely")
    assert "rest on papers alone" in second and "Kyrgyzstan than its books show" in second
    shown = " ".join(printed(document(found)).split())
    assert "goods were declared for Kyrgyzstan but are not in its own books" in shown
    assert "consignees in Kyrgyzstan that the export papers name" in printed(
        document(found), why=True
    )


def test_without_the_hubs_books_nothing_is_said_of_them(tmp_path: Path) -> None:
    alone = asked(trade(tmp_path / "alone.csv", books=False))
    assert not alone.flags
    assert not any(r.is_unbooked for r in alone.rows)


def test_a_file_of_both_flows_without_a_trade_in_both_books_is_answered(tmp_path: Path) -> None:
    lines = ["reporter,partner,product,period,flow,value"]
    for year in range(2019, 2024):
        lines.append(f"DEU,KGZ,848210,{year},X,{8e6 if year >= 2022 else 1e6}")
        lines.append(f"DEU,RUS,848210,{year},X,{1e6 if year >= 2022 else 2e7}")
        lines.append(f"KGZ,CHN,848210,{year},M,1e6")
    path = tmp_path / "apart.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = divert([path], origin="DEU", since="2022", only_file=True)
    assert not any(r.is_unbooked for r in found.rows)
