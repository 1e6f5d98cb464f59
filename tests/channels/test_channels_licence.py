# SPDX-License-Identifier: Apache-2.0
"""Local production in the register, and the states that join an exercise for the first time."""

from bilat.dyad import Dyad
from bilat.measures import ask, default_holdings
from bilat.verdicts.periods import reach

HELD = default_holdings()
PAIR = Dyad("RUS", "CHN")


def test_what_was_made_under_licence_and_what_was_imported_sum_to_what_was_delivered() -> None:
    whole = ask("transfers.deliveries", PAIR, holdings=HELD, pattern="Su-27|Su-30", total=True)
    split = ask(
        "transfers.deliveries", PAIR, holdings=HELD, pattern="Su-27|Su-30", total=True, by="licence"
    )
    groups = {p.group: p.value for p in split.points}
    assert groups == {"made under licence": 105, "imported": 175}
    assert sum(p.value or 0 for p in whole.points) == 280
    without = ask(
        "transfers.deliveries",
        PAIR,
        holdings=HELD,
        pattern="Su-27|Su-30",
        total=True,
        licence="without",
    )
    assert sum(p.value or 0 for p in without.points) == 175


def test_value_without_licence_is_less_where_kits_were_assembled_and_refused_where_only_sums_are_held() -> (
    None
):
    one, two = (
        {
            p.period: p.value
            for p in ask("transfers.tiv", PAIR, holdings=HELD, licence=x).points
            if p.group == "RUS>CHN"
        }
        for x in ("with", "without")
    )
    assert two["2006"] < one["2006"] and two["2018"] < one["2018"]  # type: ignore[operator]
    assert all(v <= (one[y] or 0) + 1e-9 for y, v in two.items() if v is not None)  # type: ignore[operator]
    refused = ask("transfers.tiv", Dyad("USA", "JPN"), holdings=HELD, licence="without")
    assert not refused.points and "sums only" in refused.note


def test_a_state_is_new_once() -> None:
    m = ask("exercises.firsts", PAIR, holdings=HELD)
    named = [s for p in m.points for s in p.note.split(";")[0].split(", ") if len(s) == 3]
    assert len(named) == len(set(named)) == sum(p.value or 0 for p in m.points)
    assert {"IRN", "ZAF"} <= set(named)


def test_a_year_of_firsts_is_whole_where_the_list_goes_on() -> None:
    """The list reaches years beyond the last state that was new: a sum over whole years misses none of them."""
    m = ask("exercises.firsts", PAIR, holdings=HELD)
    partial = {period for period, _ in reach(m).partial}
    ended = {p.period for p in m.points if p.period < str(m.as_of.date.year)}
    assert "2022" in ended and not partial & ended
    named = {p.period: p.note for p in m.points if p.value}
    assert named["2022"] == "AZE, DZA, LAO, NIC, SYR"
