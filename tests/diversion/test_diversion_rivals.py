# SPDX-License-Identifier: Apache-2.0
"""Rivals of a flag: the one that truly made the rise is named, and a true route leaves them little to say."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted_rivals import CAUSES, GOODS, HUB, NAMED, ORIGINS, world

from bilat.diversion.answer import Explanation
from bilat.diversion.search import divert

STANDS = {"holds", "in part"}


def verdicts(folder: Path, cause: str, seed: int, **more: object) -> dict[str, tuple[str, str]]:
    """name -> (verdict, reason) of the planted pair."""
    path = world(folder / "w.csv", cause, seed, **more)  # type: ignore[arg-type]
    got = divert([path], origin=",".join(ORIGINS), since="2022-03", window=4, hubs=[HUB], limit=None)
    row = next(r for r in got.rows if (r.hub, r.product) == (HUB, GOODS))
    return {v.name: (v.verdict, v.because) for v in row.rivals}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("cause", CAUSES)
def test_the_rival_that_is_the_true_cause_is_named(cause: str, seed: int, tmp_path: Path) -> None:
    found = verdicts(tmp_path, cause, seed)
    assert found[NAMED[cause]][0] in STANDS, found


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("others", [5, 15])
def test_a_true_route_leaves_no_rival_standing(others: int, seed: int, tmp_path: Path) -> None:
    found = verdicts(tmp_path, "route", seed, others=others, both_sides=True)
    assert {n: v for n, v in found.items() if v[0] != "rejected"} == {}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_does_not_drag_the_other_rivals_along(cause: str, tmp_path: Path) -> None:
    found = verdicts(tmp_path, cause, 11)
    standing = {n for n, v in found.items() if v[0] in STANDS}
    also = {NAMED["code"]} if cause == "price" else set()  # a price that rose everywhere did so elsewhere too
    assert standing - also == {NAMED[cause]}, found


def flows(path: Path, rows: list[tuple[str, str, str, str, float]]) -> Path:
    lines = ["reporter,partner,product,period,flow,value"]
    lines += [f"{a},{b},{p},{t},X,{v:.0f}" for a, b, p, t, v in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def elsewhere(path: Path, product: str, **more: object) -> Explanation:
    got = divert([path], origin="DEU", since="2022", limit=None, **more)  # type: ignore[arg-type]
    row = next(r for r in got.rows if (r.hub, r.product) == ("KGZ", product))
    return next(v for v in row.rivals if v.name == "the same elsewhere")


def small(product: str, others: dict[str, tuple[float, float]], hub: tuple[float, float] = (1e4, 4e6)):  # type: ignore[no-untyped-def]
    """A small code: what Kyrgyzstan and some others bought each year before and since."""
    rows = []
    for year in range(2019, 2024):
        n = year >= 2022
        for place, worth in {"KGZ": hub, **others}.items():
            rows.append(("DEU", place, product, str(year), worth[n]))
        rows.append(("KGZ", "RUS", product, str(year), hub[n] * 0.9))
        rows.append(("DEU", "RUS", product, str(year), 8e6 if not n else 1e5))
    return rows


def test_goods_that_stood_still_elsewhere_explain_nothing(tmp_path: Path) -> None:
    quiet = {c: (5e4, 5.5e4) for c in ("MAR", "PER", "VNM", "THA")}
    told = elsewhere(flows(tmp_path / "w.csv", small("848210", quiet)), "848210")
    assert told.verdict == "rejected"
    assert "4 other destinations" in told.because and "1.1 times" in told.because


def test_without_another_destination_growth_elsewhere_is_not_testable(tmp_path: Path) -> None:
    told = elsewhere(flows(tmp_path / "w.csv", small("848210", {})), "848210")
    assert told.verdict == "not testable" and "no other destination" in told.because


def test_a_code_that_everyone_began_to_use_stands_as_the_same_elsewhere(tmp_path: Path) -> None:
    born = {c: (0.0, 4e5) for c in ("MAR", "PER", "VNM", "THA")}
    told = elsewhere(flows(tmp_path / "w.csv", small("848210", {**born, "EGY": (3e4, 6e5)})), "848210")
    assert told.verdict in STANDS and "5 other destinations" in told.because


def test_a_price_cannot_make_trade_out_of_none(tmp_path: Path) -> None:
    quiet = {c: (5e5, 5.5e5) for c in ("MAR", "PER")}
    path = flows(tmp_path / "w.csv", small("848210", quiet, hub=(0.0, 4e6)))
    got = divert([path], origin="DEU", since="2022", limit=None)
    row = next(r for r in got.rows if (r.hub, r.product) == ("KGZ", "848210"))
    price = next(v for v in row.rivals if v.name == "price")
    assert price.verdict == "rejected" and "bought none before" in price.because
