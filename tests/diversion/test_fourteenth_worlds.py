# SPDX-License-Identifier: Apache-2.0
"""The fourteenth family: a seed is a world, silent offices are silent, what is planted is booked."""

from functools import cache

import pyarrow.compute as pc
from worlds import fourteenth
from worlds.fifth import World

from bilat.goods.baskets import splices

FEW = fourteenth.Settings(banned_headings=0.4, secret=0.0, late_hubs=0)


@cache
def world(seed: int) -> World:
    """A world whose origins publish every code, made once."""
    return fourteenth.simulate(seed, FEW)


def test_a_seed_is_a_world() -> None:
    assert world(1).flows.equals(fourteenth.simulate(1, FEW).flows)
    assert world(1).routes == fourteenth.simulate(1, FEW).routes
    assert not world(1).flows.equals(world(2).flows)


def test_every_fourth_world_diverts_nothing() -> None:
    assert not world(4).routes
    assert all(world(seed).routes for seed in (1, 2))


def test_silent_hubs_publish_nothing_and_one_leaves_the_target_out() -> None:
    made = world(1)
    left_out = made.silent & set(made.flows["reporter"].unique().to_pylist())
    assert len(made.silent) == FEW.silent + 1
    assert len(left_out) == 1
    since = made.flows.filter(pc.field("period") >= fourteenth.SINCE)
    assert fourteenth.TARGET not in since["reporter"].unique().to_pylist()
    sales = since.filter((pc.field("flow") == "X") & (pc.field("partner") == fourteenth.TARGET))
    assert not left_out & set(sales["reporter"].unique().to_pylist())


def test_what_a_route_carried_was_sold_to_its_hub_by_the_origins() -> None:
    flows = world(1).flows
    bought_early = pc.field("period") >= fourteenth.MONTHS[fourteenth.BREAK - 3]
    origins = pc.field("reporter").isin(fourteenth.ORIGINS)
    sold = flows.filter(bought_early & origins & (pc.field("flow") == "X"))
    for (hub, code), amount in world(1).routes.items():
        rows = sold.filter((pc.field("partner") == hub) & (pc.field("product") == code))
        assert pc.sum(rows["value"]).as_py() >= 0.9 * amount  # rows below 1,000 USD are left out


def test_no_code_is_one_that_a_revision_replaced() -> None:
    codes = [code for goods in fourteenth.goods_of_industries().values() for code in goods]
    assert not set(codes) & set(splices())
