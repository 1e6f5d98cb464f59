# SPDX-License-Identifier: Apache-2.0
"""Losses, against the publishers' own files and published figures."""

import csv
import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.catalog import source
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import Ask, Measurement, ask, default_holdings
from bilat.regeneration.equipment import classes as equipment_classes
from bilat.regeneration.equipment import losses
from bilat.when import AsOf


@pytest.fixture(scope="module")
def equipment(mirror: Path) -> dict[str, dict]:
    days = json.loads((mirror / "ua_general_staff/russia_losses_equipment.json").read_text("utf-8"))
    return {d["date"]: d for d in days}


@pytest.fixture(scope="module")
def scrapes(mirror: Path) -> dict[tuple[str, str, str], int]:
    with (mirror / "oryx/totals_by_type_history.csv").open(encoding="utf-8") as handle:
        return {
            (r["date"], r["country"], r["equipment_type"]): int(r["type_total"])
            for r in csv.DictReader(handle)
        }


def at(m: Measurement, group: str) -> float | None:
    found = [p for p in m.points if p.group == group]
    assert len(found) == 1, group
    return found[0].value


def claimed(held: Holdings, day: str, as_of: str | None = None) -> dict[str, float | None]:
    """Class -> what Ukraine's General Staff claimed of Russia by a day."""
    claims = losses(Ask(Dyad("RUS", "CHN"), AsOf(as_of), {}, held), "general_staff", "RUS")
    places = {label: s.at(dt.date.fromisoformat(day)) for label, s in claims.series.items()}
    return {label: claims.series[label].counts[n] for label, n in places.items() if n is not None}


def test_tanks_claimed_to_13_february_2024(whole: Holdings) -> None:
    assert claimed(whole, "2024-02-13")["tanks"] == 6424  # PF19, exact


@pytest.mark.parametrize(
    "day", ["2022-03-15", "2022-12-31", "2023-05-27", "2024-08-05", "2025-10-03", "2026-08-08"]
)
def test_claims_of_any_day_are_the_reports_own(
    day: str, whole: Holdings, equipment: dict[str, dict]
) -> None:
    found, report = claimed(whole, day), equipment[day]
    for column, group in (
        ("tank", "tanks"),
        ("APC", "armoured vehicles but tanks"),
        ("field artillery", "artillery"),
        ("MRL", "multiple rocket launchers"),
        ("anti-aircraft warfare", "air defence"),
        ("aircraft", "aircraft"),
        ("helicopter", "helicopters"),
    ):
        assert found[group] == report[column], (day, column)
    trucks = (
        report.get("vehicles and fuel tanks", 0)
        + report.get("military auto", 0)
        + report.get("fuel tank", 0)
    )
    assert found["trucks and vehicles"] == trucks
    assert found["ships and submarines"] == report["naval ship"] + report.get("submarines", 0)


@pytest.mark.parametrize(
    "day", ["2022-03-28", "2022-09-15", "2023-03-20", "2024-02-15", "2025-07-19"]
)
def test_confirmed_losses_of_any_scrape_are_oryx_own(
    day: str, whole: Holdings, scrapes: dict[tuple[str, str, str], int]
) -> None:
    m = ask("losses.confirmed", holdings=whole, date=day)
    used = next(p.period for p in m.points if p.group == "tanks")
    assert used == max(d for d, _, _ in scrapes if d <= day)
    for equipment_type, group in (
        ("Tanks", "tanks"),
        ("Infantry Fighting Vehicles", "infantry fighting vehicles"),
        ("Self-Propelled Artillery", "self-propelled artillery"),
        ("Aircraft", "aircraft"),
    ):
        assert at(m, group) == scrapes[used, "Russia", equipment_type]
    guns = (
        scrapes[used, "Russia", "Self-Propelled Artillery"]
        + scrapes[used, "Russia", "Towed Artillery"]
    )
    assert at(m, "artillery") == guns


def test_tanks_confirmed_at_the_papers_date(whole: Holdings) -> None:
    m = ask("losses.confirmed", as_of="2023-03-20", holdings=whole, date="2023-03-20")
    tanks = next(p for p in m.points if p.group == "tanks")
    assert (tanks.value, tanks.low, tanks.high) == (1865, 1865, 3537)


def test_claims_and_confirmed_losses_never_share_a_group(whole: Holdings) -> None:
    for name in ("losses.confirmed", "losses.share_of_stock"):
        m = ask(name, holdings=whole)
        claimants: dict[str, set[str]] = {}
        for r in m.rows():
            if r.get("claimant"):
                claimants.setdefault(r["grp"], set()).add(r["claimant"])
        assert claimants and all(len(c) == 1 for c in claimants.values())
        assert all(
            (c == {"general_staff"}) == g.endswith(", claimed") for g, c in claimants.items()
        )


def test_a_claim_is_never_below_the_confirmed_count_of_the_big_classes(whole: Holdings) -> None:
    for p in ask("losses.confirmed", holdings=whole).points:
        if p.group in ("tanks", "artillery", "armoured vehicles but tanks") and p.high is not None:
            assert p.value is not None and p.value <= p.high, p


def test_where_fewer_were_claimed_than_confirmed_it_is_said(whole: Holdings) -> None:
    m = ask("losses.confirmed", holdings=whole)
    odd = [p for p in m.points if p.note and "not comparable" not in p.note]
    assert odd and all(p.high is None for p in odd)
    for p in odd:
        claim = m.value(p.period, f"{p.group}, claimed")
        assert claim is not None and p.value is not None and claim < p.value


