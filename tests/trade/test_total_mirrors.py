# SPDX-License-Identifier: Apache-2.0
"""Mirror gaps against a pair's own years, and origin against consignment."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.trade.mirror import convert, deviation


def test_kyrgyzstan_recorded_half_of_what_germany_reported(embedded: Holdings) -> None:
    """Published: roughly one half in 2022 and 2023, about 1 before (PF05)."""
    m = ask("trade.mirror_gap", holdings=embedded, exporter="DEU", importer="KGZ")
    share = {
        y: m.value(y, "DEU>KGZ recorded share") for y in ("2019", "2020", "2021", "2022", "2023")
    }
    assert share["2022"] == pytest.approx(0.5, abs=0.1) and share["2023"] == pytest.approx(
        0.5, abs=0.1
    )
    assert all(share[y] == pytest.approx(1.0, abs=0.2) for y in ("2019", "2020", "2021"))
    assert m.value("2022", "DEU>KGZ gap") == pytest.approx(math.log(share["2022"]))


def test_a_gap_is_judged_against_the_pairs_own_years(embedded: Holdings) -> None:
    """Lithuania to Kazakhstan was at 0.23 before the war already: a low share, and no change to speak of."""
    m = ask("trade.mirror_gap", holdings=embedded, exporter="LTU", importer="KAZ")
    assert m.value("2021", "LTU>KAZ recorded share") == pytest.approx(0.23, abs=0.005)
    changed = [p for p in m.points if p.group == "LTU>KAZ change on own years"]
    assert changed and all(p.low < 0 < p.high for p in changed)
    real = ask("trade.mirror_gap", holdings=embedded, exporter="DEU", importer="KGZ")
    assert all(p.high < 0 for p in real.points if p.group == "DEU>KGZ change on own years")


@pytest.mark.parametrize(
    ("importer", "before", "after"), [("KGZ", 0.93, 0.33), ("KAZ", 0.92, 0.80), ("UZB", 1.22, 1.00)]
)
def test_the_unions_exports_in_the_hubs_books(
    embedded: Holdings, importer: str, before: float, after: float
) -> None:
    m = ask("trade.mirror_gap", holdings=embedded, exporter="EU27", importer=importer)
    assert m.value("2021", f"EU27>{importer} recorded share") == pytest.approx(before, abs=0.01)
    assert m.value("2023", f"EU27>{importer} recorded share") == pytest.approx(after, abs=0.01)


def test_a_union_the_importer_does_not_sum_is_summed_from_its_members(embedded: Holdings) -> None:
    m = ask("trade.mirror_gap", holdings=embedded, exporter="EU27", importer="ARM")
    assert "summed" in m.note and "yearly average rates" in m.note
    assert 0.9 < m.value("2021", "EU27>ARM recorded share") < 1.2


def test_several_pairs_carry_their_names(embedded: Holdings) -> None:
    m = ask("trade.mirror_gap", holdings=embedded, exporter="DEU,ITA", importer="KGZ,KAZ")
    assert {"DEU>KGZ gap", "ITA>KAZ recorded share"} <= set(m.groups())


def test_an_estimate_made_from_the_other_side_is_no_mirror(embedded: Holdings) -> None:
    m = ask("trade.mirror_gap", holdings=embedded, exporter="CHN", importer="RUS")
    assert max(p.period for p in m.points) == "2021"


def test_a_pair_of_which_one_side_is_held_has_no_gap(embedded: Holdings) -> None:
    m = ask("trade.mirror_gap", holdings=embedded, exporter="IRN", importer="KGZ")
    assert not m.points and "no report of exports by Iran" in m.note
    with pytest.raises(UsageError, match=r"is not a year; write 2022"):
        ask("trade.mirror_gap", holdings=embedded, since="22")


def test_both_sides_stand_behind_a_gap(embedded: Holdings) -> None:
    m = ask("trade.mirror_gap", holdings=embedded, exporter="DEU", importer="KGZ")
    rows = m.rows("2022", "DEU>KGZ gap")
    assert {r["source"] for r in rows} == {"eurostat_total_monthly", "national_imports"}
    exported = sum(r["value"] for r in rows if r["flow"] == "X")
    imported = sum(r["value"] for r in rows if r["flow"] == "M")
    assert len(rows) == 13 and math.log(imported / exported) == pytest.approx(
        m.value("2022", "DEU>KGZ gap")
    )


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=12), st.floats(-3, 3), st.floats(-1, 1))
def test_the_interval_holds_the_change_and_moves_with_it(
    earlier: list[float], value: float, by: float
) -> None:
    change, low, high = deviation(value, earlier)
    assert low <= change <= high
    moved, low_2, high_2 = deviation(value + by, earlier)
    assert moved - change == pytest.approx(by, abs=1e-9)
    assert high_2 - low_2 == pytest.approx(high - low, abs=1e-9)


def test_one_earlier_year_gives_no_interval() -> None:
    assert deviation(1.0, [0.5]) == (0.5, None, None)


def test_currencies() -> None:
    assert convert(100, "2021", "EUR", "USD") == pytest.approx(118.27)
    assert convert(118.27, "2021", "USD", "EUR") == pytest.approx(100)
    assert convert(100, "1990", "EUR", "USD") is None and convert(100, "1990", "EUR", "EUR") == 100


def test_the_rate_agrees_with_one_country_reported_in_both_currencies(embedded: Holdings) -> None:
    ours = {
        source: ask(
            "trade.exports", holdings=embedded, reporter="ITA", partner="RUS", source=source
        )
        for source in ("comtrade_world_2021", "eurostat_total_monthly")
    }
    usd, eur = (m.value("2021", "ITA>RUS") for m in ours.values())
    assert convert(eur, "2021", "EUR", "USD") == pytest.approx(usd, rel=1e-3)
