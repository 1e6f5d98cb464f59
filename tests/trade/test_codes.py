# SPDX-License-Identifier: Apache-2.0
"""China's exports of common high priority goods to Russia: sums recomputed from the publisher's file, and what the
older codes can and cannot say."""

import csv
from pathlib import Path

import pytest

from bilat.goods.baskets import basket, breaks, splices
from bilat.measures import ask
from bilat.trade.codes import codes_of, wider_codes

FILE = "baci/baci_hs17_v202501_RUS_CHN_hs6_2017_2023.csv"


def asked(holdings, **params):  # type: ignore[no-untyped-def]
    got = ask("trade.single_codes", holdings=holdings(["baci_russia_china"]), **params)
    return {(p.period, p.group): p.value for p in got.points}, got


def test_tiers_add_up_to_the_whole_and_codes_to_their_tier(holdings) -> None:  # type: ignore[no-untyped-def]
    tiers, got = asked(holdings)
    codes, _ = asked(holdings, goods="chpl:1", by="code")
    for year in {y for y, _ in tiers}:
        parts = sum(v for (y, g), v in tiers.items() if y == year and g != "all")
        assert tiers[year, "all"] == pytest.approx(parts, rel=1e-12)
        assert tiers[year, "1"] == pytest.approx(
            sum(v for (y, _), v in codes.items() if y == year), rel=1e-12
        )
    assert tiers.keys() >= {("2023", "all"), ("2023", "3.A")}
    assert {g for _, g in codes} == {"854231", "854232", "854233", "854239"}
    assert all(bool(p.note) == (p.period >= "2022") for p in got.points)


def test_codes_that_hold_other_goods_too_are_left_out_unless_asked_for(holdings) -> None:  # type: ignore[no-untyped-def]
    assert wider_codes() == {"852580", "854140"}
    assert (
        len(codes_of(basket("chpl"), True)) == 49
    )  # 50 codes of HS2022, two of them one code of HS2017
    narrow, _ = asked(holdings, goods="chpl:3.A")
    wide, _ = asked(holdings, goods="chpl:3.A", whole=True)
    assert all(wide[k] > v for k, v in narrow.items())
    same, _ = asked(holdings, goods="chpl:4.B", whole=True)
    assert same == asked(holdings, goods="chpl:4.B")[0]


def test_nothing_is_known_before_the_edition(holdings) -> None:  # type: ignore[no-untyped-def]
    got = ask("trade.single_codes", holdings=holdings(["baci_russia_china"]), as_of="2017-01-01")
    assert not got.points and "no code of chpl" in got.note


@pytest.mark.shared
def test_the_sums_are_those_of_the_file(holdings, mirror: Path) -> None:  # type: ignore[no-untyped-def]
    tiers, _ = asked(holdings)
    sums: dict[str, float] = {}
    with (mirror / FILE).open(newline="") as file:
        for row in csv.DictReader(file):
            if (
                row["i"] == "156"
                and row["j"] == "643"
                and row["k"].zfill(6).startswith("8542")
                and row["k"] != "854290"
            ):
                sums[row["t"]] = sums.get(row["t"], 0.0) + 1000 * float(row["v"])
    assert sums == pytest.approx({y: v for (y, g), v in tiers.items() if g == "1"})


def test_chips_are_the_sixteen_codes_of_the_other_compilation(holdings) -> None:  # type: ignore[no-untyped-def]
    chips, _ = asked(holdings, goods="chips", by="code")
    assert {g for _, g in chips} == basket("chips").codes and len(basket("chips").codes) == 16
    alone, _ = asked(holdings, goods="chips")
    assert {g for _, g in alone} == {"all"}
    assert 330e6 < alone["2022", "all"] < 340e6 and 255e6 < alone["2020", "all"] < 265e6


def test_what_another_edition_of_the_hs_moved_away_decides_nothing(holdings) -> None:  # type: ignore[no-untyped-def]
    """Display modules left 901380 and 852990 for heading 8524, whose codes are none of the list."""
    assert {c for c, why in breaks().items() if why == "revision"} == {"852990", "901380"}
    codes, _ = asked(holdings, by="code", whole=True)
    for code in {c for _, c in codes}:
        before, after = codes.get(("2021", code), 0.0), codes.get(("2022", code), 0.0)
        if max(before, after) > 5e6 and not before / 2 <= after <= 2 * before:
            assert code in breaks() | {c: "" for c in wider_codes()}, (
                f"{code}: from {before:,.0f} to {after:,.0f}"
            )
    assert {"901380", "852990"} & codes_of(basket("chpl"), False) == set()
    assert not {c for c in splices() if c.startswith("8524")}
