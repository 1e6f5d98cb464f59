# SPDX-License-Identifier: Apache-2.0
"""Hubs before pairs: what the embedded exports say of each neighbour, what they say of other dates, and made-up hubs
whose growth is known."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bilat.diversion.answer import COUNTERFACTUALS
from bilat.diversion.document import document
from bilat.diversion.false_discoveries import benjamini_hochberg
from bilat.diversion.levels import base_weights, begins, growth_of
from bilat.diversion.search import Diversion, divert
from bilat.diversion.words import some_of
from bilat.errors import UsageError
from bilat.places import spoken_name


@pytest.fixture(scope="module")
def war() -> Diversion:
    return divert(origin="EU27", limit=5, cases=0)


def test_three_neighbours_surge_beyond_their_past_and_two_do_not(war: Diversion) -> None:
    by = {h.hub: h for h in war.hubs}
    assert {h for h, x in by.items() if x.flagged} == {"KGZ", "ARM", "KAZ"} == set(war.total.hubs)
    assert max(by["GEO"].swings, by["UZB"].swings) < min(by[h].swings for h in war.total.hubs)
    assert all("2022-03" <= (by[h].since or "") <= "2022-07" for h in war.total.hubs)
    assert by["KGZ"].times > by["ARM"].times > by["KAZ"].times > 2
    for h in (
        war.total.hubs
    ):  # goods that tripled, against the same goods about a break within the baseline
        hub = by[h]
        assert hub.tripled / hub.goods > 3 * hub.tripled_before / hub.goods_before


def test_the_total_is_a_range_over_four_counterfactuals_that_holds_what_others_published(
    war: Diversion,
) -> None:
    total = war.total
    assert set(total.rests_on) == set(COUNTERFACTUALS)
    assert total.low < 0.8e9 < total.high and total.lost is not None
    assert total.low < 0.07 * total.lost < total.high  # published: 5 to 10% of the fall
    for x in total.rests_on.values():
        assert x.low < x.value < x.high and abs(x.placebo or 0) < 0.4 * x.value


@pytest.mark.parametrize(
    ("since", "until"), [("2021-09", "2022-02"), ("2021-07", "2022-02"), ("2021-08", "2021-12")]
)
def test_dates_before_the_war_flag_no_hub(since: str, until: str) -> None:
    got = divert(origin="EU27", since=since, until=until, limit=0, cases=0)
    assert not any(h.flagged for h in got.hubs) and not got.groups and got.total.high == 0


def test_another_target_that_nobody_banned_has_no_surging_hub() -> None:
    got = divert(origin="EU27", target="KAZ", limit=0, cases=0)
    assert not any(h.flagged for h in got.hubs)


def test_goods_are_bought_as_ever_before_their_listing_and_threefold_after(war: Diversion) -> None:
    fourth = next(c for c in war.clocks if c.listed == "2022-03-15")
    ratio = {first: r for first, _, r, _, _ in fourth.ratios}
    assert 0.7 < ratio[-6] < 1.3 and 0.7 < ratio[-3] < 1.3 and ratio[3] > 2 and ratio[6] > 3


def test_groups_stand_under_flagged_hubs_alone_and_their_rate_is_cut_by_the_share_of_flagged_hubs(
    war: Diversion,
) -> None:
    assert {g.hub for g in war.groups} <= set(war.total.hubs)
    share = len(war.total.hubs) / len(war.hubs)
    assert all(g.flagged == (g.q_value <= 0.1 * share) for g in war.groups)
    assert {"chapter", "tier", "listed"} == {g.kind for g in war.groups} and any(
        g.flagged for g in war.groups
    )


def test_a_basket_is_a_branch_of_the_tree_and_a_hub_alone_has_the_headline() -> None:
    chips = divert(origin="EU27", basket_name="8542", limit=5, cases=0)
    assert [h.hub for h in chips.hubs if h.flagged] == ["KGZ"] and {
        r.product[:4] for r in chips.rows
    } == {"8542"}
    assert "KGZ" in {g.hub for g in chips.groups if g.flagged}
    alone = divert(origin="EU27", hubs=["KGZ"], limit=5, cases=0)
    assert [h.hub for h in alone.hubs] == ["KGZ"] and alone.total.hubs == ("KGZ",)
    made = document(alone)
    assert (
        made.title.startswith("Kyrgyzstan bought much more")
        and "Armenia" not in made.title + made.summary[0]
    )


def test_several_hubs_are_named_as_several_targets_are() -> None:
    joined = divert(origin="EU27", hubs=["GEO, Armenia"], limit=5, cases=0)
    each = divert(origin="EU27", hubs=["ARM", "GEO"], limit=5, cases=0)
    assert {h.hub for h in joined.hubs} == {"ARM", "GEO"}
    assert (joined.hubs, joined.total) == (each.hubs, each.total)
    with pytest.raises(UsageError, match="`hub` ',' names no country"):
        divert(origin="EU27", hubs=[","], limit=5, cases=0)


def series(hubs: int, months: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(months) / 12)
    return 1e6 * rng.lognormal(0, 1, (hubs, 1)) * season * rng.lognormal(0, 0.25, (hubs, months))


def test_p_values_of_hubs_without_a_surge_are_rarely_small_and_a_surge_is_certain() -> None:
    small = 0
    for seed in range(40):
        grown = growth_of(series(6, 36, seed), 26, 36, 12, 1e3)
        small += int((grown.p < 0.1).sum())
    assert small / 240 <= 0.1
    made = series(6, 36, 99)
    made[2, 27:] *= 5
    grown = growth_of(made, 26, 36, 12, 1e3)
    assert benjamini_hochberg(grown.p)[2] < 0.01 and grown.times[2] == pytest.approx(
        5 ** (9 / 10), rel=0.3
    )
    began = begins(grown.series[2], 26 - grown.first, [str(n) for n in range(12, 36)])
    assert began == "27"


def test_a_month_without_a_report_counts_on_neither_side() -> None:
    missing = np.zeros((1, 36), dtype=bool)
    missing[0, 30] = True
    values = np.full((1, 36), 10.0)
    values[0, 26:] = 20.0
    values[0, 30] = 0.0
    before, after = base_weights(26, 36, 12, missing)
    assert (values * before).sum() == pytest.approx(100) and (
        values * after
    ).sum() == pytest.approx(200)


@pytest.mark.parametrize(("rows", "is_taken_off"), [(9, False), (10, True)])
def test_what_ten_rows_have_in_common_is_no_growth_of_theirs(rows: int, is_taken_off: bool) -> None:
    """The docstring of ``growth_of`` says ten; of fewer rows a common rise is that of each."""
    made = series(rows, 36, 7)
    made[:, 26:] *= 4
    usual = float(np.median(growth_of(made, 26, 36, 12, 1e3).times))
    assert (usual < 1.5) is is_taken_off and (usual > 2.5) is not is_taken_off


@pytest.mark.parametrize("count", range(1, 9))
def test_a_list_of_hubs_counts_each_of_them_and_never_says_one_other(count: int) -> None:
    hubs = ["GEO", "KEN", "PER", "KGZ", "ARM", "KAZ", "TUR", "SRB"][:count]
    said = some_of(hubs)
    others = re.search(r"(\d+) other hubs", said)
    named = sum(spoken_name(hub) in said for hub in hubs)
    assert named + (int(others[1]) if others else 0) == count
    assert others is None or int(others[1]) >= 2
