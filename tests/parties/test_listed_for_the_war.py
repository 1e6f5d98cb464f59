# SPDX-License-Identifier: Apache-2.0
"""Suppliers listed for the war: firms alone, and the annex of the European Union by day and country."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from bilat.dyad import Dyad
from bilat.measures import ask, default_holdings
from bilat.when import AsOf

HELD = default_holdings()
PAIR = Dyad("RUS", "CHN")


def test_suppliers_are_firms_without_an_address_in_russia() -> None:
    m = ask("parties.china_listings", PAIR, holdings=HELD, suppliers=True)
    assert {p.period: p.value for p in m.points} == {
        "2022-02-17": 0,
        "2023-03-15": 2,
        "2024-05-03": 43,
        "2026-07-31": 150,  # counted apart in SQL: China, and not "Hong Kong" or "Macau" before it
    }
    names = " ".join(n for n in m.evidence["name"].to_pylist() if n)
    assert "SINNO ELECTRONICS" in names and "VTB BANK" not in names and "LAVRENKOV" not in names


def test_an_address_in_hong_kong_that_the_list_puts_in_china_is_not_in_mainland_china() -> None:
    mainland = ask("parties.china_listings", PAIR, holdings=HELD, suppliers=True)
    places = [text.split(", ")[-2:] for text in mainland.evidence["address"].to_pylist()]
    assert not [p for p in places if p[0].startswith(("Hong Kong", "Macau"))]
    both = ask("parties.china_listings", PAIR, holdings=HELD, suppliers=True, hong_kong=True)
    assert all(a.value >= b.value for a, b in zip(both.points, mainland.points, strict=True))  # type: ignore[operator]
    assert any("Hong Kong, China" in text for text in both.evidence["address"].to_pylist())
    alone = ask("parties.china_listings", Dyad("RUS", "HKG"), holdings=HELD, suppliers=True)
    assert any("Hong Kong, China" in text for text in alone.evidence["address"].to_pylist())


def test_the_annex_is_a_running_total_by_day() -> None:
    m = ask("parties.eu_listed", holdings=HELD)
    last = {p.group: p.value for p in m.points}
    assert last["CHN with HKG"] == last["CHN"] + last["HKG"] == 110  # type: ignore[operator]
    then = {
        p.group: p.value for p in ask("parties.eu_listed", as_of="2023-03-20", holdings=HELD).points
    }
    assert then["CHN with HKG"] == 0 and (then["RUS"] or 0) > 300


@pytest.mark.shared
def test_the_annex_is_counted_as_it_stands_in_the_file(mirror: Path) -> None:
    found = 0
    for name in ("consolidated/32014R0833.csv", "amendments/32026R1848.csv"):
        with (mirror / "parties/eu" / name).open(encoding="utf-8", newline="") as handle:
            for r in csv.DictReader(handle):
                place = r["address"] + r["country"]
                new = name.startswith("con") or r["startDate"] == "24.7.2026"
                found += r["annex"] == "IV" and new and ("Hong Kong" in place or "China" in place)
    last = ask("parties.eu_listed", holdings=HELD).points[-1]
    assert (last.group, last.value) == ("CHN with HKG", found)
    assert last.period == dt.date(2026, 7, 24).isoformat()


def test_no_listing_has_lost_its_century() -> None:
    with_years = (
        HELD.connect(AsOf())
        .table(
            "SELECT listed_on, known_on, corrected FROM listings WHERE source = 'us_csl' ORDER BY known_on"
        )
        .to_pylist()
    )
    assert min(r["known_on"] for r in with_years) > dt.date(1980, 1, 1)
    fixed = {(r["listed_on"], r["known_on"]) for r in with_years if r["corrected"]}
    assert fixed == {(dt.date(1997, 6, 30),) * 2, (dt.date(2017, 5, 26),) * 2}


def test_the_second_of_two_allies_follows_sooner_than_it_did() -> None:
    """Counted apart from the annex and the British list: 127 ships begun in 2024, 422 in 2025."""
    m = ask("parties.allied_gap", holdings=HELD)
    found = {p.period: (p.value, p.note) for p in m.points}
    assert found["2024"] == (153, "127 ships")
    assert found["2025"] == (61, "422 ships")
    early = ask("parties.allied_gap", as_of=AsOf("2024-12-31"), holdings=HELD)
    assert all(p.period == "2024" for p in early.points)
    assert all(p.value is None or p.value < 153 for p in early.points), "later days are not known"
