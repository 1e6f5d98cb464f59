# SPDX-License-Identifier: Apache-2.0
"""What the measures of this room keep beyond the contract of every measure."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilat.errors import UsageError
from bilat.measures import Measurement, ask, measures

ROOM = ("transfers", "exercises", "meetings", "contacts", "components")
NAMES = [n for n in measures() if n.split(".")[0] in ROOM]


#: Asked of what the first state delivers to the second.
DIRECTED = (
    "transfers.by_category",
    "transfers.deliveries",
    "transfers.orders",
)


def figures(
    m: Measurement,
) -> dict[tuple[str, str], tuple[float | None, float | None, float | None]]:
    """Value and bounds by period and group; a group left out of a sum is named in either order."""
    return {
        (p.period, p.group.replace("without CHN-RUS", "without RUS-CHN")): (p.value, p.low, p.high)
        for p in m.points
    }


#: Of what was found in the weapons of one state, whoever asks.
ONE_STATE = tuple(n for n in NAMES if n.startswith("components."))


@pytest.mark.parametrize("name", [n for n in NAMES if n not in (*DIRECTED, *ONE_STATE)])
def test_the_order_of_the_two_states_changes_no_figure_of_a_joint_matter(full, name) -> None:
    one, other = ask(name, holdings=full), ask(name, ("CHN", "RUS"), holdings=full)
    assert figures(one) and figures(one) == figures(other)


@pytest.mark.parametrize("name", ONE_STATE)
def test_what_is_of_one_state_answers_without_a_pair_and_refuses_one_in_either_order(
    full, name
) -> None:
    assert figures(ask(name, holdings=full))
    for states in (("RUS", "CHN"), ("CHN", "RUS")):
        with pytest.raises(UsageError, match=r"is about Russia, not about .*ask it without states"):
            ask(name, states, holdings=full)


@pytest.mark.parametrize("name", DIRECTED)
@pytest.mark.parametrize(("seller", "buyer"), [("RUS", "CHN"), ("CHN", "RUS")])
def test_what_has_a_direction_rests_on_deliveries_that_way_alone(full, name, seller, buyer) -> None:
    rows = ask(name, (seller, buyer), holdings=full).rows()
    assert {(r["supplier"], r["recipient"]) for r in rows} <= {(seller, buyer)}
    assert rows or (name, seller) == (
        "transfers.deliveries",
        "CHN",
    )  # no Chinese engine went to Russia


@given(st.lists(st.dates(dt.date(2003, 1, 1), dt.date(2026, 11, 24)), min_size=2, max_size=4))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_was_known_stays_known(full, days) -> None:
    seen = 0
    for day in sorted(days):
        rows = ask("exercises.count", as_of=day, holdings=full, inclusion="all").rows()
        now = len({r["event"] for r in rows})
        assert now >= seen
        seen = now