def test_a_count_that_lost_a_type_is_not_comparable_with_the_one_before() -> None:
    """Oryx no longer counts reconnaissance drones since June 2026: no drone was found again."""
    points = ask("losses.confirmed", holdings=default_holdings()).points
    noted = {(p.group, p.period): p.note for p in points if "not comparable" in p.note}
    assert {group for group, _ in noted} == {"drones", "all types"}
    assert min(period for _, period in noted) == "2026-06"
    assert noted["drones", "2026-10"] == (
        "not comparable with 806 on 2026-04-01: Oryx counts fewer types since"
    )
    assert "24,383 on 2026-04-01" in noted["all types", "2026-06"]


def test_each_point_is_the_sum_of_its_rows(whole: Holdings) -> None:
    m = ask("losses.confirmed", holdings=whole)
    sums: dict[tuple[str, str], float] = {}
    for r in m.rows():
        sums[r["point"], r["grp"]] = sums.get((r["point"], r["grp"]), 0) + r["cumulative"]
    assert sums == {(p.period, p.group): p.value for p in m.points}


def test_the_share_of_stock_spans_the_conflicting_stocks(whole: Holdings) -> None:
    m = ask("losses.share_of_stock", as_of="2023-03-20", holdings=whole, date="2023-03-20")
    tanks = next(p for p in m.points if p.group == "tanks")
    assert tanks.low == pytest.approx(1865 / 3417) and tanks.high == pytest.approx(1865 / 2927)
    assert tanks.low < tanks.value < tanks.high  # type: ignore[operator]
    assert "command posts" in m.note


def test_a_stock_that_was_published_later_is_not_used(whole: Holdings) -> None:
    then = ask("losses.share_of_stock", as_of="2023-01-15", holdings=whole, date="2023-01-14")
    tanks = next(p for p in then.points if p.group == "tanks")
    assert tanks.low is None and tanks.value == pytest.approx(
        1623 / 3417, rel=0.02
    )  # only Tokyo's was out
    assert "artillery" in then.groups()  # by the Military Balance of February 2022
    before = ask("losses.share_of_stock", as_of="2022-02-27", holdings=whole, date="2022-02-26")
    assert "artillery" not in before.groups()


@pytest.mark.parametrize("bad", ["2023-13-01", "March", "2023-03"])
def test_a_date_that_is_none_is_refused(bad: str, whole: Holdings) -> None:
    with pytest.raises(UsageError):
        ask("losses.confirmed", holdings=whole, date=bad)


def test_a_date_after_the_as_of_date_is_refused(whole: Holdings) -> None:
    with pytest.raises(UsageError, match="after the as-of date"):
        ask("losses.confirmed", holdings=whole, as_of="2023-03-20", date="2023-03-21")


def test_both_sides_are_named_where_the_dyad_is_at_war(whole: Holdings) -> None:
    m = ask("losses.confirmed", ("RUS", "UKR"), holdings=whole, date="2025-07-19")
    assert (at(m, "Russia: tanks"), at(m, "Ukraine: tanks")) == (4074, 1220)
    assert not [g for g in m.groups() if g.startswith("Ukraine") and g.endswith("claimed")]


def test_a_dyad_without_losses_gets_an_empty_answer_with_a_note(whole: Holdings) -> None:
    for name in ("confirmed", "share_of_stock"):
        m = ask(f"losses.{name}", ("USA", "IND"), holdings=whole)
        assert not m.points and not m.rows() and "United States and India" in m.note


def test_points_stand_in_order_of_time(whole: Holdings) -> None:
    for name in ("losses.confirmed", "losses.share_of_stock"):
        m = ask(name, holdings=whole)
        for group in m.groups():
            periods = [p.period for p in m.points if p.group == group]
            assert periods == sorted(set(periods)), (name, group)


def test_another_collection_of_oryx_agrees_on_5_february_2023(
    whole: Holdings, mirror: Path
) -> None:
    """Counted model by model by another hand; the pages moved by a few items within the day."""
    by: Counter[str] = Counter()
    for r in json.loads((mirror / "oryx/russia_by_model_2023-02-05.json").read_text("utf-8")):
        by[source("oryx_totals").words("class")[r["equipment_oryx"]]] += r["losses_total"]
    m = ask("losses.confirmed", holdings=whole, date="2023-02-05")
    for part, group in (
        ("tanks", "tanks"),
        ("ifv", "infantry fighting vehicles"),
        ("apc", "armoured personnel carriers"),
        ("imv", "infantry mobility vehicles"),
        ("artillery_self_propelled", "self-propelled artillery"),
        ("mlrs", "multiple rocket launchers"),
        ("command_posts", "command posts and communications"),
        ("air_defence", "air defence"),
        ("vehicles", "trucks and vehicles"),
        ("uav", "drones"),
    ):
        assert abs(at(m, group) - by[part]) <= 5, group  # type: ignore[operator]


def test_the_armoured_vehicles_that_both_count_are_the_same_classes(mirror: Path) -> None:
    """That collection says which class of the General Staff each class of Oryx falls under."""
    rows = json.loads((mirror / "oryx/russia_by_model_2023-02-05.json").read_text("utf-8"))
    under = {
        source("oryx_totals").words("class")[r["equipment_oryx"]]: r["equipment_ua"] for r in rows
    }
    armoured = next(c for c in equipment_classes() if c.claimed == "armoured")
    assert {under[part] for part in armoured.oryx} == {"Armoured Personnel Carriers"}
    artillery = next(c for c in equipment_classes() if c.claimed == "artillery")
    assert {under[part] for part in artillery.oryx} == {"Artillery Systems"}


@given(st.dates(dt.date(2022, 3, 1), dt.date(2026, 8, 8)))
@settings(max_examples=25, deadline=None)
def test_a_claim_of_a_day_is_the_same_seen_from_any_later_day(
    whole: Holdings, day: dt.date
) -> None:
    assert claimed(whole, str(day)) == claimed(whole, str(day), str(day))
