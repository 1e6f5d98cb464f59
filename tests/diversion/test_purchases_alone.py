# SPDX-License-Identifier: Apache-2.0
"""What is said where only purchases are stored and none stands out: made-up months of five states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bilat.diversion.answer import Diversion
from bilat.diversion.document import document
from bilat.diversion.headline import headline
from bilat.diversion.search import divert
from bilat.document.text import text

#: State -> usual purchases a month, and how many times as much it buys since the break.
BOUGHT = {
    "KGZ": (1e5, 1.9),
    "ARM": (2e5, 1.6),
    "GEO": (2e5, 1.0),
    "UZB": (2e5, 1.0),
    "RUS": (3e6, 0.2),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diversion:
    noise = np.random.default_rng(7)
    lines = ["reporter,partner,product,period,flow,value"]
    for month in (f"{year}-{month:02}" for year in range(2019, 2024) for month in range(1, 13)):
        for good in ("847930", "847940"):
            for state, (usual, times) in BOUGHT.items():
                value = usual * (times if month >= "2022-03" else 1) * np.exp(noise.normal(0, 0.5))
                lines.append(f"DEU,{state},{good},{month},X,{value:.0f}")
    path = tmp_path_factory.mktemp("purchases") / "trade.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return divert([path], origin="DEU", only_file=True, cases=0)


def test_the_title_names_the_hub_that_rose_most_wherever_it_stands(found: Diversion) -> None:
    assert not any(hub.surged for hub in found.hubs)
    assert max(found.hubs, key=lambda hub: hub.times).hub == "KGZ"
    for hubs in (found.hubs, found.hubs[::-1]):
        title, _ = headline(replace(found, hubs=hubs))
        said = "Kyrgyzstan's monthly purchases of goods Russia lost from Germany rose"
        assert title.startswith(said) and "by chance" not in title


def test_the_table_of_hubs_says_of_which_trade_it_is(found: Diversion) -> None:
    assert found.direct_held
    fell = "Purchases of goods whose direct sales to Russia fell"
    assert fell in " ".join(text(document(found), why=True).split())
    without_direct = replace(found, direct_held=False)
    assert fell not in " ".join(text(document(without_direct), why=True).split())
