# SPDX-License-Identifier: Apache-2.0
"""The twelfth family: a seed is a world, silent offices are silent, what is planted is booked."""

from collections import defaultdict
from dataclasses import replace
from functools import cache

from worlds import twelfth
from worlds.fifth import World

from bilat.goods.baskets import splices

FEW = twelfth.Settings(goods=14, banned=0.9, untouched=0.0, diverted=(0.2, 0.3))


@cache
def world(seed: int) -> World:
    """A small world, made once."""
    return twelfth.simulate(seed, FEW)


@cache
def books(seed: int) -> dict[tuple[str, str, str, str], float]:
    """(reporter, partner, flow, code of 2017) -> USD since the ban."""
    out: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for row in world(seed).flows.to_pylist():
        if row["period"] >= twelfth.SINCE:
            code = splices().get(row["product"], row["product"])
            out[row["reporter"], row["partner"], row["flow"], code] += row["value"]
    return dict(out)


def test_a_seed_is_a_world() -> None:
    one, same, other = world(1), twelfth.simulate(1, FEW), world(2)
    assert one.flows.equals(same.flows)
    assert one.routes == same.routes
    assert not one.flows.equals(other.flows)


def test_goods_under_one_neighbouring_code_share_one_row() -> None:
    """Two goods of one heading may be sold under the same other code: the office books one sum."""
    renaming = replace(FEW, goods=60, neighbour=1.0)
    flows = twelfth.simulate(1, renaming).flows
    keys = flows.select(["reporter", "partner", "product", "period", "flow"])
    rows = [tuple(row.values()) for row in keys.to_pylist()]
    assert len(rows) == len(set(rows))


def test_every_third_world_diverts_nothing() -> None:
    assert not world(3).routes
    assert world(1).routes
    assert world(2).routes


def test_silent_hubs_publish_nothing_and_one_leaves_the_target_out() -> None:
    reporters = {who for who, *_ in books(1)}
    left_out = world(1).silent & reporters
    assert len(world(1).silent) == FEW.silent + 1
    assert len(left_out) == 1
    assert not any(a in left_out and b == twelfth.TARGET and f == "X" for a, b, f, _ in books(1))


def test_the_target_publishes_nothing_since_the_ban() -> None:
    assert twelfth.TARGET not in {who for who, *_ in books(1)}


def test_what_a_route_carried_was_sold_to_a_hub_before() -> None:
    """The origins sold at least as much to the hub, or to an entrepot that stands before it."""
    for seed in (1, 2):
        for (hub, code), amount in world(seed).routes.items():
            buyers = {hub, *twelfth.ENTREPOTS}
            sold = max(
                books(seed).get((a, b, "X", code), 0.0) for a in twelfth.ORIGINS for b in buyers
            )
            assert sold >= 0.9 * amount  # months below 500 USD are not published
