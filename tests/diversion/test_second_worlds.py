# SPDX-License-Identifier: Apache-2.0
"""The second simulator: the same seed gives the same rows, codes are real, and what is planted is in the rows."""

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pycountry
import pytest
from worlds import second
from worlds.second_settings import CHANGES, WORLDS, World, codes
from worlds.second_trade import Stage

TINY = next(w for w in WORLDS if w.name == "yearly-tiny")
MONTHLY = replace(next(w for w in WORLDS if w.name == "monthly-tiny"), products=20)
EXACT = replace(TINY, noise=0.0, gross=0.0, products=40, routes=40)
NUMBER = {c.alpha_3: int(c.numeric) for c in pycountry.countries}


def flows(table: pa.Table) -> dict[tuple[int, int, int], dict[int, float]]:
    """(exporter, importer, product) -> period -> USD."""
    out: dict[tuple[int, int, int], dict[int, float]] = defaultdict(dict)
    for t, i, j, k, v in zip(*(table[c].to_pylist() for c in "tijkv"), strict=True):
        out[i, j, k][t] = v * 1e3
    return out


@pytest.mark.parametrize("world", [TINY, MONTHLY], ids=lambda w: w.name)
def test_a_seed_is_a_world(world: World) -> None:
    one, same, other = (second.simulate(world, seed) for seed in (3, 3, 4))
    assert one[0].equals(same[0]) and one[1] == same[1]
    assert not one[0].equals(other[0])


@pytest.mark.parametrize("world", [TINY, MONTHLY], ids=lambda w: w.name)
def test_rows_have_the_shape_of_baci(world: World) -> None:
    table, about = second.simulate(world, 5)
    assert table.column_names == list("tijkvq")
    numbers = set(table["i"].to_pylist()) | set(table["j"].to_pylist())
    assert numbers <= set(NUMBER.values()) and len(numbers) == world.countries
    assert {
        NUMBER[c] for c in (*about["question"]["origin"], about["question"]["target"])
    } <= numbers
    assert pc.all(pc.not_equal(table["i"], table["j"])).as_py()
    assert pc.min(table["v"]).as_py() > 0 and table["v"].null_count == 0
    assert 0.08 < table["q"].null_count / table.num_rows < 0.16
    keys = table.group_by(list("tijk")).aggregate([([], "count_all")])
    assert keys.num_rows == table.num_rows
    t = np.unique(table["t"].to_numpy())
    years = range(world.first, world.last + 1)
    assert list(t) == (
        [y * 100 + m for y in years for m in range(1, 13)] if world.monthly else list(years)
    )


@pytest.mark.parametrize(
    "world",
    [EXACT, replace(MONTHLY, noise=0.0, gross=0.0, code_changes=False)],
    ids=lambda w: w.name,
)
def test_what_is_planted_is_in_the_rows_and_nothing_else_moves(world: World) -> None:
    table, about = second.simulate(world, 8)
    with_routes, without = flows(table), flows(second.simulate(world, 8, planted=False)[0])
    assert about["truth"]
    target = NUMBER[world.target]
    may_differ = set()
    for r in about["truth"]:
        hub, k = NUMBER[r["hub"]], int(r["product"])
        legs_in = [(NUMBER[m], hub, k) for m in r["from"]]
        may_differ |= {(hub, target, k), *legs_in}

        def added(pair: tuple[int, int, int]) -> dict[int, float]:
            was = without.get(pair, {})
            return {t: v - was.get(t, 0.0) for t, v in with_routes.get(pair, {}).items()}

        out = added((hub, target, k))
        assert sum(out.values()) == pytest.approx(r["usd"] * r["markup"], rel=0.01, abs=20)
        sent = sum(sum(added(pair).values()) for pair in legs_in)
        assert sent * (1 - r["kept"]) >= r["usd"] * 0.99 - 60
        assert all(
            v < 5
            for leg in (*legs_in, (hub, target, k))
            for t, v in added(leg).items()
            if t < r["first"]
        )
    changed = {pair for pair in with_routes | without if with_routes.get(pair) != without.get(pair)}
    assert changed and changed <= may_differ


def test_nobody_diverts_more_than_was_lost() -> None:
    world = replace(EXACT, share=(0.5, 0.9), routes=200)
    _, about = second.simulate(world, 2)
    shares: dict[str, float] = defaultdict(float)
    for r in about["truth"]:
        shares[r["product"]] += r["share"]
        assert r["hub"] not in {*world.coalition, world.target}
        assert about["sanctioned"][r["product"]] <= r["first"]
    assert max(shares.values()) <= 0.951


def test_the_direct_trade_of_sanctioned_products_falls_and_the_others_mostly_do_not() -> None:
    world = replace(EXACT, countries=30, products=200)
    table, about = second.simulate(world, 6, planted=False)
    listed = {int(k) for k, year in about["sanctioned"].items() if year <= 2022}
    sums: dict[tuple[bool, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    origin, target = {NUMBER[c] for c in world.coalition}, NUMBER[world.target]
    for (i, j, k), years in flows(table).items():
        if i in origin and j == target:
            for year in (2021, 2023):
                sums[k in listed, k][year] += years.get(year, 0.0)
    ratio = {
        side: np.median(
            [v[2023] / v[2021] for (s, _), v in sums.items() if s == side and v[2021] > 2e5]
        )
        for side in (True, False)
    }
    assert ratio[True] < 0.5 < ratio[False]


def test_new_codes_take_the_place_of_old_ones() -> None:
    world = replace(TINY, code_changes=True, routes=120, since="2022-01", holes=2)
    table, about = second.simulate(world, 9)
    new = {c for pair in CHANGES.values() for c, _ in pair}
    seen = {
        (t >= 2022, k) for t, k in zip(table["t"].to_pylist(), table["k"].to_pylist(), strict=True)
    }
    assert {(False, k) for k in CHANGES} <= seen and {(True, k) for k in new} <= seen
    assert not {(True, k) for k in CHANGES} & seen and not {(False, k) for k in new} & seen
    assert not {r["product"] for r in about["truth"]} & {f"{k:06d}" for k in CHANGES}
    assert about["new_codes"]["854151"] == "854150"
    for state, year in about["holes"]:
        assert not pc.any(
            pc.and_(pc.equal(table["i"], NUMBER[state]), pc.equal(table["t"], year))
        ).as_py()


def test_every_named_world_can_be_staged() -> None:
    assert len({w.name for w in WORLDS}) == len(WORLDS) >= 12
    assert {w.target for w in WORLDS} >= {"RUS", "IRN", "BLR", "SYR"}
    for world in WORLDS:
        stage = Stage(world, 1)
        assert len(stage.names) == world.countries and all(c in NUMBER for c in stage.names)
        assert not set(stage.third) & {stage.target, *stage.coal}
    assert len(codes()) == len(set(codes())) == 800 and set(CHANGES) <= set(codes())


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "ATL"},
        {"countries": 5},
        {"products": 801},
        {"since": "2017-05"},
        {"since": "2031-01"},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="yearly-tiny"):
        second.simulate(replace(TINY, **wrong), 1)


def test_the_command_line_writes_table_and_truth(tmp_path: Path) -> None:
    out = tmp_path / "w.parquet"
    second.main(["yearly-tiny", "1", str(out)])
    about = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert about["question"] == {"origin": sorted(TINY.coalition), "target": "RUS", "since": "2022"}
    table, again = second.simulate(TINY, 1)
    assert pq.read_table(out).equals(table) and about["truth"] == again["truth"]
    with pytest.raises(SystemExit, match="NAME"):
        second.main(["no-such-world", "1", str(out)])
