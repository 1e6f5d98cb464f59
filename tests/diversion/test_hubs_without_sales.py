# SPDX-License-Identifier: Apache-2.0
"""A hub whose sales nobody reports is named by its purchases, in a sentence of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_own_goods import MONTHS, ORIGINS, trade

from bilat.diversion.answer import Amount, Diversion, Likely, PassedOn
from bilat.diversion.document import document
from bilat.diversion.headline import headline, hubs_to_ask_about
from bilat.diversion.likely_amounts import _standing_out
from bilat.diversion.search import _is_flagged, divert

SILENT = "MDA"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diversion:
    """What Kyrgyzstan buys and sells on Moldova buys too; it never reports a sale."""
    path: Path = trade(tmp_path_factory.mktemp("silent") / "trade.csv")
    lines = path.read_text("utf-8").splitlines()
    bought = [line.replace(",KGZ,", f",{SILENT},") for line in lines if ",KGZ," in line]
    assert len(bought) == len(ORIGINS) * 40 * len(MONTHS)
    path.write_text("\n".join([*lines, *bought]) + "\n", "utf-8")
    return divert([path], origin=",".join(ORIGINS), only_file=True, cases=0)


def test_a_hub_without_sales_is_named_by_its_purchases_and_never_as_passed_on(
    found: Diversion,
) -> None:
    assert found.carried is not None
    assert found.named == ("KGZ",)
    assert found.carried.without_sales == (SILENT,)
    title, (_, second) = headline(found)
    assert title.startswith("Kyrgyzstan likely passed goods") and "Moldova" not in title
    said = "By purchases alone, Moldova is also likely on a route to Russia; what it sold is not"
    assert said in second
    assert SILENT in hubs_to_ask_about(found)
    (table,) = [b for b in document(found).blocks if getattr(b, "title", "").startswith("Hubs: ")]
    row = next(row for row in table.rows if row[0] == "Moldova")  # type: ignore[union-attr]
    assert row[1] == "likely by purchases"


def test_a_route_that_stands_out_without_sales_is_said_to_rest_on_purchases(
    found: Diversion,
) -> None:
    first = found.flags[0]
    assert first.hub == SILENT and first.out is None
    _, (_, second) = headline(found)
    assert f"(HS {first.product}), judged by purchases alone, with $" in second
    sold = replace(found, rows=tuple(row for row in found.rows if row.out))
    _, (_, second) = headline(sold)
    assert "judged by purchases alone" not in second


def test_a_title_on_purchases_alone_says_that_sales_are_not_on_record(found: Diversion) -> None:
    assert found.carried is not None
    alone = replace(found, carried=replace(found.carried, named=()))
    title, _ = headline(alone)
    assert title.startswith("Purchases by Moldova point to a route to Russia; its sales are not on")
    assert "passed" not in title


def likely(chance: float, q_value: float, *, stored: bool) -> Likely:
    return Likely(Amount(0.0, 1.0, 2.0), chance, q_value, stored)


def test_surer_hubs_make_up_for_doubts_of_a_hub_with_sales_only() -> None:
    hubs = {
        "KGZ": likely(0.99, 0.01, stored=True),
        "ARM": likely(0.85, 0.08, stored=True),
        "MDA": likely(0.85, 0.08, stored=False),
        "GEO": likely(0.93, 0.04, stored=False),
    }
    assert _standing_out(hubs) == ["KGZ", "ARM", "GEO"]


def test_a_hub_is_flagged_only_if_a_route_stands_out(found: Diversion) -> None:
    hub = next(h for h in found.hubs if h.hub == "KGZ")
    sure = {"KGZ": likely(0.99, 0.01, stored=True)}
    carried = PassedOn(("KGZ",), (), Amount(0.0, 1.0, 2.0), None)
    assert not _is_flagged(hub, sure, carried)
    assert _is_flagged(hub, sure, replace(carried, stand_out=("KGZ",)))
    assert _is_flagged(replace(hub, flagged=True), {}, carried)  # its pairs are not judged
