# SPDX-License-Identifier: Apache-2.0
"""The thirteenth family: a seed is a world, silent offices are silent, what is planted is booked."""

from functools import cache

import pyarrow.compute as pc
from worlds import thirteenth
from worlds.fifth import World

from bilat.goods.baskets import splices

FEW = thirteenth.Settings(headings=6, banned_headings=0.9)


@cache
def world(seed: int) -> World:
    """A small world, made once."""
    return thirteenth.simulate(seed, FEW)


def test_a_seed_is_a_world() -> None:
    assert world(1).flows.equals(thirteenth.simulate(1, FEW).flows)
    assert world(1).routes == thirteenth.simulate(1, FEW).routes
    assert not world(1).flows.equals(world(2).flows)


def test_every_fourth_world_diverts_nothing() -> None:
    assert not world(4).routes
    assert all(world(seed).routes for seed in (1, 2, 3))


def test_silent_hubs_publish_nothing_and_one_leaves_the_target_out() -> None:
    made = world(1)
    reporters = set(made.flows["reporter"].unique().to_pylist())
    left_out = made.silent & reporters
    assert len(made.silent) == FEW.silent + 1
    assert len(left_out) == 1
    since = made.flows.filter(pc.field("period") >= thirteenth.SINCE)
    assert thirteenth.TARGET not in since["reporter"].unique().to_pylist()
    sales = since.filter((pc.field("flow") == "X") & (pc.field("partner") == thirteenth.TARGET))
    assert not left_out & set(sales["reporter"].unique().to_pylist())


def test_what_a_route_carried_was_sold_to_its_hub_or_to_an_entrepot() -> None:
    for seed in (1, 2):
        flows = world(seed).flows
        late = pc.field("period") >= thirteenth.SINCE
        origins = pc.field("reporter").isin(thirteenth.ORIGINS)
        sold = flows.filter(late & origins & (pc.field("flow") == "X"))
        for (hub, code), amount in world(seed).routes.items():
            buyers = pc.field("partner").isin({hub, *thirteenth.ENTREPOTS})
            rows = sold.filter(buyers & (pc.field("product") == code))
            assert (
                pc.sum(rows["value"]).as_py() >= 0.8 * amount
            )  # one origin's last months are late


def test_no_code_is_one_that_a_revision_replaced() -> None:
    assert not set(thirteenth.codes_of(thirteenth.Settings())) & set(splices())
