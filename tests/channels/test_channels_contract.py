# SPDX-License-Identifier: Apache-2.0
"""What every measure of this room keeps: strict JSON, points that lead to rows, and no later knowledge."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bilat.measures import Measurement, ask, measures

ROOM = ("transfers", "exercises", "meetings", "contacts", "components")
NAMES = [n for n in measures() if n.split(".")[0] in ROOM or n == "dependence.substitution"]


def test_the_room_declares_its_measures() -> None:
    assert {
        "transfers.tiv", "transfers.by_category", "transfers.role_share", "transfers.partner_share",
        "transfers.exporter_share", "transfers.category_share", "transfers.deliveries", "transfers.orders",
        "exercises.count", "exercises.third_country_share", "exercises.complexity", "exercises.reach",
        "exercises.rate_ratio", "meetings.leaders", "contacts.military", "dependence.substitution",
        "components.by_country", "components.categories",
    } <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dyad", [("RUS", "CHN"), ("CHN", "RUS"), ("USA", "GBR"), ("TUV", "NRU")])
def test_any_dyad_gets_an_answer_in_strict_json(full, name, dyad) -> None:
    found = ask(name, dyad, holdings=full)
    text = json.dumps(found.to_json(), allow_nan=False)
    assert json.loads(text)["name"] == name
    assert found.unit and found.method and found.reference
    for p in found.points:
        assert p.kind in ("reported", "estimated", "derived", "modelled")
        if p.value is not None and p.low is not None and p.high is not None:
            assert p.low <= p.value <= p.high, p
    if not found.points:
        assert found.note


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_leads_to_rows_of_a_held_file(full, name) -> None:
    held = {e["sha256"] for e in full.entries()}
    found = ask(name, holdings=full)
    evidence = found.evidence.to_pylist()
    at = {(r["point"], r["grp"]) for r in evidence}
    for p in found.points:
        if p.value:
            assert (p.period, p.group) in at, p
    assert {r["snapshot"] for r in evidence} <= held
    assert all(r["locator"] and r["source"] for r in evidence)


#: Asked of what the first state delivers to the second.
DIRECTED = (
    "transfers.by_category", "transfers.by_role", "transfers.certainty", "transfers.deliveries",
    "transfers.orders", "transfers.revisions",
)  # fmt: skip


def figures(m: Measurement) -> dict[tuple[str, str], tuple[float | None, float | None, float | None]]:
    """Value and bounds by period and group; a group left out of a sum is named in either order."""
    return {
        (p.period, p.group.replace("without CHN-RUS", "without RUS-CHN")): (p.value, p.low, p.high)
        for p in m.points
    }


@pytest.mark.parametrize("name", [n for n in NAMES if n not in DIRECTED])
def test_the_order_of_the_two_states_changes_no_figure_of_a_joint_matter(full, name) -> None:
    one, other = ask(name, holdings=full), ask(name, ("CHN", "RUS"), holdings=full)
    assert figures(one) and figures(one) == figures(other)


@pytest.mark.parametrize("name", DIRECTED)
@pytest.mark.parametrize(("seller", "buyer"), [("RUS", "CHN"), ("CHN", "RUS")])
def test_what_has_a_direction_rests_on_deliveries_that_way_alone(full, name, seller, buyer) -> None:
    rows = ask(name, (seller, buyer), holdings=full).rows()
    assert {(r["supplier"], r["recipient"]) for r in rows} <= {(seller, buyer)}
    assert rows or (name, seller) == ("transfers.deliveries", "CHN")  # no Chinese engine went to Russia


@given(st.dates(dt.date(1950, 1, 1), dt.date(2026, 11, 24)))
@example(dt.date(1996, 1, 1))  # before the first year of any register
@example(dt.date(2020, 1, 1))  # before the date that divides the windows of a rate ratio
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_no_date_is_anything_known_that_came_later(full, day) -> None:
    for name in NAMES:
        for r in ask(name, as_of=day, holdings=full).evidence.select(["known_on", "period"]).to_pylist():
            assert r["known_on"] <= day, (name, r)
            assert r["period"] <= day.isoformat(), (name, r)


@given(st.lists(st.dates(dt.date(2003, 1, 1), dt.date(2026, 11, 24)), min_size=2, max_size=4))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_known_stays_known(full, days) -> None:
    seen = 0
    for day in sorted(days):
        rows = ask("exercises.count", as_of=day, holdings=full, inclusion="all").rows()
        now = len({r["event"] for r in rows})
        assert now >= seen
        seen = now
